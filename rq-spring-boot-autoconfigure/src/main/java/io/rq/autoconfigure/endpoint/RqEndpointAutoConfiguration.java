package io.rq.autoconfigure.endpoint;

import java.util.List;
import java.util.Set;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.rq.actuate.endpoint.RqEndpoint;
import io.rq.actuate.endpoint.RqEndpointWebExtension;
import io.rq.actuate.endpoint.UnknownOptionsAdvisor;
import io.rq.actuate.endpoint.Values;
import io.rq.autoconfigure.RqAutoConfiguration;
import io.rq.autoconfigure.RqProperties;
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

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(EndpointWebExtension.class)
	@ConditionalOnWebApplication
	@EnableConfigurationProperties(RqEndpointProperties.class)
	static class WebExtensionConfiguration {

		@Bean
		@ConditionalOnMissingBean
		RqEndpointWebExtension rqEndpointWebExtension(RqOperations operations, RqEndpointProperties properties,
				RqProperties rq, ObjectProvider<SanitizingFunction> functions) {
			RqProperties.Operations.Roles roles = rq.operations().roles();
			return new RqEndpointWebExtension(operations,
					new Values(properties.showValues(), properties.roles(), functions.orderedStream().toList()),
					Set.copyOf(List.of(roles.viewer(), roles.operator(), roles.admin())));
		}

		@Bean
		@ConditionalOnMissingBean
		UnknownOptionsAdvisor rqUnknownOptionsAdvisor() {
			return new UnknownOptionsAdvisor();
		}

	}

}
