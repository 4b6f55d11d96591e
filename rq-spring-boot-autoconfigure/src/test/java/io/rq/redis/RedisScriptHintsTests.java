package io.rq.redis;

import org.junit.jupiter.api.Test;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.core.io.support.SpringFactoriesLoader;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RedisScriptHints}.
 */
class RedisScriptHintsTests {

	@Test
	void keepsEveryScript() {
		RuntimeHints hints = new RuntimeHints();
		SpringFactoriesLoader.forResourceLocation("META-INF/spring/aot.factories")
			.load(RuntimeHintsRegistrar.class)
			.stream()
			.filter(RedisScriptHints.class::isInstance)
			.forEach((registrar) -> registrar.registerHints(hints, getClass().getClassLoader()));
		for (Script script : Script.values()) {
			assertThat(RuntimeHintsPredicates.resource().forResource("io/rq/redis/" + script.fileName()))
				.as(script.fileName())
				.accepts(hints);
		}
		assertThat(RuntimeHintsPredicates.resource().forResource("io/rq/redis/includes/clock.lua")).accepts(hints);
	}

}
