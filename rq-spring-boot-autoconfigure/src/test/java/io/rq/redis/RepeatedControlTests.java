package io.rq.redis;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.data.redis.connection.RedisConnectionFactory;

import io.rq.test.FaultProxy;
import io.rq.test.RedisClients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for changes of jobs and queues over a connection that breaks after Redis has done
 * its part, so that the client repeats the call.
 */
class RepeatedControlTests extends AbstractStoreTests {

	private final FaultProxy proxy = FaultProxy.to(this.redis);

	private final RedisConnectionFactory connections = this.proxy.connect(Duration.ofSeconds(20));

	private final JobControl unlucky = new JobControl(new RedisScripts(this.connections), Clock.systemUTC());

	private final JobChanges unluckyChanges = new JobChanges(new RedisScripts(this.connections), Clock.systemUTC());

	private final QueueControl unluckyQueue = new QueueControl(new RedisScripts(this.connections), Clock.systemUTC());

	@BeforeEach
	void loadTheScripts() {
		this.unlucky.cancel("none", false);
		this.unlucky.requeue("none", false);
		this.unlucky.delete("none", false);
		this.unluckyChanges.runNow("none", false);
		this.unluckyChanges.reschedule("none", NOW);
		this.unluckyChanges.move("none", "other");
		enqueue(job("warm"));
		edit("warm", "[\"tasks.add\",null,[2],{}]");
		this.redis.flush();
		this.unluckyQueue.remove("default", "none");
		this.unluckyQueue.empty("default", 500);
		this.unluckyQueue.unpause("none");
		push("default", "none");
		this.unluckyQueue.compact("default");
		BulkStore bulk = new BulkStore(new RedisScripts(this.connections));
		bulk.start("default", "warm", Map.of());
		bulk.cancel("warm");
		bulk.step(new BulkStore.Open("", "warm"), "token", LEASE, null);
		this.redis.flush();
	}

	@AfterEach
	void close() {
		RedisClients.close(this.connections);
		this.proxy.close();
	}

	/**
	 * Makes a call whose first reply is lost, and whose repeat reaches Redis after what
	 * is done in between.
	 */
	private <T> T twice(Script script, Supplier<T> call, Runnable inBetween) {
		String sha = ScriptTexts.of(KeyLayout.RQ).get(script).sha();
		int faults = this.proxy.faults();
		AtomicInteger calls = new AtomicInteger();
		this.proxy.loseReplyTo((request) -> request.contains(sha) && calls.getAndIncrement() == 0);
		this.proxy.hold((request) -> request.contains(sha) && calls.get() > 1);
		CompletableFuture<T> result = CompletableFuture.supplyAsync(call, new SimpleAsyncTaskExecutor());
		await().until(() -> this.proxy.faults() == faults + 2 || result.isDone());
		inBetween.run();
		this.proxy.release();
		return result.join();
	}

	private <T> T twice(Script script, Supplier<T> call) {
		return twice(script, call, () -> {
		});
	}

	@Test
	void jobIsCancelled() {
		enqueue(job("a"), job("b"));
		assertThat(twice(Script.CANCEL, () -> this.unlucky.cancel("a", false))).isTrue();
		assertThat(list("rq:queue:default")).containsExactly("b");
		assertThat(field("a", "status")).isEqualTo("canceled");
	}

	@Test
	void jobIsRequeuedOnceAlsoWhenItHasFailedAgainInBetween() {
		this.executions.finish(List.of(failure(started("a"), 500)));
		assertThat(twice(Script.REQUEUE, () -> this.unlucky.requeue("a", false),
				() -> this.executions.finish(List.of(failure(claim(1).get(0), 500)))))
			.isTrue();
		assertThat(list("rq:queue:default")).isEmpty();
		assertThat(field("a", "status")).isEqualTo("failed");
	}

	@Test
	void jobIsRequeuedOnce() {
		this.executions.finish(List.of(failure(started("a"), 500)));
		assertThat(twice(Script.REQUEUE, () -> this.unlucky.requeue("a", false))).isTrue();
		assertThat(list("rq:queue:default")).containsExactly("a");
	}

	@Test
	void jobThatIsPutOnItsQueueOnceStaysWhereItHasComeToInBetween() {
		enqueue(in(job("a"), 60));
		assertThat(twice(Script.RUN_NOW, () -> this.unluckyChanges.runNow("a", false),
				() -> this.executions.retry(List.of(retry(claim(1).get(0), 60, false, null, null)))))
			.isTrue();
		assertThat(list("rq:queue:default")).isEmpty();
		assertThat(field("a", "status")).isEqualTo("scheduled");
	}

	@Test
	void jobIsRescheduledOnce() {
		enqueue(in(job("a"), 60));
		assertThat(twice(Script.RESCHEDULE, () -> this.unluckyChanges.reschedule("a", NOW),
				() -> this.jobs.changes().reschedule("a", NOW.plusSeconds(60))))
			.isTrue();
		assertThat(score("rq:scheduled:default", "a")).isGreaterThan(NOW.getEpochSecond() + 59);
	}

	@Test
	void jobIsMovedOnceAlsoWhenItHasBeenMovedBackInBetween() {
		enqueue(job("a"));
		assertThat(twice(Script.MOVE, () -> this.unluckyChanges.move("a", "other"),
				() -> this.jobs.changes().move("a", "default")))
			.isTrue();
		assertThat(list("rq:queue:default")).containsExactly("a");
		assertThat(list("rq:queue:other")).isEmpty();
	}

	private boolean edit(String id, String call) {
		return this.unluckyChanges.changeCall(id, 10_000,
				(data, description) -> new JobChanges.ChangedCall(bytes(call), ""));
	}

	@Test
	void jobIsChangedOnceAlsoWhenItHasBeenChangedBackInBetween() {
		enqueue(job("a"));
		String call = "[\"tasks.add\",null,[1],{}]";
		assertThat(twice(Script.EDIT, () -> edit("a", "[\"tasks.add\",null,[2],{}]"),
				() -> this.jobs.changeCall("a", (data, description) -> new JobChanges.ChangedCall(bytes(call), ""))))
			.isTrue();
		assertThat(this.jobs.find("a").orElseThrow().payload().data()).isEqualTo(bytes(call));
	}

	@Test
	void jobIsDeletedAndOneThatTakesItsIdInBetweenStays() {
		enqueue(given(job("a")));
		assertThat(twice(Script.DELETE, () -> this.unlucky.delete("a", false), () -> enqueue(unique(job("a")))))
			.isTrue();
		assertThat(list("rq:queue:default")).containsExactly("a");
		assertThat(this.jobs.exists("a")).isTrue();
	}

	@Test
	void jobIsPutBackOnceAlsoWhenItHasBeenDeletedAgainInBetween() {
		DeletedJobs deleted = new DeletedJobs(new RedisScripts(this.redis.connectionFactory()), Clock.systemUTC());
		DeletedJobs unluckyDeleted = new DeletedJobs(new RedisScripts(this.connections), Clock.systemUTC());
		unluckyDeleted.restore("none");
		enqueue(job("a"));
		deleted.delete("a", false, LEASE, null);
		assertThat(twice(Script.UNDELETE, () -> unluckyDeleted.restore("a"),
				() -> deleted.delete("a", false, LEASE, null)))
			.isTrue();
		assertThat(list("rq:queue:default")).isEmpty();
		assertThat(this.jobs.exists("a")).isFalse();
	}

	@Test
	void jobIsRemovedAndOnePutBackInBetweenStays() {
		enqueue(job("a"));
		assertThat(twice(Script.REMOVE, () -> this.unluckyQueue.remove("default", "a"),
				() -> this.control.requeue("a", false)))
			.isTrue();
		assertThat(list("rq:queue:default")).containsExactly("a");
	}

	@Test
	void queueIsPausedAndGoesOn() {
		twice(Script.PAUSE, () -> {
			this.unluckyQueue.pause("default", "why");
			return true;
		});
		assertThat(this.queues.pauses()).containsOnlyKeys("default");
		twice(Script.PAUSE, () -> this.unluckyQueue.unpause("default"));
		assertThat(this.queues.pauses()).isEmpty();
	}

	@Test
	void queueIsEmptiedAndCompacted() {
		enqueue(job("a"), job("b"));
		push("default", "gone", "gone-too");
		twice(Script.COMPACT, () -> this.unluckyQueue.compact("default"));
		assertThat(list("rq:queue:default")).containsExactly("a", "b");
		twice(Script.EMPTY, () -> this.unluckyQueue.empty("default", 500));
		assertThat(list("rq:queue:default")).isEmpty();
	}

	@Test
	void batchOfABulkOperationIsNotedOnce() {
		BulkStore bulk = new BulkStore(new RedisScripts(this.redis.connectionFactory()));
		BulkStore unluckyBulk = new BulkStore(new RedisScripts(this.connections));
		twice(Script.BULK_START, () -> {
			unluckyBulk.start("default", "b", Map.of("state", "RUNNING"));
			return true;
		});
		BulkStore.Open open = bulk.open(10).get(0);
		bulk.step(open, "token", LEASE, null);
		BulkStore.Batch batch = new BulkStore.Batch(0, false, 4, 3, 2, 1, Map.of("cursor", "x"));
		assertThat(twice(Script.BULK_STEP, () -> unluckyBulk.step(open, "token", LEASE, batch)))
			.containsEntry("batch", "1")
			.containsEntry("examined", "4")
			.containsEntry("matched", "3")
			.containsEntry("done", "2")
			.containsEntry("refused", "1");
		assertThat(bulk.step(open, "other", LEASE, batch)).isEmpty();
		assertThat(twice(Script.BULK_CANCEL, () -> unluckyBulk.cancel("b"))).isTrue();
		BulkStore.Batch last = new BulkStore.Batch(1, true, 0, 0, 0, 0, Map.of("cursor", "y"));
		assertThat(twice(Script.BULK_STEP, () -> unluckyBulk.step(open, "token", LEASE, last)))
			.containsEntry("open", "0")
			.containsEntry("done", "2");
		assertThat(bulk.open(10)).isEmpty();
		assertThat(bulk.cancel("b")).isFalse();
		assertThat(bulk.step(open, "other", LEASE, null)).isEmpty();
	}

}
