/**
 * Jobs that are kept in memory instead of a Redis, with what becomes of them.
 */
@NullMarked
package io.rq.test.recording;

import org.jspecify.annotations.NullMarked;
