package io.rq.autoconfigure;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;
import org.springframework.util.unit.DataSize;

import io.rq.serializer.SerializerFormat;
import io.rq.worker.DequeueStrategy;

/**
 * Configuration properties of RQ. A duration without a unit is in seconds, as everywhere
 * in RQ.
 *
 * @param enabled Whether there is anything of RQ in this application. If not, there is no
 * 'JobTemplate' either.
 * @param keyPrefix What the names of all keys and channels in Redis begin with. The same
 * in all processes that share queues, RQ_KEY_PREFIX for Python RQ from version 3 on;
 * older versions know 'rq' only. '{rq}' for one slot of a Redis Cluster.
 * @param layout How the keys are named. The same in all processes that share queues;
 * 'cluster' spreads queues over the nodes of a Redis Cluster and is not shared with
 * Python.
 * @param defaultQueue Queue of jobs for which no other is chosen.
 * @param serializer Format of arguments, meta data and results.
 * @param job What holds for jobs that do not say so themselves.
 * @param queue What holds for queues of which nothing else is said.
 * @param queues What holds for one queue and its jobs, by its name, before what holds for
 * all: timeout, result-ttl, failure-ttl, retries, intervals, max-length; and partitions.
 * Write a name in brackets if it has more than letters from a to z, digits, '-' and '_',
 * as in 'rq.queues[mail:eu].timeout': without them Spring Boot drops the rest.
 * @param retention How much is kept of jobs that have ended, for each queue.
 * @param template What holds when this application enqueues.
 * @param context What of the context of a caller goes along with the jobs it enqueues.
 * @param worker The worker of this application.
 * @param scheduler The scheduler of this application.
 * @param recovery How workers and schedulers go on when Redis was away.
 * @param cron The cron jobs of this application.
 * @param webhooks The webhooks of the jobs that this application runs.
 * @param health The health of the workers and the scheduler.
 * @param operations What the people who look after the queues may do.
 * @param history What was counted in the past.
 * @param doctor What looks for mistakes in the set-up.
 */
@ConfigurationProperties("rq")
public record RqProperties(@DefaultValue("true") boolean enabled, @DefaultValue("rq") String keyPrefix,
		@DefaultValue("rq") Layout layout, @DefaultValue("default") String defaultQueue,
		@DefaultValue("json") SerializerFormat serializer, @DefaultValue Job job, @DefaultValue AnyQueue queue,
		@DefaultValue Map<String, Queue> queues, @DefaultValue Retained retention, @DefaultValue Template template,
		@DefaultValue Context context, @DefaultValue Worker worker, @DefaultValue Scheduler scheduler,
		@DefaultValue Recovery recovery, @DefaultValue Cron cron, @DefaultValue Webhooks webhooks,
		@DefaultValue Health health, @DefaultValue Operations operations, @DefaultValue History history,
		@DefaultValue Doctor doctor) {

	/**
	 * How the keys are named.
	 */
	public enum Layout {

		/**
		 * As RQ does: on one Redis, or in one slot of a cluster by a hash tag in the
		 * prefix.
		 */
		RQ,

		/** Each queue under a hash tag of its own. */
		CLUSTER

	}

	/**
	 * What holds for jobs that do not say so themselves.
	 *
	 * @param timeout How long one run of a job may take, in whole seconds. No limit if it
	 * is -1.
	 * @param resultTtl How long a job and its result are kept after success, in whole
	 * seconds. For ever if it is -1, not at all if it is 0.
	 * @param failureTtl How long a job is kept after its final failure, and after it was
	 * cancelled, in whole seconds. For ever if it is -1, not at all if it is 0.
	 * @param retries How often a job is tried again after an exception.
	 * @param intervals Waits before the retries, such as 10s,1m. If there are fewer than
	 * retries, the first one repeats. By default every retry is at once.
	 * @param maxPayloadSize How large the arguments and meta data of a job may be. Larger
	 * jobs are neither enqueued nor run, so it should be the same in all processes that
	 * share a queue.
	 */
	public record Job(@DurationUnit(ChronoUnit.SECONDS) @DefaultValue("180s") Duration timeout,
			@DurationUnit(ChronoUnit.SECONDS) @DefaultValue("500s") Duration resultTtl,
			@DurationUnit(ChronoUnit.SECONDS) @DefaultValue("365d") Duration failureTtl, @DefaultValue("0") int retries,
			@DurationUnit(ChronoUnit.SECONDS) @DefaultValue List<Duration> intervals,
			@DefaultValue("10MB") DataSize maxPayloadSize) {

	}

	/**
	 * What holds for queues of which nothing else is said.
	 *
	 * @param maxLength How many jobs may wait on a queue for this application to enqueue
	 * more. Any number if it is 0. Jobs that are scheduled, retried or requeued come to
	 * their queue however long it is.
	 */
	public record AnyQueue(@DefaultValue("0") long maxLength) {

	}

	/**
	 * What holds for the jobs of one queue.
	 *
	 * @param timeout How long one run of a job may take, in whole seconds. No limit if it
	 * is -1.
	 * @param resultTtl How long a job and its result are kept after success, in whole
	 * seconds. For ever if it is -1, not at all if it is 0.
	 * @param failureTtl How long a job is kept after its final failure, and after it was
	 * cancelled, in whole seconds. For ever if it is -1, not at all if it is 0.
	 * @param retries How often a job is tried again after an exception.
	 * @param intervals Waits before the retries.
	 * @param partitions Number of queues that this one is divided into, 'mail.0' to
	 * 'mail.7' of 'mail', so that several nodes of a Redis Cluster share its jobs. The
	 * same in all processes that enqueue on it or work on it. Not divided if it is 0.
	 * @param maxLength How many jobs may wait on the queue for this application to
	 * enqueue more. Any number if it is 0.
	 */
	public record Queue(@DurationUnit(ChronoUnit.SECONDS) @Nullable Duration timeout,
			@DurationUnit(ChronoUnit.SECONDS) @Nullable Duration resultTtl,
			@DurationUnit(ChronoUnit.SECONDS) @Nullable Duration failureTtl, @Nullable Integer retries,
			@DurationUnit(ChronoUnit.SECONDS) @DefaultValue List<Duration> intervals, @DefaultValue("0") int partitions,
			@Nullable Long maxLength) {

	}

	/**
	 * How much is kept of jobs that have ended, for each queue. The workers of this
	 * application drop what is beyond it.
	 *
	 * @param finished Jobs that succeeded, and their results.
	 * @param failed Jobs that failed for good or were stopped.
	 * @param canceled Jobs that were cancelled.
	 */
	public record Retained(@DefaultValue Bounds finished, @DefaultValue Bounds failed, @DefaultValue Bounds canceled) {

		/**
		 * How much is kept of one kind of jobs.
		 *
		 * @param maxCount How many of these jobs are kept on each queue. Those that would
		 * expire first go first. Any number if it is 0.
		 * @param maxAge How long one of these jobs is kept, whatever it says itself, in
		 * whole seconds. By default as long as it says.
		 * @param maxSize How much memory of Redis these jobs may take on each queue, as
		 * estimated from samples of them. Those that would expire first go first. Any if
		 * it is 0.
		 */
		public record Bounds(@DefaultValue("0") long maxCount,
				@DurationUnit(ChronoUnit.SECONDS) @Nullable Duration maxAge, @DefaultValue("0") DataSize maxSize) {

		}

	}

	/**
	 * What holds when this application enqueues.
	 *
	 * @param minReplicas Number of replicas of Redis that must have a job before it
	 * counts as enqueued. If too few have it in time, an exception tells that it may
	 * exist.
	 * @param minReplicasTimeout How long to wait for the replicas. Should be less than
	 * 'spring.data.redis.timeout'.
	 * @param inline Whether to run jobs at once, on the thread that enqueues them, by the
	 * handlers of this application.
	 * @param afterCommit Whether jobs that are enqueued within a Spring transaction are
	 * put on their queues when it has committed. Jobs that run inline do not wait.
	 */
	public record Template(@DefaultValue("0") int minReplicas,
			@DurationUnit(ChronoUnit.SECONDS) @DefaultValue("1s") Duration minReplicasTimeout,
			@DefaultValue("false") boolean inline, @DefaultValue("true") boolean afterCommit) {

	}

	/**
	 * What of the context of a caller goes along with the jobs it enqueues.
	 *
	 * @param mdc Keys of the logging context (MDC) that go along with jobs.
	 * @param locale Whether the locale of the caller goes along with jobs.
	 * @param user Whether the name of the user goes along with jobs, in an application
	 * with Spring Security.
	 */
	public record Context(@DefaultValue List<String> mdc, @DefaultValue("false") boolean locale,
			@DefaultValue("true") boolean user) {

	}

	/**
	 * The worker of this application.
	 *
	 * @param enabled Whether to run a worker. By default one runs if the application has
	 * an '@RqJob' method or a 'JobHandler' bean.
	 * @param autoStartup Whether the worker, and the scheduler beside it, start with the
	 * application. If not, they start when their containers are told to; the scheduler
	 * starts all the same if 'rq.worker.with-scheduler' is set.
	 * @param queues Queues to work on, in the order of their priority. By default those
	 * of the '@RqJob' methods and 'JobHandler' beans, in alphabetical order.
	 * @param concurrency Number of jobs that run at a time.
	 * @param name Name of the worker, unique among all workers on one Redis, without
	 * colons. By default it is generated from 'spring.application.name', else from the
	 * host.
	 * @param dequeueStrategy Order in which jobs are taken from several queues.
	 * @param burst Whether to stop the worker when its queues are empty.
	 * @param maxJobs Number of jobs after which the worker stops. Never if it is 0.
	 * @param maxIdleTime How long the worker goes on without a job before it stops. For
	 * ever if it is 0.
	 * @param withScheduler Whether to run a scheduler, which moves scheduled jobs and
	 * delayed retries to their queues when they are due. By default one runs wherever a
	 * worker does; of those that look after a queue one is active at a time.
	 * @param lease How long the jobs of a worker that gives no sign of life stay its own,
	 * in whole seconds. At least 2.
	 * @param heartbeatInterval How often the worker gives a sign of life, at most half
	 * the lease.
	 * @param maintenanceInterval How often to look for jobs that dead workers have left
	 * behind.
	 * @param shutdownTimeout How long the worker may take to stop. Should be less than
	 * 'spring.lifecycle.timeout-per-shutdown-phase'.
	 * @param maxReclaims How often a job whose worker died is put back on its queue
	 * before it fails. If it is 0, it fails at once unless retries are left.
	 * @param unknownFunctionGrace How long a job whose function this application does not
	 * know waits, if no other worker on record knows it either.
	 */
	public record Worker(@Nullable Boolean enabled, @DefaultValue("true") boolean autoStartup,
			@DefaultValue List<String> queues, @DefaultValue("10") int concurrency, @Nullable String name,
			@DefaultValue("default") DequeueStrategy dequeueStrategy, @DefaultValue("false") boolean burst,
			@DefaultValue("0") long maxJobs, @DurationUnit(ChronoUnit.SECONDS) @DefaultValue("0s") Duration maxIdleTime,
			@Nullable Boolean withScheduler, @DurationUnit(ChronoUnit.SECONDS) @DefaultValue("30s") Duration lease,
			@DurationUnit(ChronoUnit.SECONDS) @DefaultValue("10s") Duration heartbeatInterval,
			@DurationUnit(ChronoUnit.SECONDS) @DefaultValue("5s") Duration maintenanceInterval,
			@DurationUnit(ChronoUnit.SECONDS) @DefaultValue("25s") Duration shutdownTimeout,
			@DefaultValue("3") int maxReclaims,
			@DurationUnit(ChronoUnit.SECONDS) @DefaultValue("0s") Duration unknownFunctionGrace) {

	}

	/**
	 * The scheduler of this application.
	 *
	 * @param queues Queues whose scheduled jobs and delayed retries are moved when they
	 * are due. By default those of the workers, of the '@RqJob' methods and of the cron
	 * jobs, and the default queue.
	 * @param interval How long the scheduler sleeps at most between two looks at a queue.
	 * @param lockLease How long a queue may be without a scheduler after the process that
	 * held its lock has died. At least 100 ms.
	 */
	public record Scheduler(@DefaultValue List<String> queues,
			@DurationUnit(ChronoUnit.SECONDS) @DefaultValue("1s") Duration interval,
			@DurationUnit(ChronoUnit.SECONDS) @DefaultValue("10s") Duration lockLease) {

	}

	/**
	 * How workers and schedulers go on when Redis was away.
	 *
	 * @param minPause How long workers and schedulers pause after the first call to Redis
	 * that failed. Each further pause is twice as long as the one before.
	 * @param maxPause How long workers and schedulers pause at most while Redis is away,
	 * at most half of 'rq.worker.lease'. Signs of life and locks are tried more often if
	 * their leases are short. A longer pause spares a Redis to which hundreds of workers
	 * come back.
	 */
	public record Recovery(@DurationUnit(ChronoUnit.SECONDS) @DefaultValue("100ms") Duration minPause,
			@DurationUnit(ChronoUnit.SECONDS) @DefaultValue("1s") Duration maxPause) {

	}

	/**
	 * The cron jobs of this application.
	 *
	 * @param enabled Whether the scheduler of this application fires its cron jobs.
	 */
	public record Cron(@DefaultValue("true") boolean enabled) {

	}

	/**
	 * The webhooks of the jobs that this application runs.
	 *
	 * @param enabled Whether the workers of this application send the webhooks of their
	 * jobs. Whoever may enqueue a job chooses where they go. Needs the dependency
	 * org.apache.httpcomponents.client5:httpclient5.
	 * @param allowed Names of hosts, addresses, and networks such as 10.0.0.0/8, to which
	 * webhooks are sent although they are not public.
	 * @param secret Secret with which webhooks are signed. Without one they are not.
	 * @param retries How often a webhook is sent again that did not arrive.
	 * @param intervals Waits before a webhook is sent again, such as 10s,1m. By default
	 * they double from 10 seconds to an hour.
	 */
	public record Webhooks(@DefaultValue("false") boolean enabled, @DefaultValue List<String> allowed,
			@Nullable String secret, @DefaultValue("8") int retries,
			@DurationUnit(ChronoUnit.SECONDS) @DefaultValue List<Duration> intervals) {

		@Override
		public String toString() {
			return "Webhooks[enabled=" + this.enabled + ", signed=" + (this.secret != null) + "]";
		}

	}

	/**
	 * The health of the workers and the scheduler.
	 *
	 * @param maxLateness How long scheduled jobs may be overdue while no scheduler holds
	 * their queue's lock before health is down.
	 */
	public record Health(@DurationUnit(ChronoUnit.SECONDS) @DefaultValue("30s") Duration maxLateness) {

	}

	/**
	 * What was counted in the past.
	 *
	 * @param enabled Whether to count what becomes of jobs, by queue and function, and to
	 * keep it in Redis by minute for 24 hours and by hour for 90 days.
	 */
	public record History(@DefaultValue("true") boolean enabled) {

	}

	/**
	 * What the people who look after the queues may do, through the endpoint and the
	 * dashboard.
	 *
	 * @param roles The authorities that stand for the roles.
	 * @param bulk What is done to many jobs.
	 * @param undo For how long a job that was deleted through 'RqOperations' can be put
	 * back. None is kept if it is 0.
	 */
	public record Operations(@DefaultValue Roles roles, @DefaultValue Bulk bulk,
			@DurationUnit(ChronoUnit.SECONDS) @DefaultValue("10m") Duration undo) {

		/**
		 * What is done to many jobs.
		 *
		 * @param enabled Whether this process carries out bulk operations, its own and
		 * those that others have left. It then asks Redis for them every 5 seconds.
		 */
		public record Bulk(@DefaultValue("true") boolean enabled) {

		}

		/**
		 * The authorities that stand for the roles, each of which includes those before
		 * it.
		 *
		 * @param viewer Authority of those who may look.
		 * @param operator Authority of those who may also requeue, run now or again,
		 * reschedule, cancel, stop, trigger, pause and resume.
		 * @param admin Authority of those who may also enqueue any function, edit, move,
		 * delete, put back, empty, see stacks, suspend all and stop workers.
		 */
		public record Roles(@DefaultValue("ROLE_RQ_VIEWER") String viewer,
				@DefaultValue("ROLE_RQ_OPERATOR") String operator, @DefaultValue("ROLE_RQ_ADMIN") String admin) {

		}

	}

	/**
	 * What looks for mistakes in the set-up.
	 *
	 * @param enabled Whether to look for mistakes in the set-up after each start, and to
	 * log what was found.
	 * @param storedJobs What to do at the start about stored jobs that the handlers of
	 * this application could not run.
	 */
	public record Doctor(@DefaultValue("true") boolean enabled, @DefaultValue("off") StoredJobsMode storedJobs) {

	}

	/**
	 * What to do about stored jobs that the handlers could not run.
	 */
	public enum StoredJobsMode {

		/** Nothing: they are not looked at. */
		OFF,

		/** Name them in the log. */
		WARN,

		/** End the start, before a worker takes one. */
		FAIL

	}

}
