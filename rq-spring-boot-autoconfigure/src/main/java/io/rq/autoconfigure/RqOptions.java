package io.rq.autoconfigure;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

import io.rq.autoconfigure.RqProperties.Layout;
import io.rq.autoconfigure.RqProperties.Retained.Bounds;
import io.rq.job.JobDefaults;
import io.rq.job.JobOptions;
import io.rq.job.Partitions;
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

	private final RqProperties properties;

	private final Partitions partitions;

	private final AddressGuard guard;

	/**
	 * Checks the properties.
	 * @throws InvalidRqConfigurationException if one makes no sense; the message names it
	 */
	RqOptions(RqProperties properties) {
		new RqPropertiesCheck(properties).run();
		this.properties = properties;
		this.partitions = partitions(properties.queues());
		this.guard = guard(properties.webhooks().allowed());
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
		RqPropertiesCheck.checkPrefix(keyPrefix, layout);
		return (layout == Layout.RQ) ? KeyLayout.rq(keyPrefix) : KeyLayout.tagged(keyPrefix);
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

	private Retention retention() {
		RqProperties.Retained retention = this.properties.retention();
		return new Retention(bounds(retention.finished()), bounds(retention.failed()), bounds(retention.canceled()));
	}

	private static Retention.Bounds bounds(Bounds bounds) {
		return new Retention.Bounds(bounds.maxCount(), bounds.maxAge(), bounds.maxSize().toBytes());
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
		return new WebhookHandler.Options(this.guard, StringUtils.hasText(webhooks.secret()) ? webhooks.secret() : null,
				retry);
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
