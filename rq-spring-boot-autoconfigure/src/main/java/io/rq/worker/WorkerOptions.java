package io.rq.worker;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

import org.springframework.util.Assert;

import io.rq.job.JobDefaults;
import io.rq.job.JobOptions;
import io.rq.job.Partitions;
import io.rq.job.QueueName;
import io.rq.lifecycle.Recovery;
import io.rq.redis.Retention;

/**
 * How a worker container works.
 *
 * @param name the worker's name, unique among all workers on one Redis
 * @param queues the queues in the order of their priority; none for those of the
 * handlers, as they are known when the worker starts
 * @param concurrency how many jobs run at a time, at least 1
 * @param strategy the order in which jobs are taken from several queues
 * @param limits when the worker stops by itself
 * @param timing its rhythms
 * @param defaults what holds for jobs that do not say so themselves
 * @param partitions the queues that are divided: with one of these all its partitions are
 * among the queues
 */
public record WorkerOptions(String name, List<String> queues, int concurrency, DequeueStrategy strategy, Limits limits,
		Timing timing, Defaults defaults, Partitions partitions) {

	/**
	 * Validates the values.
	 * @throws IllegalArgumentException if one makes no sense; the message names it
	 */
	public WorkerOptions {
		Assert.hasText(name, "'name' of a worker must not be empty");
		Assert.isTrue(name.indexOf(':') < 0,
				() -> "'name' of a worker must not contain ':', which separates the parts of keys in Redis, but is '"
						+ name + "'");
		Assert.isTrue(concurrency >= 1, () -> "'concurrency' must be at least 1 but is " + concurrency);
		queues = partitions.of(queues);
		queues.forEach(QueueName::requireValid);
	}

	/**
	 * Creates options with RQ's defaults for everything not named.
	 * @param name the worker's name
	 * @param queues the queues in the order of their priority; none for those of the
	 * handlers
	 * @return the options
	 */
	public static WorkerOptions of(String name, String... queues) {
		return new WorkerOptions(name, List.of(queues), 10, DequeueStrategy.DEFAULT, Limits.NONE, Timing.DEFAULT,
				Defaults.RQ, Partitions.NONE);
	}

	/**
	 * Returns these options with another name.
	 * @param value the worker's name
	 * @return new options
	 */
	public WorkerOptions withName(String value) {
		return new WorkerOptions(value, this.queues, this.concurrency, this.strategy, this.limits, this.timing,
				this.defaults, this.partitions);
	}

	/**
	 * Returns these options with other queues.
	 * @param value the queues in the order of their priority; none for those of the
	 * handlers
	 * @return new options
	 */
	public WorkerOptions withQueues(List<String> value) {
		return new WorkerOptions(this.name, value, this.concurrency, this.strategy, this.limits, this.timing,
				this.defaults, this.partitions);
	}

	/**
	 * Returns these options with another concurrency.
	 * @param value how many jobs run at a time
	 * @return new options
	 */
	public WorkerOptions withConcurrency(int value) {
		return new WorkerOptions(this.name, this.queues, value, this.strategy, this.limits, this.timing, this.defaults,
				this.partitions);
	}

	/**
	 * Returns these options with another order over the queues.
	 * @param value the order
	 * @return new options
	 */
	public WorkerOptions withStrategy(DequeueStrategy value) {
		return new WorkerOptions(this.name, this.queues, this.concurrency, value, this.limits, this.timing,
				this.defaults, this.partitions);
	}

	/**
	 * Returns these options with other limits.
	 * @param value the limits
	 * @return new options
	 */
	public WorkerOptions withLimits(Limits value) {
		return new WorkerOptions(this.name, this.queues, this.concurrency, this.strategy, value, this.timing,
				this.defaults, this.partitions);
	}

	/**
	 * Returns these options with another timing.
	 * @param value the timing
	 * @return new options
	 */
	public WorkerOptions withTiming(Timing value) {
		return new WorkerOptions(this.name, this.queues, this.concurrency, this.strategy, this.limits, value,
				this.defaults, this.partitions);
	}

	/**
	 * Returns these options with other defaults for jobs.
	 * @param value the defaults
	 * @return new options
	 */
	public WorkerOptions withDefaults(Defaults value) {
		return new WorkerOptions(this.name, this.queues, this.concurrency, this.strategy, this.limits, this.timing,
				value, this.partitions);
	}

	/**
	 * Returns these options with divided queues.
	 * @param value the queues that are divided
	 * @return new options
	 */
	public WorkerOptions withPartitions(Partitions value) {
		return new WorkerOptions(this.name, this.queues, this.concurrency, this.strategy, this.limits, this.timing,
				this.defaults, value);
	}

	/**
	 * When a worker stops by itself.
	 *
	 * @param burst whether it stops when its queues are empty
	 * @param maxJobs after how many jobs it stops, 0 for never
	 * @param maxIdleTime after how long without a job it stops, zero for never
	 */
	public record Limits(boolean burst, long maxJobs, Duration maxIdleTime) {

		/** A worker that runs until it is stopped. */
		public static final Limits NONE = new Limits(false, 0, Duration.ZERO);

		/**
		 * Validates the values.
		 * @throws IllegalArgumentException if the idle time is negative or longer than
		 * {@link JobOptions#LONGEST}
		 */
		public Limits {
			Assert.isTrue(!maxIdleTime.isNegative(), () -> "'maxIdleTime' must not be negative but is " + maxIdleTime);
			JobOptions.requireNotTooLong("maxIdleTime", maxIdleTime);
		}

		/**
		 * Creates limits for a worker that may be idle as long as it likes.
		 * @param burst whether it stops when its queues are empty
		 * @param maxJobs after how many jobs it stops, 0 for never
		 */
		public Limits(boolean burst, long maxJobs) {
			this(burst, maxJobs, Duration.ZERO);
		}

	}

	/**
	 * The rhythms of a worker.
	 *
	 * @param lease how long the jobs of a worker that gives no sign of life stay its own
	 * @param heartbeatInterval how often it gives one; less than half the lease
	 * @param maintenanceInterval how often it looks after what dead workers left
	 * @param shutdownTimeout how long running jobs may go on when it is stopped
	 * @param longestWait how long one blocking wait for jobs may last; shorter than the
	 * command timeout of the connection
	 * @param timeoutGrace how long a job may take to heed the interrupt at its timeout
	 * @param recovery how long it pauses when Redis is away; at most half the lease, so
	 * that what has ended meanwhile is recorded in time
	 */
	public record Timing(Duration lease, Duration heartbeatInterval, Duration maintenanceInterval,
			Duration shutdownTimeout, Duration longestWait, Duration timeoutGrace, Recovery recovery) {

		/** The defaults. */
		public static final Timing DEFAULT = new Timing(Duration.ofSeconds(30), Duration.ofSeconds(10),
				Duration.ofSeconds(5), Duration.ofSeconds(25), Duration.ofSeconds(2), Duration.ofSeconds(5));

		/**
		 * Validates the values.
		 * @throws IllegalArgumentException if the lease leaves no room for a beat to fail
		 * or a duration is longer than {@link JobOptions#LONGEST}
		 */
		public Timing {
			JobOptions.requireNotTooLong("lease", lease);
			JobOptions.requireNotTooLong("maintenanceInterval", maintenanceInterval);
			JobOptions.requireNotTooLong("shutdownTimeout", shutdownTimeout);
			JobOptions.requireNotTooLong("timeoutGrace", timeoutGrace);
			Assert.isTrue(lease.toSeconds() >= 2 && lease.getNano() == 0,
					() -> "'lease' must be a whole number of seconds, at least 2, but is " + lease);
			Assert.isTrue(heartbeatInterval.multipliedBy(2).compareTo(lease) <= 0,
					() -> "'heartbeatInterval' must be at most half of 'lease' but is " + heartbeatInterval
							+ " with a lease of " + lease);
			Assert.isTrue(recovery.maxPause().multipliedBy(2).compareTo(lease) <= 0,
					() -> "'recovery' must pause for at most half of 'lease' but does for " + recovery.maxPause()
							+ " with a lease of " + lease);
		}

		/**
		 * Creates the rhythms of a worker that pauses as usual when Redis is away.
		 * @param lease how long the jobs of a silent worker stay its own
		 * @param heartbeatInterval how often it gives a sign of life
		 * @param maintenanceInterval how often it looks after what dead workers left
		 * @param shutdownTimeout how long running jobs may go on when it is stopped
		 * @param longestWait how long one blocking wait for jobs may last
		 * @param timeoutGrace how long a job may take to heed the interrupt
		 */
		public Timing(Duration lease, Duration heartbeatInterval, Duration maintenanceInterval,
				Duration shutdownTimeout, Duration longestWait, Duration timeoutGrace) {
			this(lease, heartbeatInterval, maintenanceInterval, shutdownTimeout, longestWait, timeoutGrace,
					Recovery.DEFAULT);
		}

	}

	/**
	 * What holds for jobs that do not say so themselves.
	 *
	 * @param jobs their options; a timeout and how long results and failures are kept are
	 * among them
	 * @param maxReclaims how often a job whose worker died is put back
	 * @param unknownFunctionGrace how long a job waits for a worker that knows its
	 * function if none is on record; not negative
	 * @param retention how much is kept of jobs that have ended, whatever they say
	 */
	public record Defaults(JobDefaults jobs, int maxReclaims, Duration unknownFunctionGrace, Retention retention) {

		/** RQ's values (protocol §14). */
		public static final Defaults RQ = new Defaults(Duration.ofSeconds(180), Duration.ofSeconds(500),
				Duration.ofDays(365), 3);

		/**
		 * Validates the values.
		 * @throws IllegalArgumentException if an option that every job needs is missing,
		 * or a duration is negative or longer than {@link JobOptions#LONGEST}
		 */
		public Defaults {
			Assert.isTrue(!unknownFunctionGrace.isNegative(),
					() -> "'unknownFunctionGrace' must not be negative but is " + unknownFunctionGrace);
			JobOptions.requireNotTooLong("unknownFunctionGrace", unknownFunctionGrace);
			Assert.notNull(jobs.common().timeout(), "'jobs' must have a timeout");
			Assert.notNull(jobs.common().resultTtl(), "'jobs' must have a result TTL");
			Assert.notNull(jobs.common().failureTtl(), "'jobs' must have a failure TTL");
		}

		/**
		 * Creates defaults of a worker that fails a job at once if no worker on record
		 * knows its function.
		 * @param jobs the options of the jobs
		 * @param maxReclaims how often a job whose worker died is put back
		 */
		public Defaults(JobDefaults jobs, int maxReclaims) {
			this(jobs, maxReclaims, Duration.ZERO, Retention.NONE);
		}

		/**
		 * Creates defaults that are the same for all queues.
		 * @param timeout how long one run may take, negative for no limit
		 * @param resultTtl how long a success is kept, negative for ever
		 * @param failureTtl how long a failure is kept, negative for ever
		 * @param maxReclaims how often a job whose worker died is put back
		 * @throws IllegalArgumentException if a duration is longer than
		 * {@link JobOptions#LONGEST}
		 */
		public Defaults(Duration timeout, Duration resultTtl, Duration failureTtl, int maxReclaims) {
			this(JobDefaults
				.of(JobOptions.NONE.withTimeout(timeout).withResultTtl(resultTtl).withFailureTtl(failureTtl)),
					maxReclaims);
		}

		Duration timeout(String queue) {
			return Objects.requireNonNull(this.jobs.of(queue).timeout());
		}

		Duration resultTtl(String queue) {
			return Objects.requireNonNull(this.jobs.of(queue).resultTtl());
		}

		Duration failureTtl(String queue) {
			return Objects.requireNonNull(this.jobs.of(queue).failureTtl());
		}

	}

}
