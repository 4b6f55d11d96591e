/**
 * The words for what is in Redis: a queue with the registries of its jobs, the workers
 * and schedulers on record, a job taken from a worker that is gone. Values only.
 */
@NullMarked
package io.rq.queue;

import org.jspecify.annotations.NullMarked;
