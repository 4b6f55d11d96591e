package io.rq.autoconfigure;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

import io.rq.autoconfigure.RqProperties.Layout;
import io.rq.autoconfigure.RqProperties.Retained.Bounds;
import io.rq.job.JobOptions;
import io.rq.job.QueueName;
import io.rq.job.Retry;

/**
 * Whether the properties make sense, asked at the start: what can be told from one of
 * them, and from one beside another.
 */
final class RqPropertiesCheck {

	private static final DataSize LARGEST_VALUE = DataSize.ofMegabytes(512);

	private static final Duration SHORTEST = Duration.ofMillis(1);

	private static final Duration SHORTEST_LOCK_LEASE = Duration.ofMillis(100);

	private final RqProperties properties;

	RqPropertiesCheck(RqProperties properties) {
		this.properties = properties;
	}

	/**
	 * Checks them all.
	 * @throws InvalidRqConfigurationException if one makes no sense; the message names it
	 */
	void run() {
		RqProperties properties = this.properties;
		checkPrefix(properties.keyPrefix(), properties.layout());
		checkQueues("rq.default-queue", List.of(properties.defaultQueue()));
		checkJob(properties.job());
		checkMaxLength("rq.queue.max-length", properties.queue().maxLength());
		properties.queues().forEach(this::checkQueue);
		checkBounds("rq.retention.finished.", properties.retention().finished());
		checkBounds("rq.retention.failed.", properties.retention().failed());
		checkBounds("rq.retention.canceled.", properties.retention().canceled());
		checkTemplate(properties.template());
		checkWorker(properties.worker());
		checkWebhooks(properties.webhooks());
		checkScheduler(properties.scheduler());
		checkRecovery(properties.recovery(), properties.worker().lease());
		checkUndo(properties.operations().undo());
		checkRoles(properties.operations().roles());
		checkSpan("rq.health.max-lateness", properties.health().maxLateness());
	}

	/**
	 * Checks what the names of keys begin with: what RQ refuses is refused too (protocol
	 * §17.1), and what the layout does not allow.
	 */
	static void checkPrefix(String prefix, Layout layout) {
		check(!prefix.isBlank() && prefix.chars().noneMatch((character) -> "%'\"\\\n\r".indexOf(character) >= 0),
				"rq.key-prefix", "'" + prefix + "'",
				"must not be empty or contain '%', quotes, backslashes or line breaks");
		check(layout == Layout.RQ || hasNoBraces(prefix), "rq.key-prefix", "'" + prefix + "'",
				"must have no braces where 'rq.layout' is 'cluster', which gives each queue its own");
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

	private static void checkMaxLength(String property, long maxLength) {
		check(maxLength >= 0, property, maxLength, "must not be negative; 0 is for any number of jobs");
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

	private static boolean hasNoBraces(String name) {
		return name.indexOf('{') < 0 && name.indexOf('}') < 0;
	}

	private static void check(boolean valid, String property, Object value, String rule) {
		if (!valid) {
			throw InvalidRqConfigurationException.property(property, value, rule);
		}
	}

}
