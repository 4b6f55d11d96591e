package io.rq.autoconfigure;

import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.thread.Threading;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

import io.rq.handler.JobHandlerRegistry;
import io.rq.lifecycle.HostName;
import io.rq.lifecycle.TimeSource;
import io.rq.log.SafeLog;
import io.rq.redis.ExecutionStore;
import io.rq.serializer.JobSerializer;
import io.rq.webhook.WebhookHandler;
import io.rq.webhook.WebhookJobs;
import io.rq.worker.InlineRuns;
import io.rq.worker.JobHandling;
import io.rq.worker.WorkerContainer;
import io.rq.worker.WorkerContainerFactory;
import io.rq.worker.WorkerOptions;

/**
 * What a worker is made of, for either kind of thread.
 *
 * @param options the properties
 * @param stores the Redis
 * @param handling what the application has for its jobs
 * @param environment knows the application's name
 */
record WorkerParts(RqOptions options, RqStores stores, JobHandling handling, Environment environment) {

	private static final SafeLog log = SafeLog.of(WorkerParts.class);

	private static final int WEBHOOKS_AT_A_TIME = 10;

	private static final String PHASE_TIMEOUT = "spring.lifecycle.timeout-per-shutdown-phase";

	private static final Duration DEFAULT_PHASE_TIMEOUT = Duration.ofSeconds(30);

	WorkerContainerFactory factory(boolean virtualThreads) {
		WorkerOptions worker = this.options.worker(this::generateName,
				this.stores.connections().longestWait(this.options.properties().worker().lease()));
		warnOfLongShutdown(worker.timing().shutdownTimeout());
		WorkerContainerFactory factory = new WorkerContainerFactory(worker, this.stores::worker, this.handling,
				virtualThreads);
		boolean starts = this.options.startsWorkers();
		factory.setAutoStartup(() -> starts);
		return factory;
	}

	/**
	 * The worker that sends webhooks, beside that of the application. A process that ends
	 * of its own accord leaves them to others.
	 */
	WorkerContainer webhookWorker(WebhookHandler handler, JobSerializer json) {
		WorkerOptions worker = this.options.worker(this::generateName,
				this.stores.connections().longestWait(this.options.properties().worker().lease()));
		WorkerOptions own = worker.withName(worker.name() + "-webhooks")
			.withQueues(List.of(WebhookJobs.QUEUE))
			.withConcurrency(WEBHOOKS_AT_A_TIME)
			.withLimits(WorkerOptions.Limits.NONE);
		JobHandlerRegistry registry = new JobHandlerRegistry(WebhookJobs.QUEUE);
		registry.register(handler);
		WorkerContainer container = new WorkerContainer(own, this.stores.worker(own),
				JobHandling.of(registry, json).withListeners(this.handling.listeners()),
				Threading.VIRTUAL.isActive(this.environment));
		boolean starts = this.options.startsWorkers() && worker.limits().equals(WorkerOptions.Limits.NONE);
		container.setAutoStartup(() -> starts);
		return container;
	}

	InlineRuns inlineRuns() {
		return inlineRuns(this.stores.inlineExecutions(inlineOptions()), TimeSource.of(this.stores.clock()));
	}

	private WorkerOptions inlineOptions() {
		return this.options.worker(() -> InlineRuns.WORKER, Duration.ofSeconds(1));
	}

	InlineRuns inlineRuns(ExecutionStore executions, TimeSource time) {
		return new InlineRuns(inlineOptions(), executions, this.handling, time);
	}

	/** A name that people recognise and no other process has. */
	private String generateName() {
		String application = this.environment.getProperty("spring.application.name");
		String base = StringUtils.hasText(application) ? application : hostname();
		return base.strip().replaceAll("[^A-Za-z0-9._-]+", "-") + "-"
				+ HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
	}

	static String hostname() {
		return HostName.orElse("worker");
	}

	private void warnOfLongShutdown(Duration shutdownTimeout) {
		Duration phaseTimeout = Binder.get(this.environment)
			.bind(PHASE_TIMEOUT, Duration.class)
			.orElse(DEFAULT_PHASE_TIMEOUT);
		if (shutdownTimeout.compareTo(phaseTimeout) >= 0) {
			log.warn(
					"'rq.worker.shutdown-timeout' ({}) should be less than '{}' ({}): the application may end before "
							+ "its worker has stopped in order, and its jobs run again when their leases have run out",
					shutdownTimeout, PHASE_TIMEOUT, phaseTimeout);
		}
	}

}
