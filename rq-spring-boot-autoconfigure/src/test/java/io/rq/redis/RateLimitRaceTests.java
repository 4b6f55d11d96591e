package io.rq.redis;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.rq.redis.RateLimitTests.limited;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for rate limits with many workers at a time: never are more jobs of a key under
 * way than there may be, none is forgotten, and they go in the order in which they came.
 */
class RateLimitRaceTests extends AbstractStoreTests {

	private static final int WORKERS = 8;

	private static final List<String> QUEUES = List.of("default", "high", "low");

	private final AtomicInteger running = new AtomicInteger();

	private final AtomicInteger most = new AtomicInteger();

	private final Set<String> done = ConcurrentHashMap.newKeySet();

	private final List<String> order = Collections.synchronizedList(new ArrayList<>());

	/** Works until so many jobs are done; some runs end in other ways than well. */
	private void work(int worker, int round, int jobs) {
		ExecutionStore store = executions("w" + worker);
		Random random = new Random(100L * round + worker);
		while (this.done.size() < jobs) {
			for (Claims.Claim claim : store.claim(QUEUES, 1 + random.nextInt(3), random.nextBoolean()).claims()) {
				run(store, claim.execution(), random);
			}
		}
	}

	private void run(ExecutionStore store, Execution run, Random random) {
		this.order.add(run.jobId());
		this.most.accumulateAndGet(this.running.incrementAndGet(), Math::max);
		Thread.yield();
		this.running.decrementAndGet();
		switch (random.nextInt(10)) {
			case 0 -> store.retry(List.of(retry(run, 0, random.nextBoolean(), null, null)));
			case 1 -> store.release(List.of(run));
			case 2 -> {
				this.control.cancel(run.jobId(), false);
				store.finish(List.of(success(run, 500)));
				this.done.add(run.jobId());
			}
			case 3 -> {
				this.control.delete(run.jobId(), false);
				this.done.add(run.jobId());
			}
			case 4 -> end(store, run, failure(run, 500));
			default -> end(store, run, success(run, random.nextBoolean() ? 500 : 0));
		}
	}

	private void end(ExecutionStore store, Execution run, Outcome.Finished outcome) {
		store.finish(List.of(outcome));
		this.done.add(run.jobId());
	}

	private void enqueue(String producer, int jobs, int concurrency) {
		for (int first = 0; first < jobs; first += 5) {
			this.jobs.enqueue(IntStream.range(first, first + 5)
				.mapToObj((i) -> limited("api", concurrency, on(QUEUES.get(i % 3), job(producer + (999 - i)))))
				.toList());
		}
	}

	private static Callable<Void> task(Runnable task) {
		return Executors.callable(task, null);
	}

	@ParameterizedTest
	@CsvSource({ "1, 1", "2, 2", "3, 5", "4, 3" })
	void neverAreMoreUnderWayAndNoneIsForgotten(int round, int concurrency) throws Exception {
		int jobs = 120;
		List<Callable<Void>> tasks = new ArrayList<>();
		for (int i = 0; i < WORKERS; i++) {
			int worker = i;
			tasks.add(task(() -> work(worker, round, 2 * jobs)));
		}
		tasks.add(task(() -> enqueue("a", jobs, concurrency)));
		tasks.add(task(() -> enqueue("b", jobs, concurrency)));
		all(tasks);
		assertThat(this.most.get()).isBetween(1, concurrency);
		assertThat(this.done).hasSize(2 * jobs);
		assertThat(this.redis.state().keys()).doesNotContainKeys("rq:rl:api:allowed", "rq:rl:api:rate_limited",
				"rq:queue:default", "rq:queue:high", "rq:queue:low", "rq:wip:default", "rq:wip:high", "rq:wip:low");
	}

	@Test
	void oneAtATimeTheyGoInTheOrderInWhichTheyCame() throws Exception {
		List<String> expected = new ArrayList<>();
		for (int i = 0; i < 100; i++) {
			expected.add("j" + (999 - i));
			enqueue(limited("api", 1, on(QUEUES.get(i % 3), job("j" + (999 - i)))));
		}
		List<Callable<Void>> tasks = new ArrayList<>();
		for (int i = 0; i < WORKERS; i++) {
			ExecutionStore store = executions("w" + i);
			tasks.add(task(() -> {
				while (this.done.size() < 100) {
					store.claim(QUEUES, 5, true).claims().forEach((claim) -> {
						this.order.add(claim.execution().jobId());
						end(store, claim.execution(), success(claim.execution(), 500));
					});
				}
			}));
		}
		all(tasks);
		assertThat(this.order).containsExactlyElementsOf(expected);
	}

	@Test
	void whatAWorkerThatWasKilledHeldIsTakenUpAgain() throws Exception {
		for (int round = 0; round < 3; round++) {
			Set<String> ids = new TreeSet<>();
			for (int i = 0; i < 30; i++) {
				ids.add("r" + round + "-" + i);
				enqueue(limited("api", 3, job("r" + round + "-" + i)));
			}
			List<Execution> killed = claim(executions("killed"), 2);
			assertThat(killed).hasSize(2);
			this.done.clear();
			int others = ids.size() - killed.size();
			all(Stream.of("w1", "w2", "w3").map((worker) -> task(() -> {
				ExecutionStore store = executions(worker);
				while (this.done.size() < others) {
					claim(store, 3).forEach((run) -> {
						this.most.accumulateAndGet(this.running.incrementAndGet(), Math::max);
						this.running.decrementAndGet();
						end(store, run, success(run, 0));
					});
				}
			})).toList());
			assertThat(this.most.get()).isOne();
			assertThat(this.redis.state().zset("rq:rl:api:allowed")).hasSize(2);
			expireLeases("default");
			steadily(() -> this.maintenance.reclaim("default", 3, 500, null));
			claim(3).forEach((run) -> end(this.executions, run, success(run, 0)));
			assertThat(this.done).isEqualTo(ids);
			assertThat(this.redis.state().keys()).doesNotContainKeys("rq:rl:api:allowed", "rq:rl:api:rate_limited");
		}
	}

}
