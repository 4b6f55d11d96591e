/**
 * Enqueues jobs again and again: at the times of an expression, or after an interval. A
 * {@link io.rq.cron.CronDuty duty} of the elected scheduler of the jobs' queue, so that
 * of all nodes one fires; knows no worker.
 *
 * <h2>Once per occurrence</h2>
 *
 * Every node computes the same occurrences from the same schedule and the same state in
 * Redis: the occurrence that was settled last. {@code cron-fire.lua} looks at the
 * scheduler's lock and at that state again, so of two that believe to lead, or of two
 * deliveries of one call, one enqueues. The clock of Redis says what is due, as for due
 * jobs, so the clocks of the nodes do not matter.
 */
@NullMarked
package io.rq.cron;

import org.jspecify.annotations.NullMarked;
