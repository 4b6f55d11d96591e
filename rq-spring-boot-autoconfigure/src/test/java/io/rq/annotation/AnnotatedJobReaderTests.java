package io.rq.annotation;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.core.annotation.AliasFor;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.util.ReflectionUtils;

import io.rq.handler.JobContext;
import io.rq.job.JobDefinition;
import io.rq.job.JobLinks;
import io.rq.job.JobOptions;
import io.rq.job.JobParameter;
import io.rq.job.RateLimit;
import io.rq.job.Retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link AnnotatedJobReader}.
 */
class AnnotatedJobReaderTests {

	private final MockEnvironment environment = new MockEnvironment().withProperty("mail.queue", "mail")
		.withProperty("mail.timeout", "3m")
		.withProperty("mail.wait", "10s")
		.withProperty("mail.empty", "");

	@Test
	void aPlainAnnotationLeavesEverythingToTheDefaults() {
		JobDefinition definition = read("plain");
		assertThat(definition.name()).isEqualTo(Jobs.class.getName() + ".plain");
		assertThat(definition.queue()).isNull();
		assertThat(definition.options()).isEqualTo(JobOptions.NONE);
		assertThat(definition.method().getName()).isEqualTo("plain");
		assertThat(definition.parameters()).extracting(JobParameter::name).containsExactly("address", "id");
	}

	@Test
	void everyAttributeIsTaken() {
		JobDefinition definition = read("every");
		assertThat(definition.name()).isEqualTo("tasks.every");
		assertThat(definition.queue()).isEqualTo("mail");
		assertThat(definition.options()).isEqualTo(new JobOptions("text", Duration.ofMinutes(3), Duration.ofHours(1),
				Duration.ZERO, JobOptions.UNLIMITED, Retry.max(3).intervals(10, 60).atFront(), null));
	}

	@Test
	void aMetaAnnotationSetsAndAliasesAttributes() {
		JobDefinition definition = read("mail");
		assertThat(definition.name()).isEqualTo("welcome");
		assertThat(definition.queue()).isEqualTo("mail");
		assertThat(definition.options().retry()).isEqualTo(Retry.max(2));
	}

	@Test
	void waitsMayDouble() {
		assertThat(read("backoff").options().retry()).isEqualTo(Retry.max(4).intervals(10, 20, 25, 25).jitter(0.1));
	}

	@Test
	void limitsAreOfThreeKinds() {
		RateLimit.Key key = RateLimit.key("api");
		assertThat(read("never").options().links()).isSameAs(JobLinks.NONE);
		assertThat(read("atATime").options().links().rateLimit()).isEqualTo(key.concurrency(2));
		assertThat(read("window").options().links().rateLimit()).isEqualTo(key.limit(100, Duration.ofMinutes(1)));
		assertThat(read("bucket").options().links().rateLimit())
			.isEqualTo(RateLimit.key("mail").limit(100, Duration.ofMinutes(1)).burst(5));
	}

	@Test
	void noRetriesAreAChoiceToo() {
		assertThat(read("never").options().retry()).isEqualTo(Retry.NONE);
	}

	@Test
	void whatTheWorkerSuppliesIsNoArgument() {
		assertThat(read("withContext").parameters()).extracting(JobParameter::name).containsExactly("a", "b");
	}

	@Test
	void aPlaceholderMayResolveToNothing() {
		assertThat(read("emptyQueue").queue()).isNull();
	}

	@Test
	void methodTypeVariablesAndBoundsAreFine() {
		assertThat(read("generic").parameters()).hasSize(1);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', value = { "negativeRetries|retries is -2|Give 0 or more",
			"negativeInterval|intervals are [10, -1]|Give waits of 0",
			"intervalsOnly|intervals [10] but no retries|Add", "backoffOnly|a backoff but no retries|Add",
			"bothWaits|both intervals and a backoff|Remove", "badBackoff|backoff.first 'soon' is not a duration|3m",
			"shortBackoff|its backoff is wrong: 'first' must be|Give waits",
			"badJitter|'jitter' must be from 0 to 1|Give waits", "keyless|the key of its rate limit is empty|Give one",
			"numberless|neither concurrency nor limit|Give either", "bothLimits|both concurrency and limit|Give either",
			"timeless|within which time 100 jobs|per =", "badPer|rateLimit.per 'soon' is not a duration|3m",
			"perNothing|rateLimit.per '1m' has no meaning|Give either",
			"longPer|its rate limit is wrong: 'window' must be|Give either",
			"badKey|its rate limit is wrong: 'key' must|Give either",
			"burstOfNothing|its rate limit is wrong: 'burst' needs|Give either",
			"badLimit|its rate limit is wrong: A rate limit must allow|Give either",
			"badTimeout|timeout 'soon' is not a duration|3m, 180s, 180 or PT3M",
			"zeroTimeout|timeout '0' is too short|positive duration, or -1",
			"negativeTimeout|timeout '-5s' is too short|positive duration, or -1",
			"unlimitedTtl|ttl '-1' is too short|positive duration,",
			"fractionTtl|resultTtl '1500ms' is not a whole number of seconds|0 for at once",
			"hugeTtl|failureTtl '99999999999999999d' is not a duration|-1 for ever",
			"comma|queue 'a,b' is malformed|without commas",
			"placeholder|queue '${no.such}' contains a placeholder|Define the property",
			"namePlaceholder|name '${no.such}' contains a placeholder|Define the property",
			"privately|it is private|package-private", "statically|it is static|Remove 'static'" })
	void whatCannotBeAJobIsReported(String method, String problem, String remedy) {
		assertThatExceptionOfType(RqJobDefinitionException.class).isThrownBy(() -> read(method)).satisfies((ex) -> {
			assertThat(ex.getBeanName()).isEqualTo("jobs");
			assertThat(ex.getMethod()).isEqualTo(Jobs.class.getName() + "." + method + "()");
			assertThat(ex.getProblem()).contains(problem);
			assertThat(ex.getRemedy()).contains(remedy);
			assertThat(ex.getMessage()).contains("jobs", method, problem, remedy);
		});
	}

	@Test
	void aPlaceholderThatStaysIsUnresolvable() {
		RqJobMethod source = source(Jobs.class, "placeholder");
		assertThatExceptionOfType(RqJobDefinitionException.class)
			.isThrownBy(() -> new AnnotatedJobReader(source, (value) -> value).read())
			.satisfies((ex) -> assertThat(ex.getProblem()).contains("${no.such}"));
	}

	@Test
	void aTypeThatASubclassKnowsIsTaken() {
		JobDefinition definition = new AnnotatedJobReader(source(TextJobs.class, "handle"), (value) -> value).read();
		assertThat(definition.parameters()).extracting((parameter) -> parameter.type().getTypeName())
			.containsExactly("java.util.List<java.lang.String>");
	}

	@Test
	void aTypeThatNobodyKnowsIsReported() {
		RqJobMethod source = source(OpenJobs.class, "handle");
		assertThatExceptionOfType(RqJobDefinitionException.class)
			.isThrownBy(() -> new AnnotatedJobReader(source, (value) -> value).read())
			.satisfies((ex) -> {
				assertThat(ex.getProblem()).contains("java.util.List<T>", "values");
				assertThat(ex.getRemedy()).contains(OpenJobs.class.getName());
			});
	}

	private JobDefinition read(String method) {
		return new AnnotatedJobReader(source(Jobs.class, method), this.environment::resolveRequiredPlaceholders).read();
	}

	private static RqJobMethod source(Class<?> type, String name) {
		Method method = Arrays.stream(ReflectionUtils.getAllDeclaredMethods(type))
			.filter((candidate) -> candidate.getName().equals(name))
			.findFirst()
			.orElseThrow();
		RqJob annotation = RqJobMethod.findAnnotation(method);
		assertThat(annotation).isNotNull();
		return new RqJobMethod("jobs", type, method, annotation);
	}

	@Target(ElementType.METHOD)
	@Retention(RetentionPolicy.RUNTIME)
	@RqJob(queue = "${mail.queue}", retries = 2)
	@interface MailJob {

		@AliasFor(annotation = RqJob.class, attribute = "name")
		String value();

	}

	static class Jobs {

		@RqJob
		void plain(String address, long id) {
		}

		@RqJob(name = "tasks.every", queue = "${mail.queue}", retries = 3, intervals = { 10, 60 }, retryAtFront = true,
				timeout = "${mail.timeout}", ttl = "PT1H", resultTtl = "0", failureTtl = "-1", description = "text")
		void every() {
		}

		@MailJob("welcome")
		void mail() {
		}

		@RqJob
		void withContext(int a, JobContext context, int b) {
		}

		@RqJob(queue = "${mail.empty}")
		void emptyQueue() {
		}

		@RqJob
		<T extends Number> void generic(List<? extends T> values) {
		}

		@RqJob(retries = -2)
		void negativeRetries() {
		}

		@RqJob(retries = 2, intervals = { 10, -1 })
		void negativeInterval() {
		}

		@RqJob(intervals = 10)
		void intervalsOnly() {
		}

		@RqJob(retries = 0)
		void never() {
		}

		@RqJob(retries = 4, backoff = @Backoff(first = "${mail.wait}", longest = "25s", jitter = 0.1))
		void backoff() {
		}

		@RqJob(backoff = @Backoff(first = "10s"))
		void backoffOnly() {
		}

		@RqJob(retries = 2, intervals = 10, backoff = @Backoff(first = "10s"))
		void bothWaits() {
		}

		@RqJob(retries = 2, backoff = @Backoff(first = "soon"))
		void badBackoff() {
		}

		@RqJob(retries = 2, backoff = @Backoff(first = "2h"))
		void shortBackoff() {
		}

		@RqJob(retries = 2, backoff = @Backoff(first = "10s", jitter = 2))
		void badJitter() {
		}

		@RqJob(rateLimit = @RateLimited(key = "api", concurrency = 2))
		void atATime() {
		}

		@RqJob(rateLimit = @RateLimited(key = "api", limit = 100, per = "1m"))
		void window() {
		}

		@RqJob(rateLimit = @RateLimited(key = "${mail.queue}", limit = 100, per = "1m", burst = 5))
		void bucket() {
		}

		@RqJob(rateLimit = @RateLimited(key = "", concurrency = 2))
		void keyless() {
		}

		@RqJob(rateLimit = @RateLimited(key = "api"))
		void numberless() {
		}

		@RqJob(rateLimit = @RateLimited(key = "api", concurrency = 2, limit = 100, per = "1m"))
		void bothLimits() {
		}

		@RqJob(rateLimit = @RateLimited(key = "api", limit = 100))
		void timeless() {
		}

		@RqJob(rateLimit = @RateLimited(key = "api", limit = 100, per = "soon"))
		void badPer() {
		}

		@RqJob(rateLimit = @RateLimited(key = "api", concurrency = 2, per = "1m"))
		void perNothing() {
		}

		@RqJob(rateLimit = @RateLimited(key = "api", limit = 100, per = "32d"))
		void longPer() {
		}

		@RqJob(rateLimit = @RateLimited(key = "window:api", concurrency = 2))
		void badKey() {
		}

		@RqJob(rateLimit = @RateLimited(key = "api", concurrency = 2, burst = 5))
		void burstOfNothing() {
		}

		@RqJob(rateLimit = @RateLimited(key = "api", limit = -1, per = "1m"))
		void badLimit() {
		}

		@RqJob(timeout = "soon")
		void badTimeout() {
		}

		@RqJob(timeout = "0")
		void zeroTimeout() {
		}

		@RqJob(timeout = "-5s")
		void negativeTimeout() {
		}

		@RqJob(ttl = "-1")
		void unlimitedTtl() {
		}

		@RqJob(resultTtl = "1500ms")
		void fractionTtl() {
		}

		@RqJob(failureTtl = "99999999999999999d")
		void hugeTtl() {
		}

		@RqJob(queue = "a,b")
		void comma() {
		}

		@RqJob(queue = "${no.such}")
		void placeholder() {
		}

		@RqJob(name = "${no.such}")
		void namePlaceholder() {
		}

		@RqJob
		private void privately() {
		}

		@RqJob
		static void statically() {
		}

	}

	abstract static class AbstractJobs<T> {

		@RqJob
		void handle(List<T> values) {
		}

	}

	static class OpenJobs<T> extends AbstractJobs<T> {

	}

	static class TextJobs extends AbstractJobs<String> {

	}

}
