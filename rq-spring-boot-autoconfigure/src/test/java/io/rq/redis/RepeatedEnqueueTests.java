package io.rq.redis;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.data.redis.connection.RedisConnectionFactory;

import io.rq.job.Dependency;
import io.rq.job.DuplicateJobException;
import io.rq.job.Job;
import io.rq.job.JobStatus;
import io.rq.job.NewJob;
import io.rq.test.FaultProxy;
import io.rq.test.RedisClients;
import io.rq.test.TestStores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the enqueueing of jobs over a connection that breaks after Redis has done its
 * part, so that the client repeats the call.
 */
class RepeatedEnqueueTests extends AbstractStoreTests {

	private static final List<String> SHAS = Stream.of(Script.ENQUEUE_ALL, Script.ENQUEUE_LINKED)
		.map((script) -> ScriptTexts.of(KeyLayout.RQ).get(script).sha())
		.toList();

	private final FaultProxy proxy = FaultProxy.to(this.redis);

	private final RedisConnectionFactory connections = this.proxy.connect(Duration.ofSeconds(20));

	private final JobStore store = TestStores.jobs(new RedisScripts(this.connections), this.clock);

	@BeforeEach
	void loadTheScript() {
		this.store.enqueue(List.of(on("other", job("warm-up")), on("other", job("warm-up-too"))));
		this.store.enqueue(List.of(on("other", DependencyTests.after(job("warmed-up"), Dependency.on("gone")))));
	}

	@AfterEach
	void close() {
		RedisClients.close(this.connections);
		this.proxy.close();
	}

	/**
	 * Enqueues jobs; the first reply is lost, and the repeat of the call reaches Redis
	 * after what is done in between.
	 */
	private List<Job> enqueueTwice(Runnable inBetween, NewJob... jobs) {
		int faults = this.proxy.faults();
		AtomicInteger calls = new AtomicInteger();
		this.proxy.loseReplyTo((request) -> isEnqueue(request) && calls.getAndIncrement() == 0);
		this.proxy.hold((request) -> isEnqueue(request) && calls.get() > 1);
		CompletableFuture<List<Job>> stored = CompletableFuture.supplyAsync(() -> this.store.enqueue(List.of(jobs)),
				new SimpleAsyncTaskExecutor());
		await().until(() -> this.proxy.faults() == faults + 2 || stored.isDone());
		inBetween.run();
		this.proxy.release();
		return stored.join();
	}

	private static boolean isEnqueue(String request) {
		return SHAS.stream().anyMatch(request::contains);
	}

	@Test
	void jobThatWaitsIsStoredOnceWhateverItsParentDoesInBetween() {
		enqueue(job("parent"), job("second"));
		List<Job> stored = enqueueTwice(
				() -> run((execution) -> this.executions.finish(List.of(success(execution, 0)))),
				DependencyTests.after(job("child"), Dependency.on("parent")),
				DependencyTests.after(given(job("chosen")), Dependency.on("parent", "second")));
		assertThat(stored).extracting(Job::status).containsExactly(JobStatus.DEFERRED, JobStatus.DEFERRED);
		assertThat(list("rq:queue:default")).containsExactlyInAnyOrder("child", "chosen");
		run((execution) -> this.executions.finish(List.of(success(execution, 500))));
		assertThat(claim(10)).isEmpty();
		stored = enqueueTwice(() -> {
		}, DependencyTests.after(job("free"), Dependency.on("gone")));
		assertThat(stored).extracting(Job::status).containsExactly(JobStatus.QUEUED);
		assertThat(list("rq:queue:default")).containsExactly("free");
	}

	private void run(Consumer<Execution> end) {
		claim(10).forEach(end);
	}

	@Test
	void uniqueJobIsItsOwnAndNoDuplicate() {
		List<Job> stored = enqueueTwice(() -> {
		}, unique(job("a")));
		assertThat(stored).extracting(Job::status).containsExactly(JobStatus.QUEUED);
		assertThat(list("rq:queue:default")).containsExactly("a");
		assertThatExceptionOfType(DuplicateJobException.class).isThrownBy(() -> enqueue(unique(job("a"))));
	}

	@ParameterizedTest
	@ValueSource(longs = { 500, 0 })
	void jobOfChosenIdThatRanInBetweenIsNotStoredAgain(long resultTtl) {
		enqueueTwice(() -> run((execution) -> this.executions.finish(List.of(success(execution, resultTtl)))),
				given(job("a")), unique(job("b")), job("c"));
		assertThat(list("rq:queue:default")).isEmpty();
		assertThat(claim(10)).isEmpty();
	}

	@Test
	void jobThatIsDroppedAtItsEndAndRanInBetweenIsNotStoredAgain() {
		enqueueTwice(() -> run((execution) -> this.executions.finish(List.of(success(execution, 0)))),
				job("a", PLAIN.withResultTtl(Duration.ZERO)));
		assertThat(claim(10)).isEmpty();
	}

	@Test
	void jobThatRunsInBetweenIsNotInItsOwnWay() {
		List<Job> stored = enqueueTwice(() -> claim(1), given(job("a")));
		assertThat(stored).extracting(Job::id).containsExactly("a");
		assertThat(field("a", "status")).isEqualTo("started");
		assertThat(list("rq:queue:default")).isEmpty();
	}

	@Test
	void jobThatReplacedItInBetweenStays() {
		enqueueTwice(() -> enqueue(given(job("a", PLAIN.withDescription("later")))), given(job("a")));
		assertThat(field("a", "description")).isEqualTo("later");
		assertThat(list("rq:queue:default")).containsExactly("a");
	}

	@Test
	void repeatIsAnsweredAsTheFirstCall() {
		List<Job> stored = enqueueTwice(() -> {
		}, given(job("a")), in(given(job("b")), 60), in(job("c"), 60));
		assertThat(stored).extracting(Job::status)
			.containsExactly(JobStatus.QUEUED, JobStatus.SCHEDULED, JobStatus.SCHEDULED);
		stored = enqueueTwice(() -> {
		}, job("d"), in(job("e"), 60));
		assertThat(stored).extracting(Job::status).containsExactly(JobStatus.QUEUED, JobStatus.SCHEDULED);
		assertThat(this.redis.state().zset("rq:scheduled:default")).containsOnlyKeys("b", "c", "e");
	}

	@Test
	void jobOfChosenIdIsKnownByItsHashWhenItsCallIsForgotten() {
		enqueueTwice(() -> {
			this.redis.state()
				.keys()
				.keySet()
				.stream()
				.filter((key) -> key.startsWith("rq:enqueued:"))
				.forEach(this.template::delete);
			run((execution) -> this.executions.finish(List.of(success(execution, 500))));
		}, given(job("a")), unique(job("b")));
		assertThat(claim(10)).isEmpty();
		assertThat(field("a", "status")).isEqualTo("finished");
	}

	@Test
	void jobWithARateLimitHasOneSlotAndOnePlace() {
		List<Job> stored = enqueueTwice(() -> {
		}, RateLimitTests.limited("api", 1, job("a")), RateLimitTests.limited("api", 1, job("b")));
		assertThat(stored).extracting(Job::status).containsExactly(JobStatus.QUEUED, JobStatus.RATE_LIMITED);
		stored = enqueueTwice(() -> run((execution) -> this.executions.finish(List.of(success(execution, 500)))),
				RateLimitTests.limited("api", 1, given(job("c"))));
		assertThat(stored).extracting(Job::status).containsExactly(JobStatus.RATE_LIMITED);
		assertThat(list("rq:queue:default")).containsExactly("b");
		assertThat(this.redis.state().zset("rq:rl:api:allowed")).containsOnlyKeys("b");
		assertThat(this.redis.state().zset("rq:rl:api:rate_limited")).containsOnlyKeys("c");
	}

	@Test
	void jobsOfGeneratedIdsNeedNothingToBeKnownBy() {
		enqueue(job("a"), in(job("b"), 60));
		assertThat(this.redis.state().keys()).doesNotContainKey("rq:enqueued")
			.allSatisfy((key, entry) -> assertThat(key).doesNotStartWith("rq:enqueued"));
		assertThat(this.redis.state().hash("rq:job:a")).doesNotContainKey("nonce");
	}

	@Test
	void whatIsEnqueuedOnceStaysSoThoughItHasRunAndIsGone() {
		List<List<NewJob>> calls = List.of(List.of(job("a", PLAIN.withResultTtl(Duration.ZERO))),
				List.of(given(job("b")), unique(job("c")), in(job("d"), 60)),
				List.of(job("e"), DependencyTests.after(job("f"), Dependency.on("e", "gone"))));
		for (List<NewJob> jobs : calls) {
			String name = jobs.get(0).job().id() + "-1";
			assertThat(this.store.enqueueOnce(jobs, name, 1, Duration.ofDays(7))).hasSameSizeAs(jobs);
			while (!list("rq:queue:default").isEmpty()) {
				run((execution) -> this.executions.finish(List.of(success(execution, 0))));
			}
			jobs.forEach((job) -> this.template.delete("rq:job:" + job.job().id()));
			this.store.enqueueOnce(jobs, name, 1, Duration.ofDays(7));
			assertThat(list("rq:queue:default")).isEmpty();
			assertThat(this.redis.state().ttl("rq:enqueued:" + name + ".1")).isBetween(604_700L, 604_800L);
		}
	}

	@Test
	void otherNamesAreOtherCalls() {
		this.store.enqueueOnce(List.of(given(job("a"))), "one", 1, Duration.ofDays(7));
		run((execution) -> this.executions.finish(List.of(success(execution, 500))));
		this.store.enqueueOnce(List.of(given(job("a"))), "two", 1, Duration.ofDays(7));
		assertThat(list("rq:queue:default")).containsExactly("a");
	}

	@Test
	void eachCallOfManyJobsIsKnownAndForgottenSooner() {
		List<NewJob> jobs = IntStream.range(0, 2_500).mapToObj((i) -> job("j" + i)).toList();
		enqueueManyOnce(jobs);
		assertThat(list("rq:queue:default")).hasSize(2_500);
		this.template.delete("rq:queue:default");
		jobs.forEach((job) -> this.template.delete("rq:job:" + job.job().id()));
		enqueueManyOnce(jobs);
		assertThat(list("rq:queue:default")).isEmpty();
		this.store.forgetSoon(jobs, "many", Duration.ofHours(1));
		assertThat(Stream.of(1, 2, 3)).allSatisfy(
				(call) -> assertThat(this.redis.state().ttl("rq:enqueued:many." + call)).isBetween(3_500L, 3_600L));
	}

	private void enqueueManyOnce(List<NewJob> jobs) {
		int call = 0;
		for (List<NewJob> some : this.store.calls(jobs)) {
			assertThat(this.store.enqueueOnce(some, "many", ++call, Duration.ofDays(7))).hasSameSizeAs(some);
		}
	}

	@Test
	void whatTakesSeveralCallsIsNoCall() {
		List<NewJob> jobs = IntStream.range(0, 1_001).mapToObj((i) -> job("j" + i)).toList();
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.store.enqueueOnce(jobs, "many", 1, Duration.ofDays(7)));
	}

	@Test
	void aRefusedCallMayBeMadeAgainWithoutWhatWasRefused() {
		enqueue(job("taken"));
		List<NewJob> jobs = List.of(job("a"), unique(job("taken")));
		assertThatExceptionOfType(DuplicateJobException.class)
			.isThrownBy(() -> this.store.enqueueOnce(jobs, "one", 1, Duration.ofDays(7)));
		assertThat(this.store.enqueueOnce(jobs.subList(0, 1), "one", 1, Duration.ofDays(7))).extracting(Job::id)
			.containsExactly("a");
		this.store.enqueueOnce(jobs, "one", 1, Duration.ofDays(7));
		assertThat(list("rq:queue:default")).containsExactly("taken", "a");
	}

}
