package io.rq.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.awaitility.Awaitility;
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

import io.rq.test.OneRedis;
import io.rq.test.StartChecks;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application whose Redis user may do no more than the documentation says it needs.
 */
@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
@OneRedis("has a server of its own with users")
class RestrictedUserTests {

	private final TestRedis redis = TestRedis.start();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, JacksonAutoConfiguration.class,
				RqAutoConfiguration.class))
		.withUserConfiguration(RqEndToEndTests.Application.class)
		.withPropertyValues("spring.data.redis.host=" + this.redis.host(),
				"spring.data.redis.port=" + this.redis.port(), "spring.data.redis.username=app",
				"spring.data.redis.password=password", "rq.worker.with-scheduler=true");

	@AfterEach
	void close() {
		this.redis.close();
	}

	@Test
	void mayDoWhatTheDocumentationSaysItNeeds(CapturedOutput output) throws IOException {
		this.redis.setUser("app", documentedRules());
		this.runner.run((context) -> {
			RqEndToEndTests.jobsOfAllKindsEnd(context);
			Awaitility.await().until(() -> !StartChecks.areUnderWay());
		});
		assertThat(output).doesNotContain("NOPERM").doesNotContain("less memory");
	}

	@Test
	void losesNothingWithoutTheChannels(CapturedOutput output) {
		this.redis.setUser("app", "on", ">password", "~rq:*", "resetchannels", "+@all", "-@admin", "-@dangerous");
		this.runner.run(RqEndToEndTests::jobsOfAllKindsEnd);
		assertThat(output).contains("NOPERM").contains("channel");
	}

	@Test
	void isToldOfSettingsOfRedisOnlyWhereItMayAskForThem(CapturedOutput output) {
		this.redis.setUser("app", "on", ">password", "~*", "resetchannels", "&*", "+@all");
		this.runner.run((context) -> {
			Awaitility.await()
				.untilAsserted(() -> assertThat(output).contains("with hash-max-listpack-value 1024 (now"));
			assertThat(output.toString().split("less memory", -1)).hasSize(2);
		});
	}

	private static String[] documentedRules() throws IOException {
		Matcher rules = Pattern.compile("`ACL SETUSER app ([^`]+)`")
			.matcher(Files.readString(Path.of("..", "docs", "operations.md")));
		assertThat(rules.find()).isTrue();
		return rules.group(1).split("\\s+");
	}

}
