package io.rq.autoconfigure;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application whose Redis user may do no more than the documentation says it needs.
 */
@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
class RestrictedUserTests {

	private final TestRedis redis = TestRedis.start();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, JacksonAutoConfiguration.class,
				RqAutoConfiguration.class))
		.withUserConfiguration(RqEndToEndTests.Application.class)
		.withPropertyValues("spring.data.redis.host=" + this.redis.host(),
				"spring.data.redis.port=" + this.redis.port(), "spring.data.redis.username=app",
				"spring.data.redis.password=secret", "rq.worker.with-scheduler=true");

	@AfterEach
	void close() {
		this.redis.close();
	}

	@Test
	void mayOnlyUseTheKeysAndChannelsOfRq(CapturedOutput output) {
		user("~rq:*", "&rq:*");
		this.runner.run(RqEndToEndTests::jobsOfAllKindsEnd);
		assertThat(output).doesNotContain("NOPERM");
	}

	@Test
	void losesNothingWithoutTheChannels(CapturedOutput output) {
		user("~rq:*", "resetchannels");
		this.runner.run(RqEndToEndTests::jobsOfAllKindsEnd);
		assertThat(output).contains("NOPERM").contains("channel");
	}

	private void user(String keys, String channels) {
		this.redis.setUser("app", "on", ">secret", "+@all", "-@admin", "-@dangerous", keys, channels);
	}

}
