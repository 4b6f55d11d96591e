package io.rq.autoconfigure;

import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.rq.event.RqEventPublisher;

/**
 * Configuration of the events that applications can listen to.
 */
@Configuration(proxyBeanMethods = false)
class RqEventConfiguration {

	@Bean
	RqEventPublisher rqEventPublisher(ApplicationContext context) {
		return new RqEventPublisher(context, RqWorkerConfiguration.PHASE_OF_LISTENERS);
	}

}
