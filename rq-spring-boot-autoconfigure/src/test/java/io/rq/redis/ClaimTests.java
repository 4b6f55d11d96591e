package io.rq.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.data.redis.connection.RedisConnection;

import io.rq.job.Dependency;
import io.rq.job.Job;
import io.rq.job.JobOptions;
import io.rq.job.JobPayload;
import io.rq.job.JobResult;
import io.rq.job.JobStatus;
import io.rq.job.NewJob;
import io.rq.job.Retry;
import io.rq.redis.Claims.Claim;
import io.rq.redis.Claims.Dropped;
import io.rq.test.TestStores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@code claim.lua} and {@link ExecutionStore#claim}.
 */
class ClaimTests extends AbstractStoreTests {

	/** W3. */
	@Test
	void jobIsStartedUnderALease() {
		enqueue(job("a", PLAIN.withTtl(Duration.ofSeconds(600))), job("b"));
		Claims claims = this.executions.claim(List.of("default"), 1, false);
		assertThat(state()).isEqualTo("""
				rq:job:a hash
				  created_at 2026-01-31T12:00:00.123456Z
				  data ["tasks.add",null,[1],{}]
				  description tasks.add(1)
				  enqueued_at 2026-01-31T12:00:00.123456Z
				  last_heartbeat 2026-01-31T12:00:00.123456Z
				  origin default
				  started_at 2026-01-31T12:00:00.123456Z
				  status started
				  timeout 180
				  ttl 600
				  worker_name w1
				rq:job:b hash
				  created_at 2026-01-31T12:00:00.123456Z
				  data ["tasks.add",null,[1],{}]
				  description tasks.add(1)
				  enqueued_at 2026-01-31T12:00:00.123456Z
				  last_heartbeat
				  origin default
				  status queued
				  timeout 180
				rq:queue:default list
				  b
				rq:queues set
				  rq:queue:default
				rq:wip:default zset
				  +30 a:E1
				""");
		assertThat(claims.suspended()).isFalse();
		assertThat(claims.dropped()).isEmpty();
		Execution execution = claims.claims().get(0).execution();
		assertThat(execution.jobId()).isEqualTo("a");
		assertThat(execution.queue()).isEqualTo("default");
		assertThat(this.redis.state().zset("rq:wip:default")).containsOnlyKeys("a:" + execution.id());
		assertThat(this.template.opsForValue().get("rq:worker-claim:w1"))
			.isEqualTo("{\"default\":[\"a:" + execution.id() + "\"]}");
		assertThat(score("rq:wip:default", "a:" + execution.id())).isGreaterThanOrEqualTo(now() + 28);
	}

	@Test
	void noMoreIsTakenAtOnceThanSixteenMegabytes() {
		String large = "x".repeat(6 * 1024 * 1024);
		for (String id : List.of("a", "b", "c", "d", "e")) {
			enqueue(job(id));
			hash("rq:job:" + id, "description", large);
		}
		assertThat(this.executions.claim(List.of("default"), 10, false).claims())
			.extracting((claim) -> claim.execution().jobId())
			.containsExactly("a", "b", "c");
		assertThat(list("rq:queue:default")).containsExactly("d", "e");
		assertThat(this.executions.claim(List.of("default"), 10, true).claims())
			.extracting((claim) -> claim.execution().jobId())
			.containsExactly("d", "e");
	}

	@Test
	void aJobThatWouldFillTheHeapFailsByItself() {
		enqueue(job("a"), job("large"), job("b"));
		enqueue(DependencyTests.after(job("waits"), Dependency.on("large").allowFailure()));
		hash("rq:job:large", "description", "x".repeat((int) ClaimCall.Largest.of(TestStores.MAX_PAYLOAD).bytes()));
		Claims claims = this.executions.claim(List.of("default"), 10, false);
		assertThat(claims.claims()).extracting((claim) -> claim.execution().jobId()).containsExactly("a");
		assertThat(claims.dropped()).containsExactly(new Dropped("large", "it is too large"));
		assertThat(claim(10)).extracting(Execution::jobId).as("after what one call may read").containsExactly("b");
		assertThat(this.redis.state().zset("rq:failed:default")).containsKey("large");
		assertThat(this.jobs.latestResult("large").orElseThrow().exception()).contains("rq.job.max-payload-size");
		this.maintenance.releaseDependents("default");
		assertThat(list("rq:queue:default")).containsExactly("waits");
	}

	@Test
	void whatRqHasEnqueuedAnewUnderItsIdHasHadNoAttempts() {
		enqueue(job("a"), job("b"));
		hash("rq:job:a", "attempts", "2", "reclaims", "3", "started_at", "", "ended_at", "");
		hash("rq:job:b", "attempts", "2", "reclaims", "3", "started_at", "", "ended_at", "2026-01-31T12:00:00.000000Z");
		List<Claim> claims = this.executions.claim(List.of("default"), 2, false).claims();
		assertThat(claims).extracting((claim) -> Objects.requireNonNull(claim.job()).run().attempts())
			.containsExactly(0, 2);
		assertThat(this.redis.state().hash("rq:job:a")).doesNotContainKeys("attempts", "reclaims");
		assertThat(this.redis.state().hash("rq:job:b")).containsEntry("attempts", "2").containsEntry("reclaims", "3");
	}

	@Test
	void countsOfLessThanNothingAreNone() {
		enqueue(job("a"));
		hash("rq:job:a", "number_of_retries", "-1", "reclaims", "-2", "attempts", "-3");
		Job claimed = Objects.requireNonNull(this.executions.claim(List.of("default"), 1, false).claims().get(0).job());
		assertThat(List.of(claimed.run().numberOfRetries(), claimed.run().reclaims(), claimed.run().attempts()))
			.containsOnly(0);
	}

	@Test
	void jobIsReturnedWithEverythingItCarries() {
		JobOptions options = new JobOptions("sums up", Duration.ofMinutes(2), Duration.ofSeconds(600),
				Duration.ofHours(1), Duration.ofDays(1), Retry.max(3).intervals(10, 60).atFront(), null);
		Job job = job("a", options).job();
		enqueue(new NewJob(new Job(job.id(), job.queue(), job.status(), options, job.times(), job.run(),
				new JobPayload(job.payload().data(), bytes("{}"))), false, false, false, null));
		hash("rq:job:a", "number_of_retries", "2", "reclaims", "1");
		Job claimed = Objects.requireNonNull(this.executions.claim(List.of("default"), 1, false).claims().get(0).job());
		assertThat(claimed.status()).isEqualTo(JobStatus.STARTED);
		assertThat(claimed.options()).isEqualTo(options);
		assertThat(claimed.times().createdAt()).isEqualTo(NOW);
		assertThat(claimed.times().enqueuedAt()).isEqualTo(NOW);
		assertThat(claimed.run().numberOfRetries()).isEqualTo(2);
		assertThat(claimed.run().reclaims()).isEqualTo(1);
		assertThat(claimed.payload().data()).asString().isEqualTo("[\"tasks.add\",null,[1],{}]");
		assertThat(claimed.payload().meta()).asString().isEqualTo("{}");
	}

	/** W3, W35. */
	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			false | 9 | a0 a1 a2 b0 b1 b2 c0
			false | 4 | a0 a1 a2 b0
			true  | 9 | a0 b0 c0 a1 b1 a2 b2
			true  | 4 | a0 b0 c0 a1
			true  | 2 | a0 b0
			""")
	void queuesAreEmptiedInOrderOrInTurn(boolean inTurn, int max, String expected) {
		push("a", python("a", 3));
		push("b", python("b", 3));
		push("c", python("c", 1));
		List<Claim> claims = this.executions.claim(List.of("a", "b", "c"), max, inTurn).claims();
		assertThat(claims).extracting((claim) -> claim.execution().jobId()).containsExactly(expected.split(" "));
		assertThat(claims).extracting((claim) -> claim.execution().queue())
			.isEqualTo(Arrays.stream(expected.split(" ")).map((id) -> id.substring(0, 1)).toList());
		assertThat(Stream.of("a", "b", "c").mapToLong(this.jobs::count).sum()).isEqualTo(7 - claims.size());
		claims.forEach((claim) -> assertThat(this.redis.state().zset("rq:wip:" + claim.execution().queue()))
			.containsKey(claim.execution().jobId() + ":" + claim.execution().id()));
	}

	private String[] python(String queue, int count) {
		String[] ids = IntStream.range(0, count).mapToObj((i) -> queue + i).toArray(String[]::new);
		Stream.of(ids).forEach((id) -> python(id, "origin", queue));
		return ids;
	}

	@ParameterizedTest
	@CsvSource({ "false, a1 a0 b1 b0", "true, a1 b1 a0 b0" })
	void takenIdsComeBeforeThoseOnTheQueue(boolean inTurn, String expected) {
		push("a", python("a", 2)[0]);
		push("b", python("b", 2)[0]);
		this.template.opsForList().rightPush("rq:taken:a:w1", "a1");
		this.template.opsForList().rightPush("rq:taken:b:w1", "b1");
		this.template.opsForList().rightPush("rq:taken:b:w2", "b9");
		List<Claim> claims = this.executions.claim(List.of("a", "b"), 10, inTurn).claims();
		assertThat(claims).extracting((claim) -> claim.execution().jobId()).containsExactly(expected.split(" "));
		assertThat(this.redis.state().keys()).containsKey("rq:taken:b:w2")
			.doesNotContainKeys("rq:taken:a:w1", "rq:taken:b:w1", "rq:queue:a", "rq:queue:b");
	}

	/** W36. */
	@Test
	void nothingIsTakenWhileSuspended() {
		enqueue(job("a"));
		this.template.opsForValue().set("rq:suspended", "1");
		String before = state();
		Claims claims = this.executions.claim(List.of("default"), 1, false);
		assertThat(claims.suspended()).isTrue();
		assertThat(claims.claims()).isEmpty();
		assertThat(state()).isEqualTo(before);
	}

	@Test
	void emptyQueuesGiveNothing() {
		Claims claims = this.executions.claim(List.of("default", "high"), 10, true);
		assertThat(claims).isEqualTo(new Claims(false, List.of(), List.of(), List.of()));
		assertThat(state()).isEmpty();
	}

	/** W25. */
	@Test
	void idsThatAreNoJobsToRunAreDropped() {
		for (String status : List.of("started", "finished", "canceled", "stopped")) {
			python(status, "status", status, "ended_at", "");
		}
		hash("rq:job:half", "status", "queued");
		this.template.opsForSet().add("rq:job:other:dependents", "x");
		push("default", "started", "finished", "canceled", "stopped", "none", "half", "other:dependents");
		enqueue(job("good"));
		String before = state("rq:job:");
		Claims claims = this.executions.claim(List.of("default"), 1, false);
		assertThat(claims.claims()).extracting((claim) -> claim.execution().jobId()).containsExactly("good");
		assertThat(claims.dropped()).containsExactly(new Dropped("started", "it is started"),
				new Dropped("finished", "it is finished"), new Dropped("canceled", "it is canceled"),
				new Dropped("stopped", "it is stopped"), new Dropped("none", "there is no such job"),
				new Dropped("half", "there is no such job"), new Dropped("other:dependents", "its key is not a hash"));
		assertThat(list("rq:queue:default")).isEmpty();
		this.template.delete("rq:job:good");
		assertThat(state("rq:job:")).isEqualTo(before.replaceFirst("(?s)rq:job:good hash.*?(?=rq:job)", ""));
	}

	/** W29. */
	@ParameterizedTest
	@CsvSource({ "false", "true" })
	void oneCallDoesNotGoThroughAHugeQueueOfDroppedIds(boolean inTurn) {
		push("default", IntStream.range(0, 2500).mapToObj((i) -> "none-" + i).toArray(String[]::new));
		enqueue(job("good"));
		int calls = 0;
		Claims claims;
		do {
			claims = this.executions.claim(List.of("default"), 100, inTurn);
			assertThat(claims.dropped()).hasSizeLessThan(1100);
			calls++;
		}
		while (claims.claims().isEmpty());
		assertThat(calls).isBetween(2, 3);
	}

	@ParameterizedTest
	@CsvSource({ "a.b", "a b", "ä" })
	void jobOfMalformedIdIsHandedOutWithTheReason(String id) {
		python(id);
		push("default", id);
		Claim claim = this.executions.claim(List.of("default"), 1, false).claims().get(0);
		assertThat(claim.job()).isNull();
		assertThat(claim.problem()).hasMessageContaining("malformed");
		assertThat(this.executions.finish(List.of(failure(claim.execution(), 500)))).isEmpty();
		assertThat(this.redis.state().hash("rq:job:" + new String(bytes(id), StandardCharsets.ISO_8859_1)))
			.containsEntry("status", "failed");
	}

	@ParameterizedTest
	@CsvSource({ "a:b", "string:b" })
	void jobOfAnIdWithAColonCannotHaveALeaseAndIsSetAside(String id) {
		python(id, "origin", "high");
		push("default", id);
		this.template.opsForValue().set("rq:results:string:b", "no stream");
		Claims claims = this.executions.claim(List.of("default"), 1, false);
		assertThat(claims.claims()).isEmpty();
		assertThat(claims.dropped()).containsExactly(new Dropped(id, "its id is malformed"));
		Job job = this.jobs.find(id).orElseThrow();
		assertThat(job.status()).isEqualTo(JobStatus.FAILED);
		assertThat(job.endedAt()).isEqualTo(NOW);
		assertThat(this.redis.state().keys()).containsKey("rq:failed:high").doesNotContainKey("rq:wip:high");
		assertThat(state("rq:job")).startsWith("rq:job:" + id + " hash ttl 31536000\n");
		if (id.equals("a:b")) {
			assertThat(this.jobs.results(id)).singleElement()
				.satisfies((result) -> assertThat(result.exception()).contains("malformed"));
			assertThat(state("rq:failed", "rq:results")).contains("+31536000 ", " stream ttl 31536000");
		}
	}

	static Stream<Arguments> records() {
		return Stream.of(runs("data and origin only", "created_at", "", "status", "", "timeout", ""),
				runs("callback that nobody can import", "success_callback_name", "nowhere.cb"),
				runs("bad webhooks", "webhooks", "no JSON"), runs("unreadable meta", "meta", "\u0000\u0001"),
				runs("no fraction", "created_at", "2026-01-31T12:00:00Z"),
				runs("3 digits", "created_at", "2026-01-31T12:00:00.123Z"), runs("timeout for ever", "timeout", "-1"),
				runs("empty lists", "retry_intervals", "", "dependency_ids", "", "repeat_intervals", "[]"),
				runs("large number", "result_ttl", "10000000000"),
				runs("number without end", "timeout", "9".repeat(30), "failure_ttl", "-" + "9".repeat(30)),
				runs("interval without end", "retries_left", "3", "retry_intervals", "[1e999999999, -7, 4e12]"),
				runs("foreign field", "foreign", "x"), poison("status", "of_a_newer_version"),
				poison("created_at", "2026-01-31T12:00:00.123456789Z"),
				poison("enqueued_at", "2026-01-31T12:00:00+00:00"), poison("last_heartbeat", "yesterday"),
				poison("timeout", "1h"), poison("timeout", "180.0"), poison("success_callback_timeout", ""),
				poison("failure_callback_timeout", ""), poison("stopped_callback_timeout", "PT1M"),
				poison("enqueue_at_front", ""), poison("enqueue_at_front", "true"), poison("retries_left", "3.0"),
				poison("repeats_left", "many"), poison("retry_intervals", "10"),
				poison("dependency_ids", "parent-1, parent-2"), poison("allow_dependency_failures", "true"),
				poison("ttl", "-5"), poison("number_of_retries", "x"));
	}

	private static Arguments runs(String name, String... fields) {
		return Arguments.of(name, fields, true);
	}

	private static Arguments poison(String field, String value) {
		return Arguments.of(field + " " + value, new String[] { field, value }, false);
	}

	/** W13. */
	@ParameterizedTest(name = "{0}")
	@MethodSource("records")
	void recordIsRunWhereRqRunsItAndHandedOutWithTheReasonWhereItsWorkersQuit(String name, String[] fields,
			boolean runs) {
		python("a", fields);
		push("default", "a");
		enqueue(job("b"));
		List<Claim> claims = this.executions.claim(List.of("default"), 10, false).claims();
		assertThat(claims).hasSize(2);
		Claim claim = claims.get(0);
		assertThat(claims.get(1).job()).isNotNull();
		assertThat(claim.execution().jobId()).isEqualTo("a");
		assertThat(this.redis.state().zset("rq:wip:default")).containsKey("a:" + claim.execution().id());
		if (runs) {
			assertThat(claim.problem()).isNull();
			assertThat(claim.job()).isNotNull();
		}
		else {
			assertThat(claim.job()).isNull();
			assertThat(claim.problem()).hasMessageContaining(fields[0]).hasMessageContaining(fields[1]);
			assertThat(this.executions.finish(List.of(failure(claim.execution(), 31536000)))).isEmpty();
			assertThat(this.redis.state().zset("rq:failed:default")).containsKey("a");
			if (!fields[0].equals("status") && !fields[0].equals("last_heartbeat")) {
				assertThat(field("a", fields[0])).isEqualTo(fields[1]);
			}
		}
	}

	@Test
	void durationsOfOthersAreCutToWhatClocksCanCount() {
		python("a", "timeout", "9460800000", "ttl", "9223372036854775807", "result_ttl", "99999999999999999999",
				"failure_ttl", "-99999999999999999999", "retries_left", "99999999999999999999", "retry_intervals",
				"[1e999999999, -7]");
		push("default", "a");
		Job job = Objects.requireNonNull(this.executions.claim(List.of("default"), 1, false).claims().get(0).job());
		JobOptions options = job.options();
		assertThat(options.timeout()).isEqualTo(JobOptions.LONGEST);
		assertThat(options.ttl()).isEqualTo(JobOptions.LONGEST);
		assertThat(options.resultTtl()).isEqualTo(JobOptions.LONGEST);
		assertThat(options.failureTtl()).isNegative();
		assertThat(options.retry()).isEqualTo(new Retry(Integer.MAX_VALUE, List.of(Integer.MAX_VALUE, 0), false));
	}

	@Test
	void dataThatIsNotCompressedIsTakenAsItIs() {
		python("a", "data", "\u0080 pickle");
		push("default", "a");
		Claim claim = this.executions.claim(List.of("default"), 1, false).claims().get(0);
		assertThat(Objects.requireNonNull(claim.job()).payload().data()).asString().isEqualTo("\u0080 pickle");
	}

	@Test
	void recordOfManyForeignFieldsIsNoProblem() {
		enqueue(job("a"));
		for (int i = 0; i < 5000; i++) {
			this.template.opsForHash().put("rq:job:a", "foreign-" + i, "x");
		}
		assertThat(claim(1)).hasSize(1);
	}

	@Test
	void jobWithoutOriginBelongsToTheQueueItWaitedOn() {
		python("a", "origin", "");
		hash("rq:job:b", "data", "[]");
		push("high", "a", "b");
		List<Claim> claims = this.executions.claim(List.of("high"), 2, false).claims();
		assertThat(claims).hasSize(2).allSatisfy((claim) -> {
			assertThat(claim.execution().queue()).isEqualTo("high");
			assertThat(Objects.requireNonNull(claim.job()).queue()).isEqualTo("high");
		});
		assertThat(this.redis.state().zset("rq:wip:high")).hasSize(2);
		assertThat(field("a", "origin")).isEqualTo("high");
	}

	/**
	 * Byte by byte, as Java reads it otherwise: cut off, too long a form, half a pair.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "d\u00ff", "\u00c3", "\u00e2\u00c3\u00a9\u0082\u00ac", "\u00c0\u0080",
			"\u00e0\u0080\u0080", "\u00ed\u00a0\u0080", "\u00f4\u0090\u0080\u0080", "\u00f0\u0080\u0080\u0080" })
	void jobWhoseOriginIsNoTextBelongsToTheQueueItWaitedOn(String origin) {
		python("a");
		this.template.execute((RedisConnection redis) -> redis.hashCommands()
			.hSet(bytes("rq:job:a"), bytes("origin"), origin.getBytes(StandardCharsets.ISO_8859_1)));
		push("default", "a");
		Claim claim = this.executions.claim(List.of("default"), 1, false).claims().get(0);
		assertThat(claim.execution().queue()).isEqualTo("default");
		assertThat(field("a", "origin")).isEqualTo("default");
		assertThat(this.executions.finish(List.of(success(claim.execution(), 500)))).isEmpty();
		assertThat(field("a", "status")).isEqualTo("finished");
		assertThat(this.redis.state().keys()).containsKey("rq:finished:default").doesNotContainKey("rq:wip:default");
	}

	@Test
	void jobOfAnotherOriginInAnyLanguageIsRecordedThere() {
		String origin = "\u00e4\u20ac\ud55c\ud83d\ude00\udbff\udfff";
		python("a", "origin", origin);
		push("default", "a");
		Claim claim = this.executions.claim(List.of("default"), 1, false).claims().get(0);
		assertThat(claim.execution().queue()).isEqualTo(origin);
		assertThat(this.executions.finish(List.of(success(claim.execution(), 500)))).isEmpty();
	}

	@Test
	void jobWhoseIdIsNoTextIsSetAside() {
		byte[] id = "a\u00ffb".getBytes(StandardCharsets.ISO_8859_1);
		byte[] key = "rq:job:a\u00ffb".getBytes(StandardCharsets.ISO_8859_1);
		this.template.execute((RedisConnection redis) -> {
			redis.hashCommands().hSet(key, bytes("data"), bytes("[]"));
			return redis.listCommands().rPush(bytes("rq:queue:default"), id);
		});
		Claims claims = this.executions.claim(List.of("default"), 1, false);
		assertThat(claims.claims()).isEmpty();
		assertThat(claims.dropped()).containsExactly(new Dropped("a\ufffdb", "its id is malformed"));
		assertThat(this.redis.state().hash("rq:job:a\u00ffb")).containsEntry("status", "failed");
		assertThat(this.redis.state().keys()).containsKey("rq:failed:default").doesNotContainKey("rq:wip:default");
	}

	@Test
	void jobOfAnotherOriginIsRecordedThere() {
		python("a", "origin", "low");
		push("high", "a");
		Claim claim = this.executions.claim(List.of("high"), 2, false).claims().get(0);
		assertThat(claim.execution().queue()).isEqualTo("low");
		assertThat(this.redis.state().zset("rq:wip:low")).containsOnlyKeys("a:" + claim.execution().id());
	}

	@ParameterizedTest
	@CsvSource({ "false", "true" })
	void queueKeyOfAnotherTypeLosesNothingOfTheOthers(boolean inTurn) {
		this.template.opsForValue().set("rq:queue:bad", "no list");
		enqueue(job("a"), on("low", job("b")));
		List<Claim> claims = this.executions.claim(List.of("default", "bad", "low"), 10, inTurn).claims();
		assertThat(claims).extracting((claim) -> claim.execution().jobId()).containsExactly("a", "b");
		assertThat(this.redis.state().string("rq:queue:bad")).isEqualTo("no list");
	}

	/** W27. */
	@Test
	void requeuedJobLosesTheFailureLifetimeThatPythonLeavesOnIt() {
		python("a", "status", "queued");
		this.template.expire("rq:job:a", Duration.ofSeconds(100));
		push("default", "a");
		claim(1);
		assertThat(this.redis.state().ttl("rq:job:a")).isEqualTo(-1);
	}

	@Test
	void executionIdsAreDifferent() {
		this.jobs.enqueue(IntStream.range(0, 300).mapToObj((i) -> job("job-" + i)).toList());
		Set<String> ids = Stream.of(claim(100), claim(100), claim(100))
			.flatMap(List::stream)
			.map(Execution::id)
			.collect(Collectors.toSet());
		assertThat(ids).hasSize(300).allMatch((id) -> id.matches("[0-9a-f]{32}"));
		assertThatIllegalArgumentException().isThrownBy(() -> claim(1001));
	}

	/** W3, W6. */
	@Test
	void idIsTakenByTheWaitAndThenClaimed() throws Exception {
		try (QueueWait wait = queueWait()) {
			assertThat(wait.await(Duration.ofMillis(50), false)).isFalse();
			enqueue(job("a"), job("b"));
			assertThat(wait.await(Duration.ofSeconds(5), false)).isTrue();
			assertThat(list("rq:taken:default:w1")).containsExactly("a");
			assertThat(claim(2)).extracting(Execution::jobId).containsExactly("a", "b");
			assertThat(list("rq:taken:default:w1")).isEmpty();
		}
	}

	@Test
	void jobIsWaitedForAndClaimedInOneCall() throws Exception {
		try (QueueWait wait = queueWait()) {
			enqueue(job("first"));
			claim(1);
			assertThat(claims(wait, Duration.ofMillis(50)).claims()).isEmpty();
			enqueue(job("a"), job("b"), job("c"));
			Claims claims = claims(wait, Duration.ofSeconds(5));
			assertThat(claims.claims()).extracting((claim) -> claim.execution().jobId()).containsExactly("a", "b");
			assertThat(list("rq:queue:default")).containsExactly("c");
			assertThat(list("rq:taken:default:w1")).isEmpty();
			Job started = this.jobs.find("a").orElseThrow();
			assertThat(started.status()).isEqualTo(JobStatus.STARTED);
			assertThat(started.times().startedAt()).isBetween(Instant.now().minusSeconds(60),
					Instant.now().plusSeconds(60));
		}
	}

	@Test
	void idIsKeptWhenRedisHasLostTheScript() {
		try (QueueWait wait = queueWait()) {
			enqueue(job("a"));
			try (var connection = this.redis.connectionFactory().getConnection()) {
				connection.scriptingCommands().scriptFlush();
			}
			assertThat(this.executions.claimNext(wait, Duration.ofSeconds(5), 2)).isNull();
			assertThat(list("rq:taken:default:w1")).containsExactly("a");
			assertThat(claim(2)).extracting(Execution::jobId).containsExactly("a");
		}
	}

	private Claims claims(QueueWait wait, Duration timeout) {
		return Objects.requireNonNull(this.executions.claimNext(wait, timeout, 2));
	}

	@Test
	void waitInProgressComesToItsEndWhenClosed() throws Exception {
		QueueWait wait = queueWait();
		FutureTask<Boolean> waiting = new FutureTask<>(() -> wait.await(Duration.ofSeconds(30), false));
		new Thread(waiting).start();
		await().until(() -> blockedClients() == 1);
		wait.close();
		enqueue(job("a"));
		assertThat(waiting.get(20, TimeUnit.SECONDS)).isTrue();
		assertThat(list("rq:taken:default:w1")).containsExactly("a");
		assertThat(wait.await(Duration.ofSeconds(30), false)).isFalse();
	}

	private int blockedClients() {
		try (var connection = this.redis.connectionFactory().getConnection()) {
			return Integer
				.parseInt(Objects.requireNonNull(Objects.requireNonNull(connection.serverCommands().info("clients"))
					.getProperty("blocked_clients")));
		}
	}

	@Test
	void resultsAreReadNewestFirst() {
		Execution execution = started("a");
		this.executions.retry(List.of(retry(execution, 0, false, null, 1)));
		this.executions.finish(List.of(success(claim(1).get(0), 500)));
		assertThat(this.jobs.results("a")).extracting(JobResult::type)
			.containsExactly(JobResult.Type.SUCCESSFUL, JobResult.Type.RETRIED);
	}

	@ParameterizedTest
	@CsvSource({ "false", "true" })
	void jobsStayOnTheirQueueWhenTheirLeaseCannotBeWritten(boolean inTurn) {
		enqueue(on("bad", job("a")), on("bad", job("b")), on("good", job("c")));
		this.template.opsForValue().set("rq:wip:bad", "something else");
		String before = state("rq:queue:bad", "rq:job:a", "rq:job:b");
		Claims claims = this.executions.claim(List.of("bad", "good"), 10, inTurn);
		assertThat(claims.claims()).singleElement().satisfies((claim) -> {
			assertThat(claim.execution().jobId()).isEqualTo("c");
			assertThat(this.redis.state().zset("rq:wip:good")).containsKey("c:" + claim.execution().id());
		});
		assertThat(state("rq:queue:bad", "rq:job:a", "rq:job:b")).isEqualTo(before);
		assertThatExceptionOfType(ScriptRefusedException.class)
			.isThrownBy(() -> this.executions.claim(List.of("bad", "good"), 10, inTurn))
			.withMessageContaining("rq:wip:bad");
		assertThat(state("rq:queue:bad", "rq:job:a", "rq:job:b")).isEqualTo(before);
		this.template.delete("rq:wip:bad");
		assertThat(this.executions.claim(List.of("bad"), 10, inTurn).claims()).hasSize(2);
	}

	@Test
	void queueThatIsNoListIsNamed() {
		this.template.opsForValue().set("rq:queue:bad", "something else");
		assertThatExceptionOfType(ScriptRefusedException.class)
			.isThrownBy(() -> this.executions.claim(List.of("bad"), 10, false))
			.withMessageContaining("rq:queue:bad");
	}

	@Test
	void idThatIsOnTheQueueTwiceIsClaimedOnce() {
		enqueue(job("a"));
		push("default", "a");
		Claims claims = this.executions.claim(List.of("default"), 10, false);
		assertThat(claims.claims()).hasSize(1);
		assertThat(claims.dropped()).containsExactly(new Dropped("a", "it is started"));
	}

	private QueueWait queueWait() {
		return new QueueWait(new RedisScripts(this.redis.connectionFactory()), "default", "w1", Duration.ofSeconds(30));
	}

}
