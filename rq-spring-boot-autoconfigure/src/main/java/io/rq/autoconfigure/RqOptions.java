package io.rq.autoconfigure;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

import io.rq.autoconfigure.RqProperties.Layout;
import io.rq.autoconfigure.RqProperties.Retained.Bounds;
import io.rq.job.JobDefaults;
import io.rq.job.JobOptions;
import io.rq.job.Partitions;
import io.rq.job.QueueName;
import io.rq.job.Retry;
import io.rq.lifecycle.Recovery;
import io.rq.redis.KeyLayout;
import io.rq.redis.QueueLimits;
import io.rq.redis.Retention;
import io.rq.scheduler.SchedulerOptions;
import io.rq.template.TemplateOptions;
import io.rq.webhook.AddressGuard;
import io.rq.webhook.WebhookHandler;
import io.rq.worker.WorkerOptions;
import io.rq.worker.WorkerOptions.Defaults;
import io.rq.worker.WorkerOptions.Limits;
import io.rq.worker.WorkerOptions.Timing;

/**
 * The properties, all valid, as the options of the engine's parts.
 */
final class RqOptions {

	private static final Duration FIRST_WAIT = Duration.ofSeconds(10);

	private static final Duration LONGEST_WAIT = Duration.ofHours(1);

	private static final DataSize LARGEST_VALUE = DataSize.ofMegabytes(512);

	private static final Duration SHORTEST = Duration.ofMillis(1);

	private static final Duration SHORTEST_LOCK_LEASE = Duration.ofMillis(100);

	private final RqProperties properties;

	private final Partitions partitions;

	/**
	 * Checks the properties.
	 * @throws InvalidRqConfigurationException if one makes no sense; the message names it
	 */
	RqOptions(RqProperties properties) {
		this.properties = properties;
		layout(properties.keyPrefix());
		checkQueues("rq.default-queue", List.of(properties.defaultQueue()));
		checkJob(properties.job());
		checkMaxLength("rq.queue.max-length", properties.queue().maxLength());
		properties.queues().forEach(this::checkQueue);
		this.partitions = partitions(properties.queues());
		checkBounds("rq.retention.finished.", properties.retention().finished());
		checkBounds("rq.retention.failed.", properties.retention().failed());
		checkBounds("rq.retention.canceled.", properties.retention().canceled());
		checkTemplate(properties.template());
		checkWorker(properties.worker());
		checkWebhooks(properties.webhooks());
		guard(properties.webhooks().allowed());
		checkScheduler(properties.scheduler());
		checkRecovery(properties.recovery(), properties.worker().lease());
		checkUndo(properties.operations().undo());
		checkRoles(properties.operations().roles());
		checkSpan("rq.health.max-lateness", properties.health().maxLateness());
	}

	/** Whether workers that are declared start with the application. */
	boolean startsWorkers() {
		RqProperties.Worker worker = this.properties.worker();
		return worker.autoStartup() && !Boolean.FALSE.equals(worker.enabled());
	}

	/**
	 * Whether schedulers of another Redis start with the application: where workers do,
	 * unless the property says it.
	 */
	boolean startsOtherSchedulers() {
		Boolean withScheduler = this.properties.worker().withScheduler();
		return (withScheduler != null) ? withScheduler : startsWorkers();
	}

	/**
	 * Returns where the keys lie.
	 * @param keyPrefix what their names begin with
	 * @throws InvalidRqConfigurationException if the layout allows no such prefix
	 */
	KeyLayout layout(String keyPrefix) {
		return layout(keyPrefix, this.properties.layout());
	}

	/** The same with another layout. */
	static KeyLayout layout(String keyPrefix, Layout layout) {
		checkPrefix(keyPrefix);
		if (layout == Layout.RQ) {
			return KeyLayout.rq(keyPrefix);
		}
		check(hasNoBraces(keyPrefix), "rq.key-prefix", "'" + keyPrefix + "'",
				"must have no braces where 'rq.layout' is 'cluster', which gives each queue its own");
		return KeyLayout.tagged(keyPrefix);
	}

	private static boolean hasNoBraces(String name) {
		return name.indexOf('{') < 0 && name.indexOf('}') < 0;
	}

	/** What RQ refuses too (protocol §17.1). */
	private static void checkPrefix(String prefix) {
		check(!prefix.isBlank() && prefix.chars().noneMatch((character) -> "%'\"\\\n\r".indexOf(character) >= 0),
				"rq.key-prefix", "'" + prefix + "'",
				"must not be empty or contain '%', quotes, backslashes or line breaks");
	}

	private static void checkJob(RqProperties.Job job) {
		check(job.maxPayloadSize().toBytes() >= 1 && job.maxPayloadSize().compareTo(LARGEST_VALUE) <= 0,
				"rq.job.max-payload-size", job.maxPayloadSize(),
				"must be positive and at most " + LARGEST_VALUE.toMegabytes() + "MB, the longest value of Redis");
		checkTimes("rq.job.", job.timeout(), job.resultTtl(), job.failureTtl());
		checkRetries("rq.job.", job.retries(), job.intervals());
	}

	private void checkQueue(String name, RqProperties.Queue queue) {
		checkQueues("rq.queues", List.of(name));
		String prefix = "rq.queues." + name + ".";
		checkTimes(prefix, queue.timeout(), queue.resultTtl(), queue.failureTtl());
		checkRetries(prefix, (queue.retries() != null) ? queue.retries() : 0, queue.intervals());
		if (queue.maxLength() != null) {
			checkMaxLength(prefix + "max-length", queue.maxLength());
		}
	}

	/** How many jobs may wait; those of a divided queue share its number. */
	QueueLimits limits() {
		Map<String, Long> queues = new HashMap<>();
		this.properties.queues().forEach((name, queue) -> {
			if (queue.maxLength() != null) {
				long number = Math.max(queue.partitions(), 1);
				long share = (queue.maxLength() + number - 1) / number;
				this.partitions.of(name).forEach((part) -> queues.put(part, share));
			}
		});
		return new QueueLimits(this.properties.queue().maxLength(), queues);
	}

	private static void checkMaxLength(String property, long maxLength) {
		check(maxLength >= 0, property, maxLength, "must not be negative; 0 is for any number of jobs");
	}

	private static Partitions partitions(Map<String, RqProperties.Queue> queues) {
		Map<String, Integer> numbers = new HashMap<>();
		queues.forEach((name, queue) -> {
			if (queue.partitions() != 0) {
				numbers.put(name, queue.partitions());
			}
		});
		try {
			return new Partitions(numbers);
		}
		catch (IllegalArgumentException ex) {
			throw InvalidRqConfigurationException.property("rq.queues.*.partitions", numbers,
					"is wrong: " + ex.getMessage());
		}
	}

	/** The queues that are divided. */
	Partitions partitions() {
		return this.partitions;
	}

	private static void checkTimes(String prefix, @Nullable Duration timeout, @Nullable Duration resultTtl,
			@Nullable Duration failureTtl) {
		checkTime(prefix + "timeout", timeout, 1, "must be a whole number of seconds, at least 1, or -1 for no limit");
		checkTime(prefix + "result-ttl", resultTtl, 0, "must be a whole number of seconds, or -1 for ever");
		checkTime(prefix + "failure-ttl", failureTtl, 0, "must be a whole number of seconds, or -1 for ever");
	}

	private static void checkTime(String property, @Nullable Duration value, long least, String rule) {
		if (value != null) {
			checkLength(property, value);
			check(isWholeSeconds(value, least), property, value, rule);
		}
	}

	private static void checkRetries(String prefix, int retries, List<Duration> intervals) {
		check(retries >= 0, prefix + "retries", retries, "must not be negative");
		check(retries > 0 || intervals.isEmpty(), prefix + "intervals", intervals,
				"needs '" + prefix + "retries' of at least 1");
		for (Duration interval : intervals) {
			checkLength(prefix + "intervals", interval);
			check(!interval.isNegative() && interval.getNano() == 0, prefix + "intervals", interval,
					"must be whole numbers of seconds, 0 for at once");
		}
	}

	private static void checkBounds(String prefix, Bounds bounds) {
		check(bounds.maxCount() >= 0, prefix + "max-count", bounds.maxCount(),
				"must not be negative; 0 is for any number of jobs");
		check(!bounds.maxSize().isNegative(), prefix + "max-size", bounds.maxSize(),
				"must not be negative; 0 is for any size");
		if (bounds.maxAge() != null) {
			checkLength(prefix + "max-age", bounds.maxAge());
			check(bounds.maxAge().getNano() == 0 && bounds.maxAge().getSeconds() >= 1, prefix + "max-age",
					bounds.maxAge(), "must be a whole number of seconds, at least 1");
		}
	}

	private Retention retention() {
		RqProperties.Retained retention = this.properties.retention();
		return new Retention(bounds(retention.finished()), bounds(retention.failed()), bounds(retention.canceled()));
	}

	private static Retention.Bounds bounds(Bounds bounds) {
		return new Retention.Bounds(bounds.maxCount(), bounds.maxAge(), bounds.maxSize().toBytes());
	}

	private static void checkTemplate(RqProperties.Template template) {
		check(template.minReplicas() >= 0, "rq.template.min-replicas", template.minReplicas(), "must not be negative");
		checkSpan("rq.template.min-replicas-timeout", template.minReplicasTimeout());
	}

	private void checkWorker(RqProperties.Worker worker) {
		checkQueues("rq.worker.queues", worker.queues());
		check(worker.name() == null || worker.name().indexOf(':') < 0, "rq.worker.name", "'" + worker.name() + "'",
				"must not contain ':', which separates the parts of keys in Redis");
		check(worker.concurrency() >= 1, "rq.worker.concurrency", worker.concurrency(), "must be at least 1");
		check(worker.maxJobs() >= 0, "rq.worker.max-jobs", worker.maxJobs(), "must not be negative");
		check(!worker.maxIdleTime().isNegative(), "rq.worker.max-idle-time", worker.maxIdleTime(),
				"must not be negative");
		checkLength("rq.worker.max-idle-time", worker.maxIdleTime());
		check(isWholeSeconds(worker.lease(), 2) && !worker.lease().isNegative(), "rq.worker.lease", worker.lease(),
				"must be a whole number of seconds, at least 2");
		checkLength("rq.worker.lease", worker.lease());
		checkSpan("rq.worker.heartbeat-interval", worker.heartbeatInterval());
		check(worker.heartbeatInterval().compareTo(worker.lease().dividedBy(2)) <= 0, "rq.worker.heartbeat-interval",
				worker.heartbeatInterval(), "must be at most half of 'rq.worker.lease', which is " + worker.lease()
						+ ", so that one sign of life may get lost");
		checkSpan("rq.worker.maintenance-interval", worker.maintenanceInterval());
		check(!worker.shutdownTimeout().isNegative(), "rq.worker.shutdown-timeout", worker.shutdownTimeout(),
				"must not be negative");
		checkLength("rq.worker.shutdown-timeout", worker.shutdownTimeout());
		check(worker.maxReclaims() >= 0, "rq.worker.max-reclaims", worker.maxReclaims(), "must not be negative");
		check(!worker.unknownFunctionGrace().isNegative(), "rq.worker.unknown-function-grace",
				worker.unknownFunctionGrace(), "must not be negative");
		checkLength("rq.worker.unknown-function-grace", worker.unknownFunctionGrace());
	}

	private static void checkWebhooks(RqProperties.Webhooks webhooks) {
		checkRetries("rq.webhooks.", webhooks.retries(), webhooks.intervals());
		check(webhooks.retries() <= Retry.MOST_GROWING || !webhooks.intervals().isEmpty(), "rq.webhooks.retries",
				webhooks.retries(), "must be at most " + Retry.MOST_GROWING
						+ " without 'rq.webhooks.intervals', for then the waits double");
	}

	private void checkScheduler(RqProperties.Scheduler scheduler) {
		checkQueues("rq.scheduler.queues", scheduler.queues());
		checkSpan("rq.scheduler.interval", scheduler.interval());
		check(scheduler.lockLease().compareTo(SHORTEST_LOCK_LEASE) >= 0, "rq.scheduler.lock-lease",
				scheduler.lockLease(), "must be at least " + SHORTEST_LOCK_LEASE);
		checkLength("rq.scheduler.lock-lease", scheduler.lockLease());
	}

	private static void checkRecovery(RqProperties.Recovery recovery, Duration lease) {
		checkSpan("rq.recovery.min-pause", recovery.minPause());
		check(recovery.maxPause().compareTo(recovery.minPause()) >= 0, "rq.recovery.max-pause", recovery.maxPause(),
				"must be at least 'rq.recovery.min-pause', which is " + recovery.minPause());
		check(recovery.maxPause().compareTo(lease.dividedBy(2)) <= 0, "rq.recovery.max-pause", recovery.maxPause(),
				"must be at most half of 'rq.worker.lease', which is " + lease
						+ ", so that jobs that end while Redis is away are recorded before their lease ends");
	}

	private static void checkUndo(Duration undo) {
		checkLength("rq.operations.undo", undo);
		check(undo.isZero() || undo.compareTo(SHORTEST) >= 0, "rq.operations.undo", undo,
				"must be at least 1 ms, or 0 to keep no deleted jobs");
	}

	private static void checkRoles(RqProperties.Operations.Roles roles) {
		checkAuthority("rq.operations.roles.viewer", roles.viewer());
		checkAuthority("rq.operations.roles.operator", roles.operator());
		checkAuthority("rq.operations.roles.admin", roles.admin());
	}

	private static void checkAuthority(String property, String authority) {
		check(StringUtils.hasText(authority), property, "'" + authority + "'",
				"must name an authority: name one that nobody has to close the role");
	}

	private void checkQueues(String property, List<String> queues) {
		for (String queue : queues) {
			try {
				QueueName.requireValid(queue);
			}
			catch (IllegalArgumentException ex) {
				throw InvalidRqConfigurationException.property(property, "'" + queue + "'",
						"that is no name of a queue: " + ex.getMessage());
			}
			check(this.properties.layout() == Layout.RQ || hasNoBraces(queue), property, "'" + queue + "'",
					"must have no braces where 'rq.layout' is 'cluster', which gives each queue its own");
		}
	}

	private static void checkLength(String property, Duration value) {
		check(value.compareTo(JobOptions.LONGEST) <= 0, property, value,
				"must not be longer than " + JobOptions.LONGEST.toDays() + " days (100 years)");
	}

	private static boolean isWholeSeconds(Duration value, long least) {
		return value.getNano() == 0 && (value.getSeconds() >= least || value.equals(JobOptions.UNLIMITED));
	}

	/**
	 * Redis counts no shorter span, and a process that does something that often does
	 * nothing else.
	 */
	private static void checkSpan(String property, Duration value) {
		check(value.compareTo(SHORTEST) >= 0, property, value, "must be at least 1 ms");
		checkLength(property, value);
	}

	private static void check(boolean valid, String property, Object value, String rule) {
		if (!valid) {
			throw InvalidRqConfigurationException.property(property, value, rule);
		}
	}

	/** What a job gets when it is enqueued; what is RQ's default too is left out. */
	TemplateOptions template() {
		RqProperties.Job job = this.properties.job();
		JobOptions rq = Defaults.RQ.jobs().common();
		JobOptions defaults = common().withResultTtl(unlessDefault(job.resultTtl(), rq.resultTtl()))
			.withFailureTtl(unlessDefault(job.failureTtl(), rq.failureTtl()));
		return new TemplateOptions(this.properties.defaultQueue(), new JobDefaults(defaults, ofQueues()),
				job.maxPayloadSize().toBytes(), this.partitions);
	}

	/** What jobs get that do not say so themselves. */
	JobDefaults jobs() {
		return new JobDefaults(common(), ofQueues());
	}

	private JobOptions common() {
		RqProperties.Job job = this.properties.job();
		return JobOptions.NONE.withTimeout(job.timeout())
			.withResultTtl(job.resultTtl())
			.withFailureTtl(job.failureTtl())
			.withRetry((job.retries() > 0) ? retry(job.retries(), job.intervals()) : null);
	}

	private Map<String, JobOptions> ofQueues() {
		Map<String, JobOptions> queues = new HashMap<>();
		this.properties.queues()
			.forEach((name, queue) -> this.partitions.of(name).forEach((part) -> queues.put(part, ofQueue(queue))));
		return queues;
	}

	private static JobOptions ofQueue(RqProperties.Queue queue) {
		return JobOptions.NONE.withTimeout(queue.timeout())
			.withResultTtl(queue.resultTtl())
			.withFailureTtl(queue.failureTtl())
			.withRetry((queue.retries() != null) ? retry(queue.retries(), queue.intervals()) : null);
	}

	private static Retry retry(int retries, List<Duration> intervals) {
		return (retries == 0) ? Retry.NONE
				: intervals.isEmpty() ? Retry.max(retries)
						: Retry.max(retries)
							.intervals(intervals.stream()
								.mapToInt((wait) -> (int) Math.min(wait.toSeconds(), Integer.MAX_VALUE))
								.toArray());
	}

	private static @Nullable Duration unlessDefault(Duration value, @Nullable Duration rq) {
		return value.equals(rq) ? null : value;
	}

	/**
	 * What a worker does.
	 * @param generatedName gets a name if none is configured
	 * @param longestWait how long one blocking wait may last
	 */
	WorkerOptions worker(Supplier<String> generatedName, Duration longestWait) {
		RqProperties.Worker worker = this.properties.worker();
		String name = StringUtils.hasText(worker.name()) ? worker.name().strip() : generatedName.get();
		Timing timing = new Timing(worker.lease(), worker.heartbeatInterval(), worker.maintenanceInterval(),
				worker.shutdownTimeout(), longestWait, Timing.DEFAULT.timeoutGrace(), recovery());
		return WorkerOptions.of(name)
			.withPartitions(this.partitions)
			.withQueues(worker.queues())
			.withConcurrency(worker.concurrency())
			.withStrategy(worker.dequeueStrategy())
			.withLimits(new Limits(worker.burst(), worker.maxJobs(), worker.maxIdleTime()))
			.withTiming(timing)
			.withDefaults(new Defaults(jobs(), worker.maxReclaims(), worker.unknownFunctionGrace(), retention()));
	}

	/** How long workers and schedulers pause when Redis is away. */
	Recovery recovery() {
		RqProperties.Recovery recovery = this.properties.recovery();
		return new Recovery(recovery.minPause(), recovery.maxPause());
	}

	/** How webhooks are sent. */
	WebhookHandler.Options webhooks() {
		RqProperties.Webhooks webhooks = this.properties.webhooks();
		Retry retry = (webhooks.retries() > 0 && webhooks.intervals().isEmpty())
				? Retry.max(webhooks.retries()).exponential(FIRST_WAIT, LONGEST_WAIT).jitter(0.2)
				: retry(webhooks.retries(), webhooks.intervals());
		return new WebhookHandler.Options(guard(webhooks.allowed()),
				StringUtils.hasText(webhooks.secret()) ? webhooks.secret() : null, retry);
	}

	private static AddressGuard guard(List<String> allowed) {
		try {
			return new AddressGuard(allowed);
		}
		catch (IllegalArgumentException ex) {
			throw InvalidRqConfigurationException.property("rq.webhooks.allowed", allowed,
					"is wrong: " + ex.getMessage());
		}
	}

	/**
	 * What a scheduler does.
	 * @param knownQueues gets the queues if none are configured
	 */
	SchedulerOptions scheduler(Supplier<List<String>> knownQueues) {
		List<String> queues = this.properties.scheduler().queues();
		return scheduler(queues.isEmpty() ? knownQueues.get() : queues);
	}

	/** What a scheduler of some queues does. */
	SchedulerOptions scheduler(List<String> queues) {
		RqProperties.Scheduler scheduler = this.properties.scheduler();
		return new SchedulerOptions(this.partitions.of(queues), scheduler.interval(), scheduler.lockLease(),
				recovery());
	}

	RqProperties properties() {
		return this.properties;
	}

}
