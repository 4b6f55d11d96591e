package io.rq.dashboard;

import java.util.Map;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.DispatcherHandler;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;
import org.springframework.web.server.adapter.ForwardedHeaderTransformer;

import io.rq.autoconfigure.RqProperties;

/**
 * The dashboard in reactive applications.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@ConditionalOnClass(DispatcherHandler.class)
class ReactiveDashboardConfiguration {

	@Bean
	ReactiveDashboard rqReactiveDashboard(Dashboard dashboard, ReactiveGate gate) {
		return new ReactiveDashboard(dashboard, gate);
	}

	@Bean
	@Conditional(OnApplicationPort.class)
	SimpleUrlHandlerMapping rqDashboardMapping(RqDashboardProperties properties, ReactiveDashboard dashboard) {
		return mapping(properties, dashboard);
	}

	static SimpleUrlHandlerMapping mapping(RqDashboardProperties properties, ReactiveDashboard dashboard) {
		return new SimpleUrlHandlerMapping(Map.of(properties.path(), dashboard, properties.path() + "/**", dashboard),
				RqDashboardAutoConfiguration.ORDER);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(name = "org.springframework.security.core.context.ReactiveSecurityContextHolder")
	static class WithSpringSecurity {

		@Bean
		ReactiveGate rqDashboardGate() {
			return new SecurityReactiveGate();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnMissingClass("org.springframework.security.core.context.ReactiveSecurityContextHolder")
	static class WithoutSpringSecurity {

		@Bean
		ReactiveGate rqDashboardGate(RqProperties properties, ObjectProvider<ForwardedHeaderTransformer> transformers) {
			return new LocalReactiveGate(new LocalViewers(properties.operations().roles().viewer()),
					transformers.stream().findAny().isPresent());
		}

	}

}
