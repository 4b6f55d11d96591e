package io.rq.outbox.autoconfigure;

import java.util.Map;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Sets db-scheduler up for rows that are gone in milliseconds, where the application has
 * not set it up itself: what a dead process has picked is free after a minute and not
 * after half an hour, and nothing is polled before the application could start.
 */
final class SchedulerDefaults implements EnvironmentPostProcessor {

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		environment.getPropertySources()
			.addLast(new MapPropertySource("rqOutboxSchedulerDefaults", Map.of("db-scheduler.heartbeat-interval", "10s",
					"db-scheduler.delay-startup-until-context-ready", "true")));
	}

}
