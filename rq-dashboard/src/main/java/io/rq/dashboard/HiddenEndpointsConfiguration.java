package io.rq.dashboard;

import java.util.List;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.web.context.reactive.ReactiveWebApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Refuses a path at which the dashboard would hide endpoints: it comes first.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({ PathMappedEndpoints.class, ManagementPortType.class })
class HiddenEndpointsConfiguration {

	@Bean
	SmartInitializingSingleton rqHiddenEndpointsCheck(RqDashboardProperties properties,
			ObjectProvider<PathMappedEndpoints> endpoints, ApplicationContext context) {
		return () -> {
			if (isBesideEndpoints(properties, context)) {
				endpoints.ifAvailable((exposed) -> check(properties.path(), exposed));
			}
		};
	}

	/** A reactive port of management serves all that the application does. */
	private static boolean isBesideEndpoints(RqDashboardProperties properties, ApplicationContext context) {
		return switch (ManagementPortType.get(context.getEnvironment())) {
			case SAME -> true;
			case DIFFERENT -> properties.onManagementPort() || context instanceof ReactiveWebApplicationContext;
			case DISABLED -> false;
		};
	}

	private static void check(String path, PathMappedEndpoints endpoints) {
		List<String> hidden = endpoints.getAllPaths()
			.stream()
			.filter((endpoint) -> (endpoint + "/").startsWith(path + "/"))
			.sorted()
			.toList();
		if (!hidden.isEmpty()) {
			throw new InvalidConfigurationPropertyValueException("rq.dashboard.path", path,
					"The dashboard would hide the endpoints at " + hidden + " on the same port. Choose another path, "
							+ "or another 'management.endpoints.web.base-path'.");
		}
	}

}
