package io.rq.dashboard;

import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.DispatcherHandler;
import org.springframework.web.servlet.DispatcherServlet;

import io.rq.autoconfigure.ConditionalOnFlag;

/**
 * The dashboard on the port of the management endpoints, when that is one of their own.
 */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
@ConditionalOnFlag("rq.dashboard.on-management-port")
@ConditionalOnBean(Dashboard.class)
class DashboardManagementConfiguration {

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
	@ConditionalOnClass(DispatcherServlet.class)
	static class OfServlets {

		@Bean
		org.springframework.web.servlet.handler.SimpleUrlHandlerMapping rqManagementDashboardMapping(
				RqDashboardProperties properties, ServletDashboard dashboard) {
			return ServletDashboardConfiguration.mapping(properties, dashboard);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
	@ConditionalOnClass(DispatcherHandler.class)
	static class Reactive {

		@Bean
		org.springframework.web.reactive.handler.SimpleUrlHandlerMapping rqManagementDashboardMapping(
				RqDashboardProperties properties, ReactiveDashboard dashboard) {
			return ReactiveDashboardConfiguration.mapping(properties, dashboard);
		}

	}

}
