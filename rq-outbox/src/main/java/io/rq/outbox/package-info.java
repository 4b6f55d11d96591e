/**
 * The outbox on db-scheduler: jobs are rows of its table until they are in Redis. Who
 * commits asks the scheduler of the same process to look at once; that of any process
 * finds what is left behind by one that is gone. A job is enqueued once because Redis
 * knows, by the name of its row, that it has been.
 */
@NullMarked
package io.rq.outbox;

import org.jspecify.annotations.NullMarked;
