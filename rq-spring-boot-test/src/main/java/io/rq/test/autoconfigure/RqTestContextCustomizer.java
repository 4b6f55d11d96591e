package io.rq.test.autoconfigure;

import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.MergedContextConfiguration;

import io.rq.test.redis.RedisJobs;

/**
 * Sets the properties of tests: above those of the application, below those that the test
 * gives itself.
 *
 * @param redis where the jobs are
 */
record RqTestContextCustomizer(RqTestRedis redis) implements ContextCustomizer {

	private static final String NAME = "rqTest";

	@Override
	public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration configuration) {
		MutablePropertySources sources = context.getEnvironment().getPropertySources();
		MapPropertySource source = new MapPropertySource(NAME, properties());
		// those of a test come before it, whichever way they are given
		String system = StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME;
		if (sources.contains(system)) {
			sources.addBefore(system, source);
		}
		else {
			sources.addFirst(source);
		}
	}

	private Map<String, Object> properties() {
		Map<String, Object> properties = new HashMap<>(
				Map.of("rq.worker.auto-startup", false, "rq.worker.with-scheduler", false, "rq.history.enabled", false,
						"rq.doctor.enabled", false, "rq.doctor.stored-jobs", "off", "rq.operations.bulk.enabled", false,
						"rq.outbox.enabled", false, "rq.key-prefix",
						RedisJobs.PREFIX + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong())));
		if (this.redis != RqTestRedis.APPLICATION) {
			properties.put("rq.embedded-redis.enabled", this.redis == RqTestRedis.EMBEDDED);
		}
		return properties;
	}

}
