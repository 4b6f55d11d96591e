package io.rq.autoconfigure.metrics;

import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

import io.rq.autoconfigure.RqAutoConfiguration;
import io.rq.handler.JobHandlerRegistry;
import io.rq.handler.QueueTags;
import io.rq.history.HistoryReader;
import io.rq.job.Partitions;
import io.rq.metrics.ConnectionMetrics;
import io.rq.metrics.CronMetrics;
import io.rq.metrics.JobMetrics;
import io.rq.metrics.QueueMetrics;
import io.rq.monitor.LocalContainers;
import io.rq.monitor.QueueMonitor;
import io.rq.redis.connection.ConnectionListener;

/**
 * Auto-configuration for the meters of jobs, queues, workers and schedulers.
 */
@AutoConfiguration(after = RqAutoConfiguration.class,
		afterName = { "org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration",
				"org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration" })
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean({ MeterRegistry.class, QueueMonitor.class })
public final class RqMetricsAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	JobMetrics rqJobMetrics(MeterRegistry registry, JobHandlerRegistry handlers, QueueTags queueTags,
			Partitions partitions) {
		return new JobMetrics(registry, handlers, queueTags, partitions);
	}

	@Bean
	NotEnqueuedMeter rqNotEnqueuedMeter(JobMetrics metrics) {
		return new NotEnqueuedMeter(metrics);
	}

	@Bean
	@ConditionalOnMissingBean
	CronMetrics rqCronMetrics(MeterRegistry registry) {
		return new CronMetrics(registry);
	}

	@Bean
	ConnectionListener rqConnectionMetrics(MeterRegistry registry) {
		ConnectionMetrics metrics = new ConnectionMetrics(registry);
		return (trouble) -> metrics.replaced(trouble.name());
	}

	@Bean
	QueueMetricsBinding rqQueueMetricsBinding(MeterRegistry registry, QueueMonitor monitor, LocalContainers local,
			Partitions partitions, HistoryReader history) {
		return new QueueMetricsBinding(new QueueMetrics(monitor, local, partitions, history), registry);
	}

}
