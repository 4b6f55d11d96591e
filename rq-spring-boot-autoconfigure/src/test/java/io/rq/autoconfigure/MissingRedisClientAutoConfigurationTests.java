package io.rq.autoconfigure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.data.redis.connection.RedisConnectionFactory;

import io.rq.template.JobTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MissingRedisClientAutoConfiguration}.
 */
class MissingRedisClientAutoConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, RqAutoConfiguration.class,
				MissingRedisClientAutoConfiguration.class));

	@ParameterizedTest
	@CsvSource({ "jedis, redis.clients.jedis, redis.clients:jedis", "Lettuce, io.lettuce, io.lettuce:lettuce-core" })
	void namesTheClientThatIsMissing(String type, String packages, String library) {
		this.contextRunner.withPropertyValues("spring.data.redis.client-type=" + type)
			.withClassLoader(new FilteredClassLoader(packages))
			.withBean(NeedsTemplate.class)
			.run((context) -> {
				assertThat(context).hasFailed();
				FailureAnalysis analysis = new InvalidRqConfigurationFailureAnalyzer()
					.analyze(context.getStartupFailure());
				assertThat(analysis).isNotNull();
				assertThat(analysis.getDescription())
					.containsIgnoringCase("'spring.data.redis.client-type' is " + type);
				assertThat(analysis.getAction()).contains(library);
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "jedis", "lettuce" })
	void saysNothingOfAClientThatIsThere(String type) {
		this.contextRunner.withPropertyValues("spring.data.redis.client-type=" + type)
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(RedisConnectionFactory.class));
	}

	@Test
	void saysThatNoneIsNamed() {
		this.contextRunner.withPropertyValues("spring.data.redis.client-type=")
			.run((context) -> assertThat(context.getStartupFailure()).hasMessageContaining("is empty"));
	}

	@Test
	void saysNothingWhereNobodyAsksForOne() {
		this.contextRunner.withPropertyValues("spring.data.redis.client-type=jedis", "rq.enabled=false")
			.withClassLoader(new FilteredClassLoader("redis.clients.jedis"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(JobTemplate.class));
	}

	record NeedsTemplate(JobTemplate template) {
	}

}
