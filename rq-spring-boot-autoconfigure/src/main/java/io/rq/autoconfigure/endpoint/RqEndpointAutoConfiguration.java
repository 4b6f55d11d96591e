package io.rq.autoconfigure.endpoint;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

import io.rq.monitor.LocalContainers;
import io.rq.actuate.endpoint.RqEndpoint;
import io.rq.autoconfigure.RqAutoConfiguration;
import io.rq.monitor.Queues;
import io.rq.scheduler.SchedulerContainer;
import io.rq.scheduler.SchedulerRegistrations;
import io.rq.monitor.DelayedRetryCheck;
import io.rq.worker.WorkerContainer;
import io.rq.worker.WorkerRegistrations;

/**
 * Auto-configuration for {@link RqEndpoint}.
 */
@AutoConfiguration(after = RqAutoConfiguration.class)
@ConditionalOnClass({ Endpoint.class, ConditionalOnAvailableEndpoint.class })
@ConditionalOnBean(Queues.class)
@ConditionalOnAvailableEndpoint(RqEndpoint.class)
public final class RqEndpointAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	RqEndpoint rqEndpoint(Queues queues, WorkerRegistrations workers, SchedulerRegistrations schedulers,
			ObjectProvider<WorkerContainer> localWorkers, ObjectProvider<SchedulerContainer> localSchedulers,
			DelayedRetryCheck retryCheck) {
		LocalContainers local = new LocalContainers(() -> localWorkers.orderedStream().toList(),
				() -> localSchedulers.orderedStream().toList());
		return new RqEndpoint(queues, workers, schedulers, local, retryCheck);
	}

}
