package io.rq.autoconfigure.observation;

import io.micrometer.observation.ObservationRegistry;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

import io.rq.autoconfigure.RqAutoConfiguration;
import io.rq.observation.JobEnqueueObservationConvention;
import io.rq.observation.JobRunObservationConvention;
import io.rq.observation.ObservationJobInterceptor;
import io.rq.template.JobOperations;

/**
 * Auto-configuration for the observation of enqueueing and running.
 */
@AutoConfiguration(after = RqAutoConfiguration.class,
		afterName = "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration")
@ConditionalOnClass(ObservationRegistry.class)
@ConditionalOnBean({ ObservationRegistry.class, JobOperations.class })
@ConditionalOnBooleanProperty(name = "management.observations.enable.rq", matchIfMissing = true)
public final class RqObservationAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	ObservationJobInterceptor rqObservationJobInterceptor(ObservationRegistry registry,
			ObjectProvider<JobEnqueueObservationConvention> enqueueConvention,
			ObjectProvider<JobRunObservationConvention> runConvention) {
		return new ObservationJobInterceptor(registry, enqueueConvention.getIfAvailable(),
				runConvention.getIfAvailable());
	}

}
