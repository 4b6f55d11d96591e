package io.rq.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.rq.job.Dependency;
import io.rq.job.DuplicateJobException;
import io.rq.job.Job;
import io.rq.job.JobLinks;
import io.rq.job.JobOptions;
import io.rq.job.JobStatus;
import io.rq.job.NewJob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@code enqueue-linked.lua}: jobs that wait for others.
 */
class DependencyTests extends AbstractStoreTests {

	private static NewJob after(NewJob job, String... parents) {
		return after(job, Dependency.on(parents));
	}

	static NewJob after(NewJob job, Dependency dependency) {
		Job old = job.job();
		JobOptions options = old.options().withLinks(old.options().links().and(dependency));
		return new NewJob(new Job(old.id(), old.queue(), old.status(), options, old.times(), old.run(), old.payload()),
				job.atFront() || dependency.front(), job.idGiven(), job.unique(), job.due());
	}

	private void finish(Execution execution) {
		this.executions.finish(List.of(success(execution, 500)));
	}

	private void fail(Execution execution) {
		this.executions.finish(List.of(failure(execution, 500)));
	}

	@Test
	void jobsAreDeferredAndReleasedAsRqDoesIt() {
		enqueue(job("parent-1"), on("high", job("parent-2")));
		List<Job> stored = enqueue(
				after(job("child-1", PLAIN.withTtl(Duration.ofSeconds(900))),
						Dependency.on("parent-1", "parent-2").allowFailure().atFront()),
				after(job("child-2"), "parent-1"));
		assertThat(stored).allSatisfy((job) -> {
			assertThat(job.status()).isEqualTo(JobStatus.DEFERRED);
			assertThat(job.enqueuedAt()).isNull();
		});
		assertThat(state("child", "deferred", "depend")).isEqualTo("""
				rq:deferred:default zset
				  never child-1
				  never child-2
				rq:job::child-1:dependencies set ttl 900
				  parent-1
				  parent-2
				rq:job::child-2:dependencies set
				  parent-1
				rq:job:child-1 hash ttl 900
				  allow_dependency_failures 1
				  created_at 2026-01-31T12:00:00.123456Z
				  data ["tasks.add",null,[1],{}]
				  dependency_id parent-1
				  dependency_ids ["parent-1", "parent-2"]
				  description tasks.add(1)
				  enqueue_at_front 1
				  last_heartbeat
				  origin default
				  status deferred
				  timeout 180
				  ttl 900
				rq:job:child-2 hash
				  created_at 2026-01-31T12:00:00.123456Z
				  data ["tasks.add",null,[1],{}]
				  dependency_id parent-1
				  dependency_ids ["parent-1"]
				  description tasks.add(1)
				  last_heartbeat
				  origin default
				  status deferred
				  timeout 180
				rq:job:parent-1:dependents set
				  child-1
				  child-2
				rq:job:parent-2:dependents set
				  child-1
				""");
		assertThat(this.jobs.dependents("parent-1")).containsExactly("child-1", "child-2");
		finish(claim(1).get(0));
		assertThat(list("rq:queue:default")).containsExactly("child-2");
		assertThat(this.jobs.dependents("parent-1")).containsExactly("child-1");
		fail(this.executions.claim(List.of("high"), 1, false).claims().get(0).execution());
		assertThat(list("rq:queue:default")).containsExactly("child-1", "child-2");
		assertThat(field("child-1", "enqueued_at")).isEqualTo(STAMP);
		assertThat(this.redis.state().keys()).doesNotContainKeys("rq:deferred:default", "rq:job:parent-2:dependents");
		Execution last = claim(2).get(0);
		finish(last);
		assertThat(this.redis.state().ttl("rq:job::child-1:dependencies")).isEqualTo(500);
	}

	@Test
	void aJobTellsItsTiesWhenItIsRead() {
		enqueue(job("a"), after(job("b"), Dependency.on("a", "gone").allowFailure().atFront()));
		assertThat(this.jobs.find("b").orElseThrow().options().links())
			.isEqualTo(new JobLinks(List.of("a", "gone"), true, true, null));
		assertThat(this.jobs.find("b").orElseThrow().dependencyIds()).containsExactly("a", "gone");
		assertThat(this.jobs.find("a").orElseThrow().options().links()).isSameAs(JobLinks.NONE);
		python("c", "dependency_ids", "[\"x\",\"y\"]", "enqueue_at_front", "1");
		assertThat(this.jobs.find("c").orElseThrow().options().links())
			.isEqualTo(new JobLinks(List.of("x", "y"), false, true, null));
	}

	/** W23: the rule for parents that have ended is that for parents that end. */
	@ParameterizedTest
	@CsvSource({ "finished, false, queued", "finished, true, queued", "failed, false, deferred", "failed, true, queued",
			"stopped, true, deferred", "canceled, true, deferred", "queued, true, deferred",
			"scheduled, false, deferred", "deferred, false, deferred", "started, true, deferred",
			"none, false, queued" })
	void whatHasEndedAlreadyIsNotWaitedFor(String status, boolean allowFailure, String expected) {
		if (!status.equals("none")) {
			python("parent", "status", status);
		}
		Dependency dependency = Dependency.on("parent");
		enqueue(after(job("child"), allowFailure ? dependency.allowFailure() : dependency));
		assertThat(field("child", "status")).isEqualTo(expected);
		assertThat(list("rq:queue:default")).hasSize(expected.equals("queued") ? 1 : 0);
		assertThat(this.redis.state().keys().containsKey("rq:job:parent:dependents"))
			.isEqualTo(expected.equals("deferred"));
	}

	@Test
	void theChildOfAFailedParentRunsWhenThatHasBeenRunAgain() {
		Execution parent = started("parent");
		fail(parent);
		enqueue(after(job("child"), "parent"));
		assertThat(field("child", "status")).isEqualTo("deferred");
		hash("rq:job:parent", "status", "queued");
		push("default", "parent");
		finish(claim(1).get(0));
		assertThat(list("rq:queue:default")).containsExactly("child");
	}

	/** W23: what was asked for of the front counts at once, and later. */
	@Test
	void theFrontIsNotForgotten() {
		enqueue(job("a"), job("b"));
		enqueue(after(front(job("now")), "gone"));
		assertThat(list("rq:queue:default")).containsExactly("now", "a", "b");
		enqueue(after(job("later"), Dependency.on("now").atFront()));
		finish(claim(1).get(0));
		assertThat(list("rq:queue:default")).containsExactly("later", "a", "b");
	}

	/** W23: RQ forgets the dependencies of a scheduled job. */
	@Test
	void aJobWithADueTimeWaitsForBoth() {
		enqueue(job("a"));
		enqueue(after(in(job("later", PLAIN.withTtl(Duration.ofSeconds(10))), 60), "a"), after(in(job("past"), 0), "a"),
				after(in(job("free"), 60), "gone"));
		assertThat(this.redis.state().zset("rq:scheduled:default")).containsOnlyKeys("free");
		assertThat(this.redis.state().ttl("rq:job:later")).isBetween(61L, 70L);
		assertThat(this.redis.state().ttl("rq:job::later:dependencies")).isBetween(61L, 70L);
		finish(claim(1).get(0));
		assertThat(list("rq:queue:default")).containsExactly("past");
		assertThat(field("later", "status")).isEqualTo("scheduled");
		assertThat(score("rq:scheduled:default", "later") - now()).isBetween(55.0, 60.0);
		assertThat(this.redis.state().keys()).doesNotContainKey("rq:deferred:default");
	}

	@Test
	void aTimeThatHasPassedMeanwhileCountsNoMore() {
		enqueue(job("a"));
		enqueue(after(in(job("b"), 60), "a"));
		hash("rq:job:b", "due_at", "" + (now() - 1));
		finish(claim(1).get(0));
		assertThat(list("rq:queue:default")).containsExactly("b");
	}

	@Test
	void whatCannotBeScheduledStaysDeferred() {
		enqueue(job("a"));
		enqueue(after(in(job("b"), 60), "a"));
		this.template.opsForValue().set("rq:scheduled:default", "of another type");
		finish(claim(1).get(0));
		assertThat(field("a", "status")).isEqualTo("finished");
		assertThat(field("b", "status")).isEqualTo("deferred");
	}

	@Test
	void jobsOfOneCallWaitForEachOtherInAnyOrder() {
		List<Job> stored = enqueue(after(job("d"), "b", "c"), after(given(job("c")), "a"), after(given(job("b")), "a"),
				given(job("a")), job("plain"), in(job("later"), 60));
		assertThat(stored).extracting(Job::id).containsExactly("d", "c", "b", "a", "plain", "later");
		assertThat(stored).extracting(Job::status)
			.containsExactly(JobStatus.DEFERRED, JobStatus.DEFERRED, JobStatus.DEFERRED, JobStatus.QUEUED,
					JobStatus.QUEUED, JobStatus.SCHEDULED);
		List<String> order = new ArrayList<>();
		for (List<Execution> runs = claim(1); !runs.isEmpty(); runs = claim(1)) {
			order.add(runs.get(0).jobId());
			finish(runs.get(0));
		}
		assertThat(order).hasSize(5).startsWith("a", "plain").endsWith("d");
	}

	@Test
	void anEarlierJobOfTheIdIsNoParentOfTheCall() {
		finish(started("a"));
		enqueue(after(job("b"), "a"), given(job("a")));
		assertThat(field("b", "status")).isEqualTo("deferred");
		finish(claim(1).get(0));
		assertThat(list("rq:queue:default")).containsExactly("b");
	}

	@Test
	void parentsAreThereBeforeTheirChildrenInLongCallsToo() {
		List<NewJob> chain = new ArrayList<>();
		for (int i = 2_499; i > 0; i--) {
			chain.add(after(given(job("j" + i)), "j" + (i - 1)));
		}
		chain.add(given(job("j0")));
		List<Job> stored = this.jobs.enqueue(chain);
		assertThat(stored).filteredOn((job) -> job.status() != JobStatus.DEFERRED)
			.extracting(Job::id)
			.containsExactly("j0");
		assertThat(list("rq:queue:default")).containsExactly("j0");
	}

	@Test
	void circlesAreRefusedBeforeAnythingIsWritten() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> enqueue(job("x"), after(given(job("a")), "b"), after(given(job("b")), "a")))
			.withMessageContaining("'a', 'b' wait for each other");
		assertThatIllegalArgumentException().isThrownBy(() -> enqueue(after(given(job("a")), "a")))
			.withMessageContaining("'a' waits for itself");
		assertThat(state()).isEmpty();
	}

	@Test
	void allAreStoredOrNone() {
		python("parent", "status", "started");
		python("running", "status", "started");
		String before = state();
		assertThatExceptionOfType(DuplicateJobException.class)
			.isThrownBy(() -> enqueue(after(job("a"), "parent"), given(job("running"))))
			.satisfies((ex) -> assertThat(ex.getJobId()).isEqualTo("running"));
		assertThat(state()).isEqualTo(before);
		this.template.opsForValue().set("rq:job:parent:dependents", "of another type");
		before = state();
		assertThatExceptionOfType(ScriptRefusedException.class)
			.isThrownBy(() -> enqueue(job("b"), after(job("a"), "parent")));
		assertThatExceptionOfType(ScriptRefusedException.class).isThrownBy(() -> enqueue(after(job("a"), "parent")));
		assertThat(state()).isEqualTo(before);
	}

	@Test
	void aUniqueJobMayWait() {
		enqueue(job("p"));
		enqueue(after(unique(job("a")), "p"));
		assertThatExceptionOfType(DuplicateJobException.class).isThrownBy(() -> enqueue(after(unique(job("a")), "p")));
		assertThat(field("a", "status")).isEqualTo("deferred");
	}

	@Test
	void aReplacedJobWaitsForItsNewParentsOnly() {
		enqueue(job("old"), job("new"));
		enqueue(after(given(job("a")), "old"));
		enqueue(after(given(job("a")), "new"));
		assertThat(this.redis.state().set("rq:job::a:dependencies")).containsExactly("new");
		List<Execution> runs = claim(2);
		finish(runs.get(0));
		assertThat(field("a", "status")).isEqualTo("deferred");
		finish(runs.get(1));
		assertThat(field("a", "status")).isEqualTo("queued");
		enqueue(given(job("a")));
		assertThat(this.redis.state().keys()).doesNotContainKey("rq:job::a:dependencies");
		assertThat(list("rq:queue:default")).containsExactly("a");
	}

	@Test
	void aJobMayWaitForVeryMany() {
		String[] parents = IntStream.range(0, Dependency.MAX_JOBS).mapToObj((i) -> "p" + i).toArray(String[]::new);
		this.jobs.enqueue(Stream.of(parents).map(AbstractStoreTests::job).toList());
		enqueue(after(job("last"), parents));
		assertThat(this.redis.state().set("rq:job::last:dependencies")).hasSize(Dependency.MAX_JOBS);
		for (List<Execution> runs = claim(500); !runs.isEmpty(); runs = claim(500)) {
			this.executions.finish(runs.stream().map((run) -> success(run, 500)).toList());
		}
		this.maintenance.releaseDependents("default");
		assertThat(field("last", "status")).isEqualTo("queued");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void nobodyIsLeftBehindByAParentThatEndsAtThatMoment(boolean success) throws Exception {
		race(success, 300);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	@Tag("long")
	void nobodyIsLeftBehindInThousandsOfRaces(boolean success) throws Exception {
		race(success, 5_000);
	}

	private void race(boolean success, int rounds) throws Exception {
		Dependency dependency = Dependency.on("parent");
		ExecutorService threads = Executors.newFixedThreadPool(2);
		try {
			CyclicBarrier barrier = new CyclicBarrier(2);
			int deferred = 0;
			for (int i = 0; i < rounds; i++) {
				enqueue(given(job("parent")));
				Execution parent = claim(1).get(0);
				String child = "child-" + i;
				Future<List<Job>> stored = threads.submit(together(barrier,
						() -> enqueue(after(job(child), success ? dependency : dependency.allowFailure()))));
				Future<?> ended = threads.submit(together(barrier,
						() -> this.executions.finish(List.of(success ? success(parent, 500) : failure(parent, 500)))));
				ended.get();
				deferred += (stored.get().get(0).status() == JobStatus.DEFERRED) ? 1 : 0;
				List<Execution> released = claim(2);
				assertThat(released).extracting(Execution::jobId).containsExactly(child);
				this.executions.finish(List.of(success(released.get(0), 0)));
			}
			assertThat(deferred).isBetween(1, rounds - 1);
		}
		finally {
			threads.shutdownNow();
		}
	}

	private static <T> Callable<T> together(CyclicBarrier barrier, Callable<T> work) {
		return () -> {
			barrier.await();
			return work.call();
		};
	}

}
