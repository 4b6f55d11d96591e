/**
 * Benchmarks of what is not public in the package of the same name.
 */
@NullMarked
package io.rq.redis;

import org.jspecify.annotations.NullMarked;
