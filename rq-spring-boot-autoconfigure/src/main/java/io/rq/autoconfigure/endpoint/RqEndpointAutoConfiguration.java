package io.rq.autoconfigure.endpoint;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

import io.rq.actuate.endpoint.RqEndpoint;
import io.rq.autoconfigure.RqAutoConfiguration;
import io.rq.operations.RqOperations;

/**
 * Auto-configuration for {@link RqEndpoint}.
 */
@AutoConfiguration(after = RqAutoConfiguration.class)
@ConditionalOnClass({ Endpoint.class, ConditionalOnAvailableEndpoint.class })
@ConditionalOnBean(RqOperations.class)
@ConditionalOnAvailableEndpoint(RqEndpoint.class)
public final class RqEndpointAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	RqEndpoint rqEndpoint(RqOperations operations) {
		return new RqEndpoint(operations);
	}

}
