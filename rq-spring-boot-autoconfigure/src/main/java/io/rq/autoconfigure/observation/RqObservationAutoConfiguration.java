package io.rq.autoconfigure.observation;

import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.propagation.Propagator;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

import io.rq.autoconfigure.RqAutoConfiguration;
import io.rq.handler.QueueTags;
import io.rq.observation.JobEnqueueObservationConvention;
import io.rq.observation.JobRunObservationConvention;
import io.rq.observation.JobRunTracingObservationHandler;
import io.rq.observation.ObservationJobInterceptor;
import io.rq.template.JobOperations;

/**
 * Auto-configuration for the observation of enqueueing and running.
 */
@AutoConfiguration(after = RqAutoConfiguration.class,
		afterName = { "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration",
				"org.springframework.boot.micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration" })
@ConditionalOnClass(ObservationRegistry.class)
@ConditionalOnBean({ ObservationRegistry.class, JobOperations.class, QueueTags.class })
@ConditionalOnBooleanProperty(name = "management.observations.enable.rq", matchIfMissing = true)
public final class RqObservationAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	ObservationJobInterceptor rqObservationJobInterceptor(ObservationRegistry registry,
			ObjectProvider<JobEnqueueObservationConvention> enqueueConvention,
			ObjectProvider<JobRunObservationConvention> runConvention, QueueTags queueTags) {
		return new ObservationJobInterceptor(registry, enqueueConvention.getIfAvailable(),
				runConvention.getIfAvailable(), queueTags);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(PropagatingReceiverTracingObservationHandler.class)
	@ConditionalOnBean({ Tracer.class, Propagator.class })
	static class TracingConfiguration {

		/** Before that of any receiver, of which only the first is asked. */
		@Bean
		@ConditionalOnMissingBean
		@Order(0)
		JobRunTracingObservationHandler rqJobRunTracingObservationHandler(Tracer tracer, Propagator propagator,
				ObjectProvider<JobOperations> jobs) {
			return new JobRunTracingObservationHandler(tracer, propagator, (job, failedRun) -> jobs.getObject()
				.updateMeta(job, (meta) -> meta.put(JobRunTracingObservationHandler.FAILED_RUN, failedRun)));
		}

	}

}
