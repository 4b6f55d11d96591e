package io.rq.autoconfigure;

import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.rq.event.RqEventPublisher;
import io.rq.worker.WorkerContainer;

/**
 * Configuration of the events that applications can listen to.
 */
@Configuration(proxyBeanMethods = false)
class RqEventConfiguration {

	/** Ends after workers and schedulers, to tell of their ends. */
	private static final int PHASE = WorkerContainer.PHASE - 2;

	@Bean
	RqEventPublisher rqEventPublisher(ApplicationContext context) {
		return new RqEventPublisher(context, PHASE);
	}

}
