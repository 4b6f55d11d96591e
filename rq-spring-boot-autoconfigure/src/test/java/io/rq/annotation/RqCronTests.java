package io.rq.annotation;

import java.lang.reflect.Method;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.util.ReflectionUtils;

import io.rq.cron.CronJob;
import io.rq.cron.MisfirePolicy;
import io.rq.cron.OverlapPolicy;
import io.rq.cron.Schedule;
import io.rq.handler.JobContext;
import io.rq.job.JobDefinition;
import io.rq.job.JobRequest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link RqCron @RqCron}.
 */
@ExtendWith(OutputCaptureExtension.class)
class RqCronTests {

	private final MockEnvironment environment = new MockEnvironment().withProperty("report.cron", "0 7 * * MON");

	private final RqJobDefinitions definitions = new RqJobDefinitions();

	RqCronTests() {
		this.definitions.setEmbeddedValueResolver(this.environment::resolveRequiredPlaceholders);
	}

	@Test
	void anExpressionMakesTheMethodAJobOfItsOwnName() {
		String function = Jobs.class.getName() + ".plain";
		CronJob job = read("plain");
		assertThat(job).isEqualTo(CronJob.of(function, job.request(), Schedule.cron("*/5 * * * *")));
		assertThat(job.request()).isEqualTo(JobRequest.of(function));
		assertThat(definition("plain").name()).isEqualTo(function);
	}

	@Test
	void everyAttributeIsTaken() {
		CronJob job = read("every");
		assertThat(job.name()).isEqualTo("weekly");
		assertThat(job.schedule()).isEqualTo(Schedule.cron("0 7 * * MON").in(ZoneId.of("Europe/Paris")));
		assertThat(job.misfire()).isEqualTo(MisfirePolicy.SKIP);
		assertThat(job.overlap()).isEqualTo(OverlapPolicy.SKIP);
		assertThat(job.jitter()).isEqualTo(Duration.ofSeconds(10));
		assertThat(job.until()).isEqualTo(Instant.parse("2030-01-01T00:00:00Z"));
		assertThat(definition("every").name()).isEqualTo("tasks.report");
		assertThat(definition("every").queue()).isEqualTo("mail");
	}

	@Test
	void anIntervalIsADurationAndTheContextIsNoArgument() {
		assertThat(read("interval").schedule()).isEqualTo(Schedule.every(Duration.ofSeconds(30)));
	}

	@Test
	void aJobWithoutItIsNoCronJob() {
		assertThat(read("none")).isNull();
	}

	@Test
	void aDashSwitchesItOffAndLeavesTheJob(CapturedOutput output) {
		assertThat(read("off")).isNull();
		assertThat(definition("off").name()).isEqualTo(Jobs.class.getName() + ".off");
		assertThat(output).contains("INFO").contains("Jobs.off() of bean 'jobs' is not enqueued by itself");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			malformed  | cron expression '0 61 * * * *'              | Write five fields
			fields     | has 3 fields                                | Write five fields
			both       | both an expression and an interval          | Give either
			neither    | no schedule                                 | Give either
			gap        | never due in Europe/Berlin                  | Write five fields
			zone       | zone 'Europe/Pariss' is not known            | time zone, such as
			zoned      | zone 'UTC' has no meaning                   | Remove 'zone'
			arguments  | give the cron job its arguments [           | CronJob bean
			until      | until 'tomorrow' is no moment               | 2027-01-01T00:00:00Z
			jitter     | jitter 'much' is not a duration             | positive duration
			named      | cron job name 'a:b' is malformed            | name = …
			unresolved | contains a placeholder                      | Define the property
			""")
	void whatMakesNoSenseEndsTheStartWithTheMethodAndTheRemedy(String method, String problem, String remedy) {
		assertThatExceptionOfType(RqJobDefinitionException.class).isThrownBy(() -> read(method))
			.withMessageContaining("Jobs." + method)
			.satisfies((ex) -> assertThat(ex.getProblem()).contains(problem))
			.satisfies((ex) -> assertThat(ex.getRemedy()).contains(remedy));
	}

	private @Nullable CronJob read(String name) {
		RqJobMethod source = source(name);
		return this.definitions.cronJob(source, this.definitions.register(source));
	}

	private JobDefinition definition(String name) {
		return this.definitions.get(Jobs.class, source(name).method());
	}

	private static RqJobMethod source(String name) {
		Method method = Arrays.stream(ReflectionUtils.getDeclaredMethods(Jobs.class))
			.filter((candidate) -> candidate.getName().equals(name))
			.findFirst()
			.orElseThrow();
		RqJob annotation = RqJobMethod.findAnnotation(method);
		assertThat(annotation).isNotNull();
		return new RqJobMethod("jobs", Jobs.class, method, annotation);
	}

	static class Jobs {

		@RqCron("*/5 * * * *")
		void plain() {
		}

		@RqCron(cron = "${no.such.cron:-}", zone = "Europe/Paris")
		void off() {
		}

		@RqJob(name = "tasks.report", queue = "mail")
		@RqCron(cron = "${report.cron}", zone = "Europe/Paris", name = "weekly", misfire = MisfirePolicy.SKIP,
				overlap = OverlapPolicy.SKIP, jitter = "10s", until = "2030-01-01T00:00:00Z")
		void every() {
		}

		@RqCron(every = "30s")
		void interval(JobContext context) {
		}

		@RqJob
		void none() {
		}

		@RqCron("61 * * * *")
		void malformed() {
		}

		@RqCron("1 2 3")
		void fields() {
		}

		@RqCron(cron = "* * * * *", every = "30s")
		void both() {
		}

		@RqCron
		void neither() {
		}

		@RqCron(cron = "30 2 * 3 SUNL", zone = "Europe/Berlin")
		void gap() {
		}

		@RqCron(cron = "* * * * *", zone = "Europe/Pariss")
		void zone() {
		}

		@RqCron(every = "30s", zone = "UTC")
		void zoned() {
		}

		@RqCron("* * * * *")
		void arguments(String address) {
		}

		@RqCron(cron = "* * * * *", until = "tomorrow")
		void until() {
		}

		@RqCron(cron = "* * * * *", jitter = "much")
		void jitter() {
		}

		@RqCron(cron = "* * * * *", name = "a:b")
		void named() {
		}

		@RqCron("${nowhere}")
		void unresolved() {
		}

	}

}
