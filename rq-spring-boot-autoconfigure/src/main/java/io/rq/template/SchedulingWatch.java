package io.rq.template;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

import io.rq.job.Job;
import io.rq.job.JobStatus;
import io.rq.job.RateLimit;
import io.rq.job.Repeat;
import io.rq.job.Retry;
import io.rq.log.SafeLog;
import io.rq.redis.SchedulerStore;

/**
 * Warns who enqueues jobs that need a scheduler for a queue that has none, or rate limits
 * where workers know none. Redis is asked at most once a minute for each queue, and only
 * on behalf of such jobs; a warning is not repeated until a scheduler has been seen in
 * between.
 */
public class SchedulingWatch {

	private static final SafeLog log = SafeLog.of(SchedulingWatch.class);

	private static final Duration INTERVAL = Duration.ofMinutes(1);

	/** Names of queues may be made up by the thousand. */
	private static final int MAX_QUEUES = 1000;

	private final SchedulerStore store;

	private final Predicate<String> servedHere;

	private final Predicate<String> knowsNoLimits;

	private final LongSupplier nanoTime;

	private final Looks schedulers = new Looks();

	private final Looks workers = new Looks();

	private volatile boolean on;

	/**
	 * Creates a watch that is not {@linkplain #begin() begun}.
	 * @param store tells whether somebody holds a queue's lock
	 * @param servedHere tells whether a scheduler of this application looks after a
	 * queue, elected or not
	 * @param knowsNoLimits tells whether a worker of a queue knows no rate limits
	 */
	public SchedulingWatch(SchedulerStore store, Predicate<String> servedHere, Predicate<String> knowsNoLimits) {
		this(store, servedHere, knowsNoLimits, System::nanoTime);
	}

	SchedulingWatch(SchedulerStore store, Predicate<String> servedHere, Predicate<String> knowsNoLimits,
			LongSupplier nanoTime) {
		this.store = store;
		this.servedHere = servedHere;
		this.knowsNoLimits = knowsNoLimits;
		this.nanoTime = nanoTime;
	}

	/**
	 * Begins to watch. Not before the schedulers of this application have been started,
	 * or they would be missed.
	 */
	public void begin() {
		this.on = true;
	}

	void enqueued(Collection<Job> jobs) {
		if (this.on) {
			for (Job job : jobs) {
				if (job.status() == JobStatus.SCHEDULED) {
					look(job, "job {}, which is due later,");
				}
				else if (isRepeatedLater(job)) {
					look(job, "each repetition of job {} that is not to run at once");
				}
				else if (isRetriedLater(job)) {
					look(job, "each retry of job {} that is not to run at once");
				}
				lookAtLimit(job);
			}
		}
	}

	/**
	 * Takes note that a job has failed and is tried again, whoever has enqueued it.
	 * @param job the job as it was before
	 */
	public void retried(Job job) {
		if (this.on && isRetriedLater(job)) {
			look(job, "job {}, which has failed and is not to be tried again at once,");
		}
	}

	private static boolean isRepeatedLater(Job job) {
		Repeat repeat = job.options().repeat();
		return repeat != null && repeat.isDelayed();
	}

	private static boolean isRetriedLater(Job job) {
		Retry retry = job.options().retry();
		return retry != null && retry.isDelayed();
	}

	/** Looks on behalf of a job; the text has a place for its id. */
	private void look(Job job, String waiting) {
		String queue = job.queue();
		if (!this.schedulers.isTimeFor(queue)) {
			return;
		}
		if (this.servedHere.test(queue) || isLed(queue)) {
			this.schedulers.told.remove(queue);
		}
		else if (this.schedulers.told.add(queue)) {
			log.warn("No scheduler looks after queue {} now: " + waiting + " waits until one does. Let a worker of the "
					+ "queue run with its scheduler ('rq.worker.with-scheduler', on by default), or set "
					+ "'rq.worker.with-scheduler' to true and 'rq.scheduler.queues' to this queue in any "
					+ "application on the same Redis", queue, job.id());
		}
	}

	private void lookAtLimit(Job job) {
		RateLimit limit = job.rateLimit();
		if (limit != null && limit.window() == null) {
			lookAtWorkers(job);
		}
		else if (limit != null && job.status() == JobStatus.RATE_LIMITED) {
			look(job, "job {}, whose rate limit lets it start later,");
		}
	}

	private void lookAtWorkers(Job job) {
		String queue = job.queue();
		try {
			if (this.workers.isTimeFor(queue) && this.knowsNoLimits.test(queue) && this.workers.told.add(queue)) {
				log.warn("A worker of RQ before 3 is registered on queue {}: it knows no rate limits, so what it runs "
						+ "of jobs such as {} keeps others waiting until maintenance looks, and it quits where such "
						+ "a job waits. Run RQ 3 there, or enqueue jobs with a limit on another queue", queue,
						job.id());
			}
		}
		catch (RuntimeException ex) {
			log.debug("Could not find out which workers serve queue {}", queue, ex);
		}
	}

	private boolean isLed(String queue) {
		try {
			return this.store.isLed(queue);
		}
		catch (RuntimeException ex) {
			log.debug("Could not find out whether a scheduler looks after queue {}", queue, ex);
			return true;
		}
	}

	/**
	 * When who looks after queues is looked at next, and of which nobody has been told.
	 */
	private final class Looks {

		private final Map<String, Long> next = new ConcurrentHashMap<>();

		private final Set<String> told = ConcurrentHashMap.newKeySet();

		boolean isTimeFor(String queue) {
			long now = SchedulingWatch.this.nanoTime.getAsLong();
			Long time = this.next.get(queue);
			if (time != null && now - time < 0 || time == null && this.next.size() >= MAX_QUEUES) {
				return false;
			}
			this.next.put(queue, now + INTERVAL.toNanos());
			return true;
		}

	}

}
