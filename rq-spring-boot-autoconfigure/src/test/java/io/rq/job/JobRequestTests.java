package io.rq.job;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link JobRequest}, {@link Call} and {@link Target}.
 */
class JobRequestTests {

	private static final JobRequest REQUEST = JobRequest.of("tasks.add", 1, "a");

	@Test
	void saysOfAFunctionNothingButItsCallUnlessToldMore() {
		assertThat(REQUEST.call().function()).isEqualTo("tasks.add");
		assertThat(REQUEST.call().method()).isNull();
		assertThat(REQUEST.call().args()).containsExactly(1, "a");
		assertThat(REQUEST.call().kwargs()).isEmpty();
		assertThat(REQUEST.call().meta()).isEmpty();
		assertThat(REQUEST.target()).isEqualTo(new Target(null, null, false, false, null, false, null));
		assertThat(REQUEST.options()).isEqualTo(JobOptions.NONE);
	}

	@Test
	void saysOfAMethodItsReference() {
		JobMethod.Of1<List<String>, String> method = List::remove;
		JobRequest request = JobRequest.of(method, "a");
		assertThat(request.call().function()).isNull();
		assertThat(request.call().method()).isSameAs(method);
		assertThat(request.call().args()).containsExactly("a");
	}

	@Test
	void everyChoiceLeavesTheOthersAndTheOriginalAlone() {
		Instant due = Instant.parse("2030-01-01T00:00:00Z");
		JobRequest changed = REQUEST.queue("mail")
			.id("one")
			.unique()
			.atFront()
			.at(due)
			.kwargs(Map.of("b", 2))
			.meta(Map.of("m", 3))
			.description("text")
			.timeout(Duration.ofSeconds(1))
			.ttl(Duration.ofSeconds(2))
			.resultTtl(Duration.ofSeconds(3))
			.failureTtl(Duration.ofSeconds(4))
			.retry(Retry.max(5));
		assertThat(changed.call())
			.isEqualTo(new Call("tasks.add", null, List.of(1, "a"), Map.of("b", 2), Map.of("m", 3)));
		assertThat(changed.target()).isEqualTo(new Target("mail", "one", true, true, NewJob.Due.at(due), false, null));
		assertThat(changed.options()).isEqualTo(new JobOptions("text", Duration.ofSeconds(1), Duration.ofSeconds(2),
				Duration.ofSeconds(3), Duration.ofSeconds(4), Retry.max(5), null));
		assertThat(changed.in(Duration.ofSeconds(6)).target())
			.isEqualTo(new Target("mail", "one", true, true, NewJob.Due.in(Duration.ofSeconds(6)), false, null));
		assertThat(REQUEST).isEqualTo(JobRequest.of("tasks.add", 1, "a"));
	}

	@Test
	void laterChangesOfWhatWasPassedChangeNothing() {
		Map<String, Object> given = new HashMap<>(Map.of("b", 2));
		JobRequest request = REQUEST.kwargs(given).meta(given);
		given.clear();
		assertThat(request.call().kwargs()).isEqualTo(Map.of("b", 2));
		assertThat(request.call().meta()).isEqualTo(Map.of("b", 2));
		assertThat(JobRequest.of("tasks.add", (Object) null).call().args()).isEqualTo(Arrays.asList((Object) null));
		Object[] row = { 1, null };
		JobRequest first = JobRequest.of("tasks.add", row);
		Call second = REQUEST.call().withArgs(Arrays.asList(row));
		row[0] = 2;
		assertThat(first.call().args()).containsExactly(1, null);
		assertThat(second.args()).containsExactly(1, null);
	}

	@Test
	void callbacksAreNamedOrReferredTo() {
		JobMethod.Of1<List<String>, String> method = List::remove;
		JobRequest request = REQUEST.onSuccess("a")
			.onFailure(method)
			.onStopped(Callback.of("b").timeout(Duration.ofHours(1)));
		assertThat(request.options().hooks()).isEqualTo(new JobHooks(Callback.of("a"), Callback.of(method),
				new Callback("b", null, Duration.ofHours(1)), null));
		assertThat(request.retry(Retry.max(1)).ttl(Duration.ofHours(1)).options().hooks())
			.isEqualTo(request.options().hooks());
		assertThat(Callback.of("a").timeout()).isEqualTo(Duration.ofSeconds(60));
		assertThatIllegalArgumentException().isThrownBy(() -> REQUEST.onSuccess(" "));
		assertThatIllegalArgumentException().isThrownBy(() -> Callback.of("a").timeout(Duration.ZERO));
		assertThatIllegalArgumentException().isThrownBy(() -> Callback.of("a").timeout(Duration.ofMillis(1500)))
			.withMessageContaining("PT1.5S")
			.withMessageContaining("JobOptions.UNLIMITED");
	}

	@Test
	void whatCannotBeMeantIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> JobRequest.of(" "));
		assertThatIllegalArgumentException().isThrownBy(() -> JobRequest.of("tasks.add", (Object[]) null))
			.withMessageContaining("Cast to Object");
		assertThatIllegalArgumentException().isThrownBy(() -> REQUEST.queue(""));
		assertThatIllegalArgumentException().isThrownBy(() -> REQUEST.id("a b"));
	}

	@Test
	void waitsForAllThatItIsToldToWaitFor() {
		JobRequest request = REQUEST.dependsOn("a", "b", "a").dependsOn(Dependency.on("c").allowFailure());
		assertThat(request.options().links()).isEqualTo(new JobLinks(List.of("a", "b", "c"), true, false, null));
		assertThat(request.dependsOn(Dependency.on("b").atFront()).retry(Retry.max(1)).options().links())
			.isEqualTo(new JobLinks(List.of("a", "b", "c"), true, true, null));
		assertThat(REQUEST.options().links()).isSameAs(JobLinks.NONE);
		Job job = new Job("d", "default", JobStatus.QUEUED, JobOptions.NONE, JobTimes.createdAt(Instant.EPOCH),
				JobRun.NONE, new JobPayload(new byte[0], null));
		assertThat(REQUEST.dependsOn(job, job).options().links().dependencyIds()).containsExactly("d");
		assertThat(Dependency.on(List.of(job))).isEqualTo(Dependency.on("d"));
	}

	@Test
	void isInOneGroupBesides() {
		JobRequest request = REQUEST.group("a").dependsOn("p").group("b").atFront();
		assertThat(request.options().links()).isEqualTo(new JobLinks(List.of("p"), false, false, "b"));
		RateLimit limit = RateLimit.key("api").concurrency(2);
		assertThat(request.rateLimit(limit).group("c").dependsOn("q").options().links())
			.isEqualTo(new JobLinks(List.of("p", "q"), false, false, "c", limit));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "a\nb", "api:allowed", "api:rate_limited", "window:api", "windows:1:1:api",
			"bucket:api", "buckets:api" })
	void keysOfLimitsThatWouldBeOtherKeysAreRefused(String key) {
		assertThatIllegalArgumentException().isThrownBy(() -> RateLimit.key(key)).withMessageContaining("'key'");
		assertThatIllegalArgumentException().isThrownBy(() -> RateLimit.key("api").concurrency(0))
			.withMessageContaining("at least 1 job");
		assertThatIllegalArgumentException().isThrownBy(() -> RateLimit.key("api").limit(1, Duration.ofMillis(999)))
			.withMessageContaining("'window'");
		assertThatIllegalArgumentException().isThrownBy(() -> RateLimit.key("api").limit(1, Duration.ofDays(32)))
			.withMessageContaining("'window'");
		RateLimit window = RateLimit.key("api").limit(1, Duration.ofMinutes(1));
		assertThatIllegalArgumentException().isThrownBy(() -> window.burst(0)).withMessageContaining("'burst'");
		assertThatIllegalArgumentException().isThrownBy(() -> RateLimit.key("api").concurrency(1).burst(2))
			.withMessageContaining("limit(jobs, window)");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> RateLimit.key("api").limit(1_000_000_000, Duration.ofMinutes(1)))
			.withMessageContaining("at most");
		assertThatIllegalArgumentException().isThrownBy(() -> REQUEST.group(" "));
		assertThatIllegalArgumentException().isThrownBy(() -> REQUEST.group("a\nb")).withMessageContaining("'group'");
	}

	@Test
	void waitsForNoMoreThanOneScriptCanLookAt() {
		String[] ids = IntStream.range(0, Dependency.MAX_JOBS).mapToObj(String::valueOf).toArray(String[]::new);
		JobRequest request = REQUEST.dependsOn(ids);
		assertThatIllegalArgumentException().isThrownBy(() -> request.dependsOn("one-more"))
			.withMessageContaining("10000 others at most, not for 10001");
		assertThatIllegalArgumentException().isThrownBy(() -> REQUEST.dependsOn("a:b")).withMessageContaining("a:b");
	}

	@Test
	void tellsNoArguments() {
		assertThat(JobRequest.of("tasks.login", "secret").kwargs(Map.of("word", "secret"))).asString()
			.contains("tasks.login")
			.doesNotContain("secret");
	}

}
