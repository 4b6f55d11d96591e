package io.rq.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;

import io.rq.RqException;
import io.rq.job.Job;
import io.rq.job.JobResult;
import io.rq.job.NewJob;
import io.rq.job.NoJobResultException;
import io.rq.job.NoJobResultException.Reason;
import io.rq.job.Retry;
import io.rq.lifecycle.Listeners;
import io.rq.redis.connection.OwnConnections;
import io.rq.redis.connection.OwnConnections.Use;
import io.rq.test.FaultProxy;
import io.rq.test.RedisClients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link AwaitedResults}.
 */
class AwaitedResultsTests extends AbstractStoreTests {

	private static final Duration WAIT = Duration.ofSeconds(4);

	private static final Duration LOOK = Duration.ofMillis(300);

	private final RedisConnectionFactory connections = RedisClients.connect(this.redis.host(), this.redis.port(),
			Duration.ofSeconds(10));

	private final AwaitedResults results = new AwaitedResults(() -> new RedisScripts(this.connections), () -> WAIT,
			LOOK);

	@AfterEach
	void close() {
		this.results.close();
		RedisClients.close(this.connections);
	}

	private static JobResult get(CompletableFuture<JobResult> outcome) throws Exception {
		return outcome.get(20, TimeUnit.SECONDS);
	}

	private static Reason reason(CompletableFuture<JobResult> outcome) throws Exception {
		try {
			throw new AssertionError("Has a result: " + get(outcome));
		}
		catch (ExecutionException ex) {
			assertThat(ex).hasCauseInstanceOf(NoJobResultException.class);
			return ((NoJobResultException) ex.getCause()).getReason();
		}
	}

	/** Returns when the server waits for what is to come. */
	private void awaitBlocked(int clients) {
		await().until(() -> this.results.reading() == clients);
	}

	@Test
	void tellsOfAResultAsSoonAsItIsThere() throws Exception {
		enqueue(job("a"));
		CompletableFuture<JobResult> outcome = this.results.await("a");
		awaitBlocked(1);
		long start = System.nanoTime();
		this.executions.finish(List.of(success(claim(1).get(0), 500)));
		JobResult result = get(outcome);
		assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(2));
		assertThat(result.type()).isEqualTo(JobResult.Type.SUCCESSFUL);
		assertThat(result.id()).isEqualTo(this.jobs.results("a").get(0).id());
	}

	@Test
	void whoComesWhileItWaitsIsWaitedForAtOnce() throws Exception {
		enqueue(job("a"), job("b"));
		CompletableFuture<JobResult> first = this.results.await("a");
		awaitBlocked(1);
		CompletableFuture<JobResult> second = this.results.await("b");
		long start = System.nanoTime();
		this.executions.finish(List.of(success(claim(2).get(1), 500)));
		assertThat(get(second).type()).isEqualTo(JobResult.Type.SUCCESSFUL);
		assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(2));
		assertThat(first).isNotDone();
	}

	@Test
	void jobThatHasEndedIsToldAtOnceByItsLastResult() throws Exception {
		this.executions.finish(List.of(failure(started("a"), 500)));
		assertThat(get(this.results.await("a")).type()).isEqualTo(JobResult.Type.FAILED);
		this.control.requeue("a", false);
		CompletableFuture<JobResult> next = this.results.await("a");
		awaitBlocked(1);
		assertThat(next).isNotDone();
		this.executions.finish(List.of(success(claim(1).get(0), 500)));
		assertThat(get(next).type()).isEqualTo(JobResult.Type.SUCCESSFUL);
		assertThat(get(this.results.await("a")).type()).isEqualTo(JobResult.Type.SUCCESSFUL);
	}

	@Test
	void whoComesWhenAllAreLookedAtIsNotToldOfAnEarlierRun() throws Exception {
		this.executions.finish(List.of(failure(started("a"), 500)));
		this.control.requeue("a", false);
		try (AwaitedResults looking = new AwaitedResults(() -> new RedisScripts(this.connections), () -> WAIT,
				Duration.ofNanos(1))) {
			CompletableFuture<JobResult> next = looking.await("a");
			await().until(() -> next.isDone() || looking.reading() == 1);
			this.executions.finish(List.of(success(claim(1).get(0), 500)));
			assertThat(get(next).type()).isEqualTo(JobResult.Type.SUCCESSFUL);
		}
	}

	@Test
	void waitThatIsRenewedOftenGathersBeforeItDoesSo() throws Exception {
		enqueue(job("long"));
		claim(1);
		CompletableFuture<JobResult> other = this.results.await("long");
		awaitBlocked(1);
		long before = reads();
		long start = System.nanoTime();
		for (int i = 0; i < 30; i++) {
			finishWhileWaitedFor("j" + i);
		}
		Duration time = Duration.ofNanos(System.nanoTime() - start);
		long most = 13 + time.dividedBy(Duration.ofMillis(80)) + time.dividedBy(LOOK);
		assertThat(reads() - before).as("waits in %s ms", time.toMillis()).isLessThanOrEqualTo(most);
		assertThat(other).isNotDone();
	}

	/**
	 * As often as anybody likes: nobody else waits, so that there is nothing to renew.
	 */
	@Test
	void singleCallerIsToldAtOnceEachTime() throws Exception {
		long start = System.nanoTime();
		for (int i = 0; i < 100; i++) {
			finishWhileWaitedFor("j" + i);
		}
		assertThat(System.nanoTime() - start).isLessThan(TimeUnit.MILLISECONDS.toNanos(90 * 85));
	}

	private void finishWhileWaitedFor(String id) throws Exception {
		Execution run = started(id);
		CompletableFuture<JobResult> outcome = this.results.await(id);
		this.executions.finish(List.of(success(run, 500)));
		assertThat(get(outcome).type()).isEqualTo(JobResult.Type.SUCCESSFUL);
	}

	private long reads() {
		try (RedisConnection connection = this.redis.connectionFactory().getConnection()) {
			Properties info = connection.serverCommands().info("commandstats");
			return Long.parseLong(info.getProperty("cmdstat_xread", "calls=0,").replaceAll("calls=(\\d+),.*", "$1"));
		}
	}

	@Test
	void attemptsThatAreTriedAgainAreNoOutcomes() throws Exception {
		Execution run = started("a", PLAIN.withRetry(Retry.max(2)));
		CompletableFuture<JobResult> outcome = this.results.await("a");
		awaitBlocked(1);
		this.executions.retry(List.of(retry(run, 0, false, null, null)));
		this.executions.retry(List.of(retry(claim(1).get(0), 0, false, null, 1)));
		await().until(() -> this.jobs.results("a").size() == 2);
		awaitBlocked(1);
		assertThat(outcome).isNotDone();
		this.executions.finish(List.of(success(claim(1).get(0), 500)));
		assertThat(get(outcome).type()).isEqualTo(JobResult.Type.SUCCESSFUL);
	}

	@Test
	void stoppedJobIsToldApartFromAFailedOne() throws Exception {
		Execution run = started("a");
		CompletableFuture<JobResult> outcome = this.results.await("a");
		awaitBlocked(1);
		this.executions.finish(List.of(stopped(run, 500)));
		assertThat(get(outcome).type()).isEqualTo(JobResult.Type.STOPPED);
		assertThat(get(this.results.await("a")).type()).isEqualTo(JobResult.Type.STOPPED);
	}

	@Test
	void whoseResultWillNeverBeThereIsTold() throws Exception {
		Execution run = started("forgotten");
		enqueue(job("canceled"), job("deleted"), job("lost"));
		CompletableFuture<JobResult> canceled = this.results.await("canceled");
		CompletableFuture<JobResult> deleted = this.results.await("deleted");
		CompletableFuture<JobResult> lost = this.results.await("lost");
		CompletableFuture<JobResult> forgotten = this.results.await("forgotten");
		awaitBlocked(1);
		this.control.cancel("canceled", false);
		this.control.delete("deleted", false);
		python("lost", "status", "finished");
		this.executions.finish(List.of(success(run, 0)));
		assertThat(reason(canceled)).isEqualTo(Reason.CANCELED);
		assertThat(reason(deleted)).isEqualTo(Reason.MISSING);
		assertThat(reason(lost)).isEqualTo(Reason.NOT_KEPT);
		assertThat(reason(forgotten)).isEqualTo(Reason.MISSING);
		assertThat(reason(this.results.await("never"))).isEqualTo(Reason.MISSING);
		assertThat(reason(this.results.await("canceled"))).isEqualTo(Reason.CANCELED);
	}

	@Test
	void keyOfAnotherTypeHindersNobodyElse() throws Exception {
		enqueue(job("a"), job("b"));
		CompletableFuture<JobResult> outcome = this.results.await("a");
		CompletableFuture<JobResult> other = this.results.await("b");
		awaitBlocked(1);
		this.template.opsForList().rightPush("rq:results:b", "x");
		assertThat(reason(other)).isEqualTo(Reason.ILLEGAL);
		assertThat(reason(this.results.await("b"))).isEqualTo(Reason.ILLEGAL);
		this.executions.finish(List.of(success(claim(1).get(0), 500)));
		assertThat(get(outcome).type()).isEqualTo(JobResult.Type.SUCCESSFUL);
	}

	@Test
	void whoDoesNotWaitAnyMoreLeavesNothingBehind() {
		enqueue(job("a"));
		CompletableFuture<JobResult> first = this.results.await("a");
		CompletableFuture<JobResult> second = this.results.await("a");
		first.cancel(true);
		await().until(() -> this.results.size() == 1);
		second.cancel(true);
		assertThat(this.results.size()).isZero();
	}

	@Test
	void thousandsOfJobsShareFewConnections() throws Exception {
		List<NewJob> many = IntStream.range(0, 2_500).mapToObj((i) -> job("j" + i)).toList();
		enqueue(many.toArray(NewJob[]::new));
		List<CompletableFuture<JobResult>> outcomes = new ArrayList<>();
		for (int round = 0; round < 2; round++) {
			many.forEach((job) -> outcomes.add(this.results.await(job.job().id())));
		}
		awaitBlocked(3);
		for (int part = 0; part < 5; part++) {
			this.executions.finish(claim(500).stream().<Outcome.Finished>map((run) -> success(run, 500)).toList());
		}
		for (CompletableFuture<JobResult> outcome : outcomes) {
			assertThat(get(outcome).type()).isEqualTo(JobResult.Type.SUCCESSFUL);
		}
		assertThat(this.results.size()).isZero();
	}

	/** The connections, and so the layout of the keys, may take long to be there. */
	@Test
	void whileRedisIsNotThereOneThreadServesAllAndNobodyElseWaits() throws Exception {
		enqueue(job("a"));
		CountDownLatch asked = new CountDownLatch(1);
		CountDownLatch there = new CountDownLatch(1);
		AwaitedResults awaited = new AwaitedResults(() -> {
			asked.countDown();
			await().forever().until(() -> there.getCount() == 0);
			return new RedisScripts(this.connections);
		}, () -> WAIT, LOOK);
		try {
			long before = finding();
			List<CompletableFuture<JobResult>> outcomes = new ArrayList<>();
			CompletableFuture<Void> callers = CompletableFuture.runAsync(() -> {
				for (int i = 0; i < 50; i++) {
					outcomes.add(awaited.await("a"));
				}
				outcomes.get(0).cancel(false);
				awaited.size();
			});
			asked.await();
			callers.get(20, TimeUnit.SECONDS);
			assertThat(finding() - before).isLessThanOrEqualTo(1);
			CompletableFuture.runAsync(awaited::close).get(20, TimeUnit.SECONDS);
			there.countDown();
			for (CompletableFuture<JobResult> outcome : outcomes.subList(1, 50)) {
				assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> get(outcome))
					.withMessageContaining("closes");
			}
			await().until(() -> finding() <= before);
		}
		finally {
			there.countDown();
			awaited.close();
		}
	}

	private static long finding() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().equals("rq-results-find"))
			.count();
	}

	@Test
	void waitGoesOnWhenRedisIsBack() throws Exception {
		enqueue(job("a"));
		try (FaultProxy proxy = FaultProxy.to(this.redis)) {
			RedisConnectionFactory given = proxy.connect(Duration.ofSeconds(10));
			RedisConnectionFactory faulty = OwnConnections.like(given, Use.engine(Duration.ofSeconds(10)),
					Listeners.none());
			assertThat(faulty).isNotNull();
			AwaitedResults awaited = new AwaitedResults(() -> new RedisScripts(faulty), () -> WAIT, LOOK);
			CompletableFuture<JobResult> outcome = awaited.await("a");
			await().until(() -> awaited.reading() == 1);
			proxy.accept(false);
			proxy.cut();
			await().until(() -> awaited.reading() == 0);
			this.executions.finish(List.of(success(claim(1).get(0), 500)));
			proxy.accept(true);
			assertThat(get(outcome).type()).isEqualTo(JobResult.Type.SUCCESSFUL);
			awaited.close();
			RedisClients.close(faulty);
			RedisClients.close(given);
		}
	}

	@Test
	void closingTellsWhoWaitsAndOpeningLetsOthersWait() throws Exception {
		enqueue(job("a"));
		CompletableFuture<JobResult> outcome = this.results.await("a");
		awaitBlocked(1);
		this.results.close();
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> get(outcome))
			.withCauseExactlyInstanceOf(RqException.class)
			.withMessageContaining("closes");
		assertThat(this.results.await("a")).isCompletedExceptionally();
		await().until(() -> Thread.getAllStackTraces()
			.keySet()
			.stream()
			.noneMatch((thread) -> thread.getName().equals("rq-results-1")));
		this.results.open();
		CompletableFuture<JobResult> next = this.results.await("a");
		Job job = this.jobs.find("a").orElseThrow();
		this.executions.finish(List.of(success(claim(1).get(0), 500)));
		assertThat(get(next).run().workerName()).isEqualTo("w1");
		assertThat(job.id()).isEqualTo("a");
	}

}
