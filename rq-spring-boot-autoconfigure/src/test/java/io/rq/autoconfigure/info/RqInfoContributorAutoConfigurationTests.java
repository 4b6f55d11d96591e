package io.rq.autoconfigure.info;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.rq.actuate.info.RqInfoContributor;
import io.rq.annotation.RqJob;
import io.rq.autoconfigure.RqAutoConfiguration;
import io.rq.test.RedisTest;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RqInfoContributorAutoConfiguration}.
 */
@RedisTest
class RqInfoContributorAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, JacksonAutoConfiguration.class,
				RqAutoConfiguration.class, RqInfoContributorAutoConfiguration.class))
		.withBean(Jobs.class)
		.withPropertyValues("spring.data.redis.url=" + TestRedis.shared().url(), "rq.worker.name=ada",
				"rq.worker.concurrency=3");

	@Test
	void tellsOfWorkersAndFunctionsWhenAsked() {
		this.runner.withPropertyValues("management.info.rq.enabled=true").run((context) -> {
			Info.Builder builder = new Info.Builder();
			context.getBean(InfoContributor.class).contribute(builder);
			assertThat(builder.build().get("rq"))
				.isEqualTo(Map.of("functions", List.of("mail.report", "mail.send"), "workers",
						List.of(Map.of("name", "ada", "queues", List.of("mail"), "concurrency", 3, "running", true))));
		});
	}

	@Test
	void tellsNothingUnasked() {
		this.runner.run((context) -> assertThat(context).doesNotHaveBean(InfoContributor.class));
	}

	@Test
	void backsOffFromOneOfTheApplicationAndWithoutActuator() {
		ApplicationContextRunner enabled = this.runner.withPropertyValues("management.info.rq.enabled=true");
		enabled.withBean("mine", RqInfoContributor.class, () -> new RqInfoContributor(null, null))
			.run((context) -> assertThat(context).hasSingleBean(RqInfoContributor.class).hasBean("mine"));
		enabled.withClassLoader(new FilteredClassLoader(InfoContributor.class))
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(RqInfoContributorAutoConfiguration.class));
		enabled.withPropertyValues("rq.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(InfoContributor.class));
	}

	static class Jobs {

		@RqJob(name = "mail.send", queue = "mail")
		void send() {
		}

		@RqJob(name = "mail.report", queue = "mail")
		void report() {
		}

	}

}
