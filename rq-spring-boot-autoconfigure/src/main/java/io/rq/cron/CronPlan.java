package io.rq.cron;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Which occurrence of a cron job is to be settled next, when, and whether with a job.
 *
 * @param occurrence the occurrence, or {@code null} if there is none any more
 * @param due when it is due
 * @param fires whether with a job
 */
record CronPlan(@Nullable Instant occurrence, Instant due, boolean fires) {

	/** What is fired later than this was missed. */
	static final Duration GRACE = Duration.ofMinutes(1);

	/**
	 * Plans.
	 * @param job the cron job
	 * @param last the occurrence that was settled last
	 * @param resumed when the last pause ended: what was due before is not made up for
	 * @param now the time of Redis
	 */
	static CronPlan of(CronJob job, Instant last, Instant resumed, Instant now) {
		Instant first = job.next(last);
		if (first == null) {
			return new CronPlan(null, Instant.MAX, false);
		}
		boolean each = job.misfire() == MisfirePolicy.ALL;
		if (job.due(first).isAfter(now) || each && first.isAfter(resumed)) {
			return new CronPlan(first, job.due(first), true);
		}
		Instant upTo = now.minus(job.jitter());
		Instant latest = job.latest(last, (each && resumed.isBefore(upTo)) ? resumed : upTo);
		Instant chosen = (latest != null && latest.isAfter(first)) ? latest : first;
		if (!each && isMissed(job, first, last, now)) {
			Instant next = job.next(chosen);
			while (next != null && !job.due(next).isAfter(now)) {
				chosen = next;
				next = job.next(chosen);
			}
		}
		boolean late = job.misfire() == MisfirePolicy.SKIP && isMissed(job, chosen, last, now);
		return new CronPlan(chosen, job.due(chosen), chosen.isAfter(resumed) && !late);
	}

	/** One before it may be put off for longer, and it waits for that. */
	private static boolean isMissed(CronJob job, Instant occurrence, Instant last, Instant now) {
		Instant due = job.due(occurrence);
		Instant before = last.plus(job.jitter());
		return (due.isAfter(before) ? due : before).plus(GRACE).isBefore(now);
	}

}
