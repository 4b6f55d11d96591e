package io.rq.cron;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.SplittableRandom;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

import io.rq.job.JobOptions;
import io.rq.job.JobRequest;

/**
 * A job that is enqueued again and again. Declared as a bean, or by {@code @RqCron} at a
 * method. Immutable; each method returns a changed copy.
 *
 * <pre class="code">
 * &#64;Bean
 * CronJob report() {
 * 	return CronJob.of("report", JobRequest.of(ReportJobs::write, "sales"), Schedule.cron("0 7 * * MON"))
 * 		.misfire(MisfirePolicy.SKIP);
 * }
 * </pre>
 *
 * @param name its name, unique in the application, and on its queue among all
 * applications
 * @param request what is enqueued
 * @param schedule when
 * @param misfire what becomes of occurrences that nobody could fire in time
 * @param overlap what becomes of an occurrence while the last job has not ended
 * @param jitter by how much an occurrence may be put off, at random and less than this
 * @param until the end: nothing is due after it; or {@code null} for none
 */
public record CronJob(String name, JobRequest request, Schedule schedule, MisfirePolicy misfire, OverlapPolicy overlap,
		Duration jitter, @Nullable Instant until) {

	private static final int LONGEST_NAME = 200;

	/** So much of the name stands in the ids of jobs. */
	private static final int SHOWN = 60;

	/**
	 * Validates the values.
	 * @throws IllegalArgumentException if the name has a character that may not be in it,
	 * the request says when or where its job is to be beside the schedule and the queue,
	 * or the jitter is negative
	 */
	public CronJob {
		Assert.notNull(request, "'request' must not be null");
		Assert.notNull(schedule, "'schedule' must not be null");
		Assert.notNull(misfire, "'misfire' must not be null");
		Assert.notNull(overlap, "'overlap' must not be null");
		Assert.notNull(jitter, "'jitter' must not be null");
		String given = name;
		Assert.isTrue(isValid(name), () -> "Cron job name '" + given + "' is malformed: use 1 to " + LONGEST_NAME
				+ " letters, digits and punctuation, without colons, braces and spaces");
		Assert.isTrue(request.target().id() == null && !request.target().unique(), () -> "The request of cron job '"
				+ given + "' chooses an id: leave it out, each occurrence has its own");
		Assert.isTrue(request.target().due() == null,
				() -> "The request of cron job '" + given + "' chooses a due time: leave it out, the schedule tells");
		Assert.isTrue(request.options().links().dependencyIds().isEmpty(), () -> "The request of cron job '" + given
				+ "' depends on other jobs: leave them out, each occurrence is enqueued when it is due");
		Assert.isTrue(request.options().links().group() == null, () -> "The request of cron job '" + given
				+ "' joins a group: leave it out, a group is for jobs that are enqueued together");
		Assert.isTrue(request.target().orderingKey() == null, () -> "The request of cron job '" + given
				+ "' has an ordering key: leave it out, cron jobs are not on partitions but on their queue itself");
		Assert.isTrue(!jitter.isNegative(), () -> "'jitter' must not be negative but is " + jitter);
		JobOptions.requireNotTooLong("jitter", jitter);
	}

	private static boolean isValid(@Nullable String name) {
		return name != null && !name.isEmpty() && name.length() <= LONGEST_NAME
				&& name.chars().allMatch((c) -> c > ' ' && c != ':' && c != '{' && c != '}' && c != '\u007f');
	}

	/**
	 * Returns a cron job that makes up once for what was missed, allows overlaps, and is
	 * due at the very times of its schedule, for ever.
	 * @param name its name, unique in the application, and on its queue among all
	 * applications: letters, digits and punctuation without colons and braces
	 * @param request what is enqueued, without an id, a due time, an ordering key, a
	 * group and other jobs to wait for
	 * @param schedule when
	 * @return the cron job
	 * @throws IllegalArgumentException if the name or the request cannot be used
	 */
	public static CronJob of(String name, JobRequest request, Schedule schedule) {
		return new CronJob(name, request, schedule, MisfirePolicy.ONCE, OverlapPolicy.ALLOW, Duration.ZERO, null);
	}

	/**
	 * Chooses what becomes of occurrences that nobody could fire in time.
	 * @param policy the policy
	 * @return a new cron job
	 */
	public CronJob misfire(MisfirePolicy policy) {
		return new CronJob(this.name, this.request, this.schedule, policy, this.overlap, this.jitter, this.until);
	}

	/**
	 * Chooses what becomes of an occurrence while the last job has not ended.
	 * @param policy the policy
	 * @return a new cron job
	 */
	public CronJob overlap(OverlapPolicy policy) {
		return new CronJob(this.name, this.request, this.schedule, this.misfire, policy, this.jitter, this.until);
	}

	/**
	 * Chooses by how much occurrences are put off at random, so that not all cron jobs of
	 * the world are due at midnight.
	 * @param longest more than an occurrence is put off
	 * @return a new cron job
	 * @throws IllegalArgumentException if it is negative
	 */
	public CronJob jitter(Duration longest) {
		return new CronJob(this.name, this.request, this.schedule, this.misfire, this.overlap, longest, this.until);
	}

	/**
	 * Chooses an end.
	 * @param end the last moment at which an occurrence may be
	 * @return a new cron job
	 */
	public CronJob until(Instant end) {
		return new CronJob(this.name, this.request, this.schedule, this.misfire, this.overlap, this.jitter, end);
	}

	/** The first occurrence after the last one, or {@code null} if there is none. */
	@Nullable Instant next(Instant last) {
		Instant next = this.schedule.next(last);
		return (next != null && this.until != null && next.isAfter(this.until)) ? null : next;
	}

	/** The last occurrence up to some moment, or {@code null} if there is none. */
	@Nullable Instant latest(Instant last, Instant upTo) {
		return this.schedule.latest(last, (this.until != null && upTo.isAfter(this.until)) ? this.until : upTo);
	}

	/** When an occurrence is due: the same on all nodes, however it is put off. */
	Instant due(Instant occurrence) {
		long longest = this.jitter.toMillis();
		if (longest == 0) {
			return occurrence;
		}
		long seed = 31L * this.name.hashCode() + occurrence.toEpochMilli();
		return occurrence.plusMillis(new SplittableRandom(seed).nextLong(longest));
	}

	/** The id of the job of an occurrence: the same on all nodes. */
	String jobId(String queue, Instant occurrence) {
		String shown = this.name.replaceAll("[^A-Za-z0-9_-]", "-");
		return String.format(Locale.ROOT, "cron-%s-%08x-%d", shown.substring(Math.max(0, shown.length() - SHOWN)),
				(queue + ":" + this.name).hashCode(), occurrence.toEpochMilli());
	}

}
