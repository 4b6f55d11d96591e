package io.rq.cron;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

import io.rq.job.JobRequest;
import io.rq.job.NewJob;
import io.rq.log.SafeLog;
import io.rq.redis.SchedulerStore.SchedulerIdentity;

/**
 * The cron jobs of this application, by name. Safe for use by many threads.
 */
public class CronJobs {

	private static final SafeLog log = SafeLog.of(CronJobs.class);

	private final Map<String, CronJob> jobs = new ConcurrentHashMap<>();

	private volatile @Nullable List<Prepared> prepared;

	private final Function<JobRequest, NewJob> preparation;

	/**
	 * Creates the registry.
	 * @param preparation makes jobs of requests without storing them
	 */
	public CronJobs(Function<JobRequest, NewJob> preparation) {
		this.preparation = preparation;
	}

	/**
	 * Adds a cron job.
	 * @param job the cron job
	 * @throws IllegalStateException if another one has its name
	 */
	public void register(CronJob job) {
		CronJob other = this.jobs.putIfAbsent(job.name(), job);
		Assert.state(other == null, () -> "Two cron jobs are named '" + job.name() + "': one is due " + other.schedule()
				+ ", one " + job.schedule() + ". Give one of them another name");
		this.prepared = null;
		if (job.schedule().fields().restrictsBothDays()) {
			log.warn("Cron job '{}' restricts both day fields ({}): it is due when both match, as in Spring. "
					+ "For RQ and cron it would be due when either does", job.name(), job.schedule());
		}
	}

	/**
	 * Returns the cron jobs with what they enqueue.
	 * @return the cron jobs, sorted by name
	 * @throws RuntimeException if a request cannot be enqueued, with the reason
	 */
	public List<Prepared> all() {
		List<Prepared> known = this.prepared;
		if (known == null) {
			known = this.jobs.values().stream().sorted(Comparator.comparing(CronJob::name)).map(this::prepare).toList();
			this.prepared = known;
		}
		return known;
	}

	private Prepared prepare(CronJob job) {
		try {
			return new Prepared(job, this.preparation.apply(job.request()));
		}
		catch (RuntimeException ex) {
			throw new IllegalStateException(
					"Cron job '" + job.name() + "' cannot be enqueued: " + ex.getMessage() + ". Mend its request", ex);
		}
	}

	@Nullable Prepared find(String name) {
		return all().stream().filter((prepared) -> prepared.job().name().equals(name)).findFirst().orElse(null);
	}

	/**
	 * Returns the queues that jobs of the cron jobs go to.
	 * @return the names
	 */
	public List<String> queues() {
		return all().stream().map(Prepared::queue).distinct().toList();
	}

	/**
	 * Says which cron jobs nobody fires because RQ's own scheduler leads their queue: it
	 * does not know them.
	 * @param queue the queue's name
	 * @param holder the name of the scheduler that holds the queue's lock
	 * @return a sentence with the remedy, or {@code null} if there are none
	 */
	public @Nullable String warning(String queue, String holder) {
		if (SchedulerIdentity.isOurs(holder)) {
			return null;
		}
		List<String> names = all().stream()
			.filter((prepared) -> prepared.queue().equals(queue))
			.map((prepared) -> prepared.job().name())
			.toList();
		return names.isEmpty() ? null
				: "Cron jobs " + names + " of queue '" + queue + "' are not fired: RQ's own scheduler holds the "
						+ "queue's scheduler lock and does not know them. Run Python's workers of this queue without "
						+ "--with-scheduler, or give these cron jobs another queue";
	}

	/**
	 * Returns the occurrences within some time, each of them, not put off by their
	 * jitter.
	 * @param after the moment after which they are
	 * @param upTo the last moment that counts
	 * @return the occurrences in their order
	 */
	public List<Fired> between(Instant after, Instant upTo) {
		List<Fired> fired = new ArrayList<>();
		for (Prepared prepared : all()) {
			CronJob job = prepared.job();
			for (Instant next = job.next(after); next != null && !next.isAfter(upTo); next = job.next(next)) {
				fired.add(new Fired(next, job(job, job.jobId(prepared.queue(), next))));
			}
		}
		fired.sort(Comparator.comparing(Fired::occurrence));
		return fired;
	}

	/** The job of an occurrence. */
	NewJob job(CronJob job, String id) {
		return this.preparation.apply(job.request().id(id));
	}

	/**
	 * An occurrence of a cron job.
	 *
	 * @param occurrence when it is
	 * @param job the job, which is not enqueued
	 */
	public record Fired(Instant occurrence, NewJob job) {

	}

	/**
	 * A cron job with what it enqueues.
	 *
	 * @param job the cron job
	 * @param sample a job of it, which is not enqueued
	 */
	public record Prepared(CronJob job, NewJob sample) {

		/**
		 * Returns the queue that its jobs go to.
		 * @return the queue's name
		 */
		public String queue() {
			return this.sample.job().queue();
		}

	}

}
