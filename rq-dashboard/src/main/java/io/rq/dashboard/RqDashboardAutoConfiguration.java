package io.rq.dashboard;

import java.util.Map;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;

import io.rq.autoconfigure.RqAutoConfiguration;
import io.rq.autoconfigure.RqProperties;
import io.rq.operations.AuditTrail;
import io.rq.operations.RqOperations;

/**
 * Auto-configuration for the dashboard.
 */
@AutoConfiguration(after = RqAutoConfiguration.class)
@ConditionalOnBooleanProperty("rq.dashboard.enabled")
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(DispatcherServlet.class)
@ConditionalOnBean(RqOperations.class)
@EnableConfigurationProperties(RqDashboardProperties.class)
public final class RqDashboardAutoConfiguration {

	/** Before the controllers: one of them may take every path. */
	private static final int ORDER = -100;

	@Bean
	SimpleUrlHandlerMapping rqDashboardMapping(RqDashboardProperties properties, RqOperations operations,
			AuditTrail trail, Gate gate) {
		String path = properties.path();
		if (!path.matches("(/[\\w.~-]+)+")) {
			throw new InvalidConfigurationPropertyValueException("rq.dashboard.path", path,
					"It begins with a slash, does not end with one, and has letters, digits and '-', '_', '.', '~'.");
		}
		DashboardHandler handler = new DashboardHandler(path, gate, new DashboardApi(operations, trail));
		return new SimpleUrlHandlerMapping(Map.of(path, handler, path + "/**", handler), ORDER);
	}

	/** Whom the application's Spring Security lets in. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(name = "org.springframework.security.core.context.SecurityContextHolder")
	static class WithSpringSecurity {

		@Bean
		Gate rqDashboardGate() {
			return new SpringSecurityGate();
		}

	}

	/** Whoever sits at this machine, to look only. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnMissingClass("org.springframework.security.core.context.SecurityContextHolder")
	static class WithoutSpringSecurity {

		@Bean
		Gate rqDashboardGate(RqProperties properties) {
			return new LocalGate(properties.operations().roles().viewer());
		}

	}

}
