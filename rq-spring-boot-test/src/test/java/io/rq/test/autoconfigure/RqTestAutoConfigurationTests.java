package io.rq.test.autoconfigure;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;

import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.StaticApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.test.context.MergedContextConfiguration;
import org.springframework.test.context.support.TestPropertySourceUtils;

import io.rq.autoconfigure.RqAutoConfiguration;
import io.rq.autoconfigure.RqRedis;
import io.rq.template.JobOperations;
import io.rq.test.RqTestOperations;
import io.rq.test.recording.NoRedis;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RqTestAutoConfiguration} and the properties of tests.
 */
class RqTestAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, JacksonAutoConfiguration.class,
				RqAutoConfiguration.class, RqTestAutoConfiguration.class))
		.withPropertyValues("rq.worker.auto-startup=false", "rq.worker.with-scheduler=false");

	@Test
	void jobsAreRecordedByDefault() {
		this.runner.run((context) -> {
			context.getBean(JobOperations.class).enqueue("some.function", 42);
			RqTestOperations jobs = context.getBean(RqTestOperations.class);
			assertThat(jobs).hasEnqueued("some.function").withArguments(42);
			assertThat(context.getBean(RedisConnectionFactory.class)).isNotInstanceOf(NoRedis.class);
		});
	}

	@Test
	void jobsAreRecordedInAnApplicationWithARedisForJobs() {
		this.runner.withUserConfiguration(RedisForJobs.class).run((context) -> {
			context.getBean(JobOperations.class).enqueue("some.function");
			assertThat(context.getBean(RqTestOperations.class)).hasEnqueuedCount(1);
		});
	}

	@Test
	void clockIsThatOfTheApplication() {
		Instant time = Instant.parse("2030-01-01T00:00:00Z");
		this.runner.withBean(Clock.class, () -> Clock.fixed(time, ZoneOffset.UTC))
			.run((context) -> assertThat(context.getBean(RqTestOperations.class).now()).isEqualTo(time));
	}

	@Test
	void eachContextHasAPrefixOfItsOwn() {
		assertThat(customized("a=b").getProperty("rq.key-prefix")).startsWith("rq-test-")
			.isNotEqualTo(customized("a=b").getProperty("rq.key-prefix"));
	}

	@Test
	void jobsOfATransactionAreThereWhenItHasCommitted() {
		assertThat(customized("a=b").getProperty("rq.outbox.enabled")).isEqualTo("false");
	}

	@Test
	void propertiesOfTheTestHaveTheLastWord() {
		assertThat(customized("rq.key-prefix=mine").getProperty("rq.key-prefix")).isEqualTo("mine");
		assertThat(customized("rq.outbox.enabled=true").getProperty("rq.outbox.enabled")).isEqualTo("true");
	}

	private static Environment customized(String property) {
		StaticApplicationContext context = new StaticApplicationContext();
		TestPropertySourceUtils.addInlinedPropertiesToEnvironment(context, property);
		new RqTestContextCustomizer(RqTestRedis.NONE).customizeContext(context,
				new MergedContextConfiguration(RqTestAutoConfigurationTests.class, null, null, null, null));
		return context.getEnvironment();
	}

	@Configuration(proxyBeanMethods = false)
	static class RedisForJobs {

		@Bean
		RedisConnectionFactory redis() {
			return new JedisConnectionFactory();
		}

		@Bean
		@RqRedis
		RedisConnectionFactory redisForJobs() {
			return new JedisConnectionFactory();
		}

	}

}
