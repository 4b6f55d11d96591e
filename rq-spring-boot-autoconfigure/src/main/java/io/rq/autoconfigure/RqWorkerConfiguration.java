package io.rq.autoconfigure;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnThreading;
import org.springframework.boot.thread.Threading;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;

import io.rq.annotation.RqJobDefinitions;
import io.rq.handler.JobExceptionHandler;
import io.rq.handler.JobHandlerRegistry;
import io.rq.handler.JobListener;
import io.rq.interceptor.JobInterceptor;
import io.rq.scheduler.SchedulerContainer;
import io.rq.serializer.JobSerializer;
import io.rq.template.JobOperations;
import io.rq.template.QueueOperations;
import io.rq.template.StoredJobs;
import io.rq.webhook.WebhookJobs;
import io.rq.worker.InlineRuns;
import io.rq.worker.InlineRunsFactory;
import io.rq.worker.JobHandling;
import io.rq.worker.WorkerContainer;
import io.rq.worker.WorkerContainerCustomizer;
import io.rq.worker.WorkerContainerFactory;

/**
 * Configuration of the worker.
 */
@Configuration(proxyBeanMethods = false)
class RqWorkerConfiguration {

	/**
	 * Of what hears of workers and schedulers, a scheduler of one pass among them, to the
	 * end: it ends after them.
	 */
	static final int PHASE_OF_LISTENERS = WorkerContainer.PHASE - 2;

	@Bean
	static WorkerContainerCustomizing rqWorkerContainerCustomizing(
			ObjectProvider<WorkerContainerCustomizer> customizers) {
		return new WorkerContainerCustomizing(customizers);
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnThreading(Threading.PLATFORM)
	WorkerContainerFactory rqWorkerContainerFactory(WorkerParts parts) {
		return parts.factory(false);
	}

	@Bean(name = "rqWorkerContainerFactory")
	@ConditionalOnMissingBean
	@ConditionalOnThreading(Threading.VIRTUAL)
	WorkerContainerFactory rqWorkerContainerFactoryVirtualThreads(WorkerParts parts) {
		return parts.factory(true);
	}

	@Bean
	JobHandling rqJobHandling(JobHandlerRegistry handlers, JobSerializer serializer,
			ObjectProvider<JobListener> listeners, ObjectProvider<JobExceptionHandler> exceptionHandlers,
			ObjectProvider<JobInterceptor> interceptors, ObjectProvider<WebhookJobs> webhooks) {
		return new JobHandling(handlers, serializer, () -> listeners.orderedStream().toList(),
				() -> exceptionHandlers.orderedStream().toList(), () -> interceptors.orderedStream().toList(),
				webhooks.getIfAvailable());
	}

	@Bean
	WorkerParts rqWorkerParts(RqOptions options, RqStores stores, JobHandling handling, Environment environment) {
		return new WorkerParts(options, stores, handling, environment);
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnFlag(value = "rq.worker.enabled", matchIfMissing = true)
	WorkerContainer rqWorkerContainer(WorkerContainerFactory factory, RqOptions options, JobHandlerRegistry handlers) {
		WorkerContainer container = factory.create();
		RqProperties.Worker worker = options.properties().worker();
		if (worker.autoStartup() && worker.enabled() == null) {
			container.setAutoStartup(new HandlersExist(handlers));
		}
		return container;
	}

	@Bean
	@ConditionalOnMissingBean
	StoredJobs rqStoredJobs(QueueOperations queues, JobOperations jobs, JobSerializer serializer,
			RqJobDefinitions definitions, JobHandlerRegistry handlers, KnownQueues known) {
		return new StoredJobs(queues, jobs, serializer, definitions, handlers, known::ofWork);
	}

	@Bean
	StoredJobsCheck rqStoredJobsCheck(StoredJobs jobs, RqOptions options) {
		return new StoredJobsCheck(jobs, options.properties().doctor().storedJobs());
	}

	@Bean
	@ConditionalOnFlag("rq.worker.burst")
	BurstRun rqBurstRun(ObjectProvider<WorkerContainer> workers) {
		return new BurstRun(workers);
	}

	@Bean
	@Lazy
	@ConditionalOnMissingBean
	@ConditionalOnFlag("rq.template.inline")
	InlineRuns rqInlineRuns(WorkerParts parts) {
		return parts.inlineRuns();
	}

	@Bean
	InlineRunsFactory rqInlineRunsFactory(WorkerParts parts) {
		return parts::inlineRuns;
	}

	@Bean
	ConnectionPoolCheck rqConnectionPoolCheck(RqStores stores, ObjectProvider<WorkerContainer> workers,
			ObjectProvider<SchedulerContainer> schedulers) {
		return new ConnectionPoolCheck(stores.connections(), workers, schedulers);
	}

}
