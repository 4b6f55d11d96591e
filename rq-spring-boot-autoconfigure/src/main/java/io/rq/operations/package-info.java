/**
 * The one command set of the people who look after queues: what they read, what they do
 * to jobs, queues, workers and cron jobs, who may do it, and the record of who did. The
 * endpoint, the dashboard and the command line only translate it. Writes nothing itself
 * but that record: all else goes through the operations of {@code template} and
 * {@code cron}.
 */
@NullMarked
package io.rq.operations;

import org.jspecify.annotations.NullMarked;
