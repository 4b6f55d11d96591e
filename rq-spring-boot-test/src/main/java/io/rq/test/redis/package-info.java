/**
 * Jobs on a real Redis, for tests of the engine itself.
 */
@NullMarked
package io.rq.test.redis;

import org.jspecify.annotations.NullMarked;
