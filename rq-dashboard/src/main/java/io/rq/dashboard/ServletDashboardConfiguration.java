package io.rq.dashboard;

import java.util.Map;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;

import io.rq.autoconfigure.RqProperties;

/**
 * The dashboard in applications with servlets.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(DispatcherServlet.class)
class ServletDashboardConfiguration {

	@Bean
	ServletDashboard rqServletDashboard(Dashboard dashboard, ServletGate gate) {
		return new ServletDashboard(dashboard, gate);
	}

	@Bean
	@Conditional(OnApplicationPort.class)
	SimpleUrlHandlerMapping rqDashboardMapping(RqDashboardProperties properties, ServletDashboard dashboard) {
		return mapping(properties, dashboard);
	}

	static SimpleUrlHandlerMapping mapping(RqDashboardProperties properties, ServletDashboard dashboard) {
		return new SimpleUrlHandlerMapping(Map.of(properties.path(), dashboard, properties.path() + "/**", dashboard),
				RqDashboardAutoConfiguration.ORDER);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(name = "org.springframework.security.core.context.SecurityContextHolder")
	static class WithSpringSecurity {

		@Bean
		ServletGate rqDashboardGate() {
			return new SecurityServletGate();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnMissingClass("org.springframework.security.core.context.SecurityContextHolder")
	static class WithoutSpringSecurity {

		@Bean
		ServletGate rqDashboardGate(RqProperties properties) {
			return new LocalServletGate(new LocalViewers(properties.operations().roles().viewer()));
		}

	}

}
