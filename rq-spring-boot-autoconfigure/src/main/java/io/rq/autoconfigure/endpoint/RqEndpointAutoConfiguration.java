package io.rq.autoconfigure.endpoint;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

import io.rq.actuate.endpoint.RqEndpoint;
import io.rq.autoconfigure.RqAutoConfiguration;
import io.rq.cron.CronOperations;
import io.rq.monitor.LocalContainers;
import io.rq.monitor.RqMonitor;

/**
 * Auto-configuration for {@link RqEndpoint}.
 */
@AutoConfiguration(after = RqAutoConfiguration.class)
@ConditionalOnClass({ Endpoint.class, ConditionalOnAvailableEndpoint.class })
@ConditionalOnBean(RqMonitor.class)
@ConditionalOnAvailableEndpoint(RqEndpoint.class)
public final class RqEndpointAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	RqEndpoint rqEndpoint(RqMonitor monitor, LocalContainers local, ObjectProvider<CronOperations> cron) {
		return new RqEndpoint(monitor, local, () -> cron.stream().flatMap((jobs) -> jobs.list().stream()).toList());
	}

}
