/**
 * The domain's view of what is in Redis: queues, and the registries of the jobs that are
 * not on one.
 */
@NullMarked
package io.rq.queue;

import org.jspecify.annotations.NullMarked;
