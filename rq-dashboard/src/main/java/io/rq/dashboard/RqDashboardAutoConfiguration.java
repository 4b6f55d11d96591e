package io.rq.dashboard;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

import io.rq.autoconfigure.ConditionalOnFlag;
import io.rq.autoconfigure.RqAutoConfiguration;
import io.rq.operations.AuditTrail;
import io.rq.operations.RqOperations;

/**
 * Auto-configuration for the dashboard.
 */
@AutoConfiguration(after = RqAutoConfiguration.class)
@ConditionalOnFlag("rq.dashboard.enabled")
@ConditionalOnWebApplication
@ConditionalOnBean(RqOperations.class)
@EnableConfigurationProperties(RqDashboardProperties.class)
@Import({ ServletDashboardConfiguration.class, ReactiveDashboardConfiguration.class,
		HiddenEndpointsConfiguration.class })
public final class RqDashboardAutoConfiguration {

	/** Before the controllers: one of them may take every path. */
	static final int ORDER = -100;

	@Bean
	Dashboard rqDashboard(RqDashboardProperties properties, RqOperations operations, AuditTrail trail) {
		String path = properties.path();
		if (!path.matches("(/[\\w.~-]+)+")) {
			throw new InvalidConfigurationPropertyValueException("rq.dashboard.path", path,
					"It begins with a slash, does not end with one, and has letters, digits and '-', '_', '.', '~'.");
		}
		return new Dashboard(path, new DashboardApi(operations, trail));
	}

}
