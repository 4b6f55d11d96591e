package io.rq.dashboard;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Configuration properties of the dashboard.
 *
 * @param enabled Whether to serve the dashboard.
 * @param path Path that the dashboard is under, within that of the application.
 * @param onManagementPort Whether to serve the dashboard on the port of the management
 * endpoints, when they have one of their own, instead of that of the application.
 */
@ConfigurationProperties("rq.dashboard")
public record RqDashboardProperties(@DefaultValue("false") boolean enabled, @DefaultValue("/rq") String path,
		@DefaultValue("false") boolean onManagementPort) {

}
