package io.rq.autoconfigure;

import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MissingEmbeddedRedisAutoConfiguration}.
 */
class MissingEmbeddedRedisAutoConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner().withConfiguration(
			AutoConfigurations.of(MissingEmbeddedRedisAutoConfiguration.class, DataRedisAutoConfiguration.class));

	private final ApplicationContextRunner enabled = this.contextRunner
		.withPropertyValues("rq.embedded-redis.enabled=true");

	@Test
	void namesTheModuleWhereTheEmbeddedRedisIsEnabled() {
		this.enabled.run((context) -> {
			assertThat(context).hasFailed();
			Throwable failure = context.getStartupFailure();
			assertThat(failure).hasRootCauseInstanceOf(InvalidRqConfigurationException.class);
			FailureAnalysis analysis = new InvalidRqConfigurationFailureAnalyzer().analyze(failure);
			assertThat(analysis).isNotNull();
			assertThat(analysis.getDescription()).contains("rq.embedded-redis.enabled", "class path");
			assertThat(analysis.getAction()).contains("io.rq:rq-embedded-redis");
		});
	}

	@Test
	void saysNothingByDefault() {
		this.contextRunner.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void leavesTheConnectionToWhoeverBringsOne() {
		DataRedisConnectionDetails others = new DataRedisConnectionDetails() {

			@Override
			public Standalone getStandalone() {
				return Standalone.of("redis.example.org", 6379);
			}

		};
		this.enabled.withBean(DataRedisConnectionDetails.class, () -> others)
			.run((context) -> assertThat(context).hasNotFailed()
				.getBean(DataRedisConnectionDetails.class)
				.isSameAs(others));
	}

}
