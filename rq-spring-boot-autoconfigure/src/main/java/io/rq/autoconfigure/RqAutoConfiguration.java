package io.rq.autoconfigure;

import java.time.Clock;

import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.data.redis.connection.RedisConnectionFactory;

import io.rq.annotation.RqJobDefinitions;
import io.rq.cron.CronJobs;
import io.rq.handler.JobHandlerRegistry;
import io.rq.handler.JobListener;
import io.rq.interceptor.JobInterceptor;
import io.rq.job.Partitions;
import io.rq.lifecycle.Listeners;
import io.rq.redis.AwaitedResults;
import io.rq.redis.JobStore;
import io.rq.redis.connection.ConnectionListener;
import io.rq.scheduler.SchedulerListener;
import io.rq.serializer.JobSerializer;
import io.rq.serializer.RqJsonMapperBuilderCustomizer;
import io.rq.template.JobOperations;
import io.rq.template.JobOutbox;
import io.rq.template.JobTemplate;
import io.rq.template.JobTemplateCustomizer;
import io.rq.template.OutboxDelivery;
import io.rq.template.QueueOperations;
import io.rq.template.QueueTemplate;
import io.rq.template.SchedulingWatch;
import io.rq.template.WorkerOperations;
import io.rq.template.WorkerTemplate;
import io.rq.worker.InlineRuns;
import io.rq.worker.JobHandling;
import io.rq.worker.WorkerContainer;

/**
 * Auto-configuration for RQ: enqueueing, {@code @RqJob} methods, worker and scheduler.
 */
@AutoConfiguration(after = { DataRedisAutoConfiguration.class, JacksonAutoConfiguration.class })
@ConditionalOnClass(RedisConnectionFactory.class)
@Conditional(OnJobRedisCondition.class)
@ConditionalOnFlag(value = "rq.enabled", matchIfMissing = true)
@EnableConfigurationProperties(RqProperties.class)
@Import({ RqAutoConfiguration.JacksonConfiguration.class, RqJobConfiguration.class, RqWorkerConfiguration.class,
		RqSchedulerConfiguration.class, RqContextConfiguration.class, RqCronConfiguration.class,
		RqEventConfiguration.class, RqMonitorConfiguration.class, RqHistoryConfiguration.class,
		RqOperationsConfiguration.class, RqWebhookConfiguration.class })
public final class RqAutoConfiguration {

	@Bean
	RqOptions rqOptions(RqProperties properties) {
		return new RqOptions(properties);
	}

	@Bean
	Partitions rqPartitions(RqOptions options) {
		return options.partitions();
	}

	@Bean
	RqConnections rqConnections(ObjectProvider<RedisConnectionFactory> connections,
			@RqRedis ObjectProvider<RedisConnectionFactory> rqConnections, ObjectProvider<ConnectionListener> listeners,
			RqOptions options) {
		return new RqConnections(JobRedis.choose(connections, rqConnections),
				options.layout(options.properties().keyPrefix()),
				new Listeners<>(() -> listeners.orderedStream().iterator()));
	}

	@Bean
	RqStores rqStores(RqConnections connections, ObjectProvider<Clock> clock, RqOptions options) {
		return new RqStores(connections, clock.getIfUnique(Clock::systemUTC), options);
	}

	@Bean
	AwaitedResultsLifecycle rqResults(ObjectProvider<AwaitedResults> awaited, RqStores stores, RqOptions options) {
		return new AwaitedResultsLifecycle(
				awaited.getIfAvailable(() -> stores.results(options.properties().worker().lease())));
	}

	@Bean
	@ConditionalOnMissingBean
	JobStore rqJobStore(RqStores stores, RqOptions options, ObjectProvider<InlineRuns> inline) {
		return options.properties().template().inline() ? stores.inlineJobs(inline::getObject) : stores.jobs();
	}

	@Bean
	TemplateParts rqTemplateParts(RqOptions options, JobSerializer serializer, RqJobDefinitions definitions,
			ObjectProvider<JobInterceptor> interceptors, ObjectProvider<JobListener> listeners,
			ApplicationEventPublisher events) {
		return new TemplateParts(options, serializer, definitions, interceptors, listeners, events);
	}

	@Bean
	@ConditionalOnMissingBean(JobOperations.class)
	JobTemplate rqJobTemplate(TemplateParts parts, JobStore store, RqStores stores, SchedulingWatch watch,
			AwaitedResultsLifecycle results, ObjectProvider<JobTemplateCustomizer> customizers,
			ObjectProvider<JobOutbox> outbox) {
		JobTemplate jobs = parts.template(store, watch, stores.clock(), results.awaited(), outbox.getIfAvailable());
		customizers.orderedStream().forEach((customizer) -> customizer.customize(jobs));
		return jobs;
	}

	@Bean
	OutboxDelivery rqOutboxDelivery(TemplateParts parts, JobStore store, SchedulingWatch watch) {
		return new OutboxDelivery(store, watch, parts.heard(), parts.events()::publishEvent);
	}

	@Bean
	KnownQueues rqKnownQueues(RqOptions options, JobHandlerRegistry handlers, ObjectProvider<WorkerContainer> workers,
			ObjectProvider<CronJobs> cronJobs) {
		return new KnownQueues(options, handlers, workers, cronJobs);
	}

	@Bean
	RqInstanceFactory rqInstanceFactory(TemplateParts parts, JobHandling handling, Environment environment,
			RqStores stores, ObjectProvider<ConnectionListener> listeners,
			ObjectProvider<SchedulerListener> schedulerListeners) {
		return new RqInstanceFactory(parts, handling, environment, stores.clock(),
				new Listeners<>(() -> listeners.orderedStream().iterator()), schedulerListeners);
	}

	@Bean
	@ConditionalOnMissingBean(QueueOperations.class)
	QueueTemplate rqQueueTemplate(RqStores stores, RqOptions options) {
		return stores.queueTemplate(options);
	}

	@Bean
	@ConditionalOnMissingBean(WorkerOperations.class)
	WorkerTemplate rqWorkerTemplate(RqStores stores) {
		return new WorkerTemplate(stores.workers());
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(JsonMapper.class)
	@ConditionalOnMissingBean(JobSerializer.class)
	static class JacksonConfiguration {

		@Bean
		JobSerializer rqJobSerializer(ObjectProvider<JsonMapper> mapper,
				ObjectProvider<RqJsonMapperBuilderCustomizer> customizers, RqOptions options) {
			RqProperties properties = options.properties();
			return properties.serializer()
				.serializer(ApplicationMapper.choose(mapper, customizers), properties.job().maxPayloadSize().toBytes());
		}

	}

}
