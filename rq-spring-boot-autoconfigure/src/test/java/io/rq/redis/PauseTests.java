package io.rq.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.rq.queue.QueuePause;
import io.rq.queue.QueueSnapshot;
import io.rq.redis.SchedulerStore.SchedulerIdentity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the pause of a queue: the scripts pause and pauses, and what claim makes of
 * it.
 */
class PauseTests extends AbstractStoreTests {

	private static final SchedulerIdentity SCHEDULER = new SchedulerIdentity("one", "host-1", 42, NOW);

	private Claims claim(boolean inTurn, String... queues) {
		return this.executions.claim(List.of(queues), 10, inTurn);
	}

	private static List<String> ids(Claims claims) {
		return claims.claims().stream().map((claim) -> claim.execution().jobId()).toList();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void nothingIsTakenFromAQueueThatIsPaused(boolean inTurn) {
		enqueue(job("a"), job("b"), on("other", job("c")), on("other", job("d")));
		this.queueControl.pause("default", "the disk is full");
		Claims claims = claim(inTurn, "default", "other");
		assertThat(ids(claims)).containsExactly("c", "d");
		assertThat(claims.paused()).containsExactly("default");
		assertThat(claims.suspended()).isFalse();
		assertThat(list("rq:queue:default")).containsExactly("a", "b");
		String before = state();
		assertThat(claim(inTurn, "other", "default").claims()).isEmpty();
		assertThat(state()).isEqualTo(before);
		assertThat(this.queueControl.unpause("default")).isTrue();
		claims = claim(inTurn, "default", "other");
		assertThat(ids(claims)).containsExactly("a", "b");
		assertThat(claims.paused()).isEmpty();
		assertThat(this.redis.state().keys()).doesNotContainKey("rq:paused-queues");
	}

	@Test
	void whatABlockingWaitHasTakenGoesBackInItsOrder() {
		enqueue(job("a"), job("b"), job("c"));
		this.queueControl.pause("default", "");
		try (QueueWait wait = new QueueWait(new RedisScripts(this.redis.connectionFactory()), "default", "w1",
				Duration.ofSeconds(30))) {
			assertThat(wait.await(Duration.ofSeconds(1), true)).isTrue();
			assertThat(wait.await(Duration.ofSeconds(1), true)).isTrue();
			assertThat(list("rq:taken:default:w1")).containsExactly("a", "b");
			Claims claims = this.executions.claimNext(wait, Duration.ofSeconds(1), 5);
			assertThat(claims).isNotNull();
			assertThat(claims.claims()).isEmpty();
			assertThat(claims.paused()).containsExactly("default");
		}
		assertThat(list("rq:queue:default")).containsExactly("a", "b", "c");
		assertThat(this.redis.state().keys()).doesNotContainKey("rq:taken:default:w1");
		this.queueControl.unpause("default");
		assertThat(claim(5)).extracting(Execution::jobId).containsExactly("a", "b", "c");
	}

	@Test
	void pausesAreToldWithSinceWhenAndWhy() {
		assertThat(this.queues.pauses()).isEmpty();
		this.queueControl.pause("default", "the disk is \"full\" / caf\u00e9");
		this.queueControl.pause("7", "");
		QueuePause full = new QueuePause(NOW, "the disk is \"full\" / caf\u00e9");
		assertThat(this.queues.pauses()).isEqualTo(Map.of("default", full, "7", new QueuePause(NOW, "")));
		enqueue(job("a"));
		assertThat(this.queues.census(List.of("other", "default"))).extracting(QueueSnapshot::pause)
			.containsExactly(null, full);
		this.template.opsForValue().set("rq:paused-queues", "{\"default\":[\"2020-01-01T00:00:00.000000Z\",\"old\"]}");
		this.queueControl.pause("default", "still");
		assertThat(this.queues.pauses().get("default").since()).isEqualTo("2020-01-01T00:00:00Z");
		assertThat(this.queues.pauses().get("default").reason()).isEqualTo("still");
		assertThat(this.queueControl.unpause("default")).isTrue();
		assertThat(this.queueControl.unpause("default")).isFalse();
		assertThat(state("paused")).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "text", "7", "[]", "null", "{\"other\":[]}" })
	void whatCannotBeReadIsNobodysPause(String value) {
		enqueue(job("a"));
		this.template.opsForValue().set("rq:paused-queues", value);
		assertThat(this.queues.census(List.of("default")).get(0).pause()).isNull();
		assertThat(this.queues.pauses()).doesNotContainKey("default");
		assertThat(claim(1)).hasSize(1);
		this.queueControl.pause("default", "");
		assertThat(this.queues.pauses()).containsKey("default");
	}

	@Test
	void keyOfAnotherTypeIsToldByWhoPausesAndHoldsNobodyUp() {
		enqueue(job("a"));
		hash("rq:paused-queues", "default", "text");
		String before = state("paused");
		assertThatExceptionOfType(ScriptRefusedException.class).isThrownBy(() -> this.queueControl.pause("default", ""))
			.withMessageContaining("pause.lua");
		assertThat(this.queues.census(List.of("default")).get(0).pause()).isNull();
		assertThat(claim(1)).hasSize(1);
		assertThat(state("paused")).isEqualTo(before);
	}

	@Test
	void jobsComeToAQueueThatIsPaused() {
		this.queueControl.pause("default", "");
		this.schedulers.lead(SCHEDULER, List.of("default"), LEASE, null);
		enqueue(job("a"));
		enqueue(in(job("b"), 60));
		zadd("rq:scheduled:default", now() - 1, "b");
		this.schedulers.promote("default", SCHEDULER, 10);
		assertThat(list("rq:queue:default")).containsExactly("a", "b");
		assertThat(claim(1)).isEmpty();
	}

	@Test
	void runGoesOnAndItsRetryWaits() {
		Execution run = started("a");
		this.queueControl.pause("default", "");
		assertThat(this.executions.beat("busy", List.of("default"), List.of(new ExecutionStore.Run(run, NOW))).lost())
			.isEmpty();
		this.executions.retry(List.of(retry(run, 0, false, null, null)));
		assertThat(list("rq:queue:default")).containsExactly("a");
		assertThat(claim(1)).isEmpty();
	}

	@Test
	void nobodyTakesAJobOnceThePauseHasBegun() throws Exception {
		for (int i = 0; i < 300; i++) {
			enqueue(job("j" + i));
		}
		AtomicBoolean paused = new AtomicBoolean();
		AtomicInteger late = new AtomicInteger();
		AtomicInteger taken = new AtomicInteger();
		List<Callable<Void>> tasks = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			ExecutionStore store = executions("w" + i);
			tasks.add(() -> {
				boolean before;
				do {
					before = paused.get();
					int claimed = claim(store, 1).size();
					taken.addAndGet(claimed);
					late.addAndGet(before ? claimed : 0);
				}
				while (!before);
				return null;
			});
		}
		tasks.add(() -> {
			while (taken.get() < 30) {
				Thread.onSpinWait();
			}
			this.queueControl.pause("default", "");
			paused.set(true);
			return null;
		});
		all(tasks);
		assertThat(late).hasValue(0);
		assertThat(list("rq:queue:default")).hasSize(300 - taken.get());
	}

}
