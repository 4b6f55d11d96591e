package io.rq.worker;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.data.redis.connection.RedisConnectionFactory;

import io.rq.test.FaultProxy;
import io.rq.test.OneRedis;
import io.rq.test.RedisClients;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for stops of a {@link WorkerContainer} whose Redis does not answer.
 */
@Timeout(90)
@ExtendWith(OutputCaptureExtension.class)
@OneRedis("has a proxy before a server of its own")
class HungRedisStopTests {

	private static final Duration SHUTDOWN = Duration.ofSeconds(8);

	/** Longer than the stop may take: no read ends in time by itself. */
	private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(20);

	private final TestRedis redis = TestRedis.start();

	private final FaultProxy proxy = FaultProxy.to(this.redis);

	private final RedisConnectionFactory connections = this.proxy.connect(COMMAND_TIMEOUT);

	private final WorkerBench bench = new WorkerBench(this.connections);

	private final AtomicInteger runs = new AtomicInteger();

	@AfterEach
	void close() {
		this.proxy.cut();
		RedisClients.close(this.connections);
		this.proxy.close();
		this.redis.close();
	}

	private WorkerContainer start(String name, String... queues) {
		this.bench.handle("count", (context, args) -> this.runs.incrementAndGet()).handle("sleep", (context, args) -> {
			this.runs.incrementAndGet();
			TimeUnit.HOURS.sleep(1);
			return null;
		});
		WorkerContainer worker = this.bench.container(WorkerOptions.of(name, queues)
			.withTiming(new WorkerOptions.Timing(Duration.ofSeconds(30), Duration.ofSeconds(5), Duration.ofSeconds(5),
					SHUTDOWN, Duration.ofSeconds(1), Duration.ofSeconds(1))));
		worker.start();
		this.bench.jobs().enqueue("count");
		await().until(() -> this.runs.get() == 1);
		return worker;
	}

	private static void stopInTime(WorkerContainer worker) {
		long start = System.nanoTime();
		worker.stop();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SHUTDOWN.plusSeconds(8));
		assertThat(worker.isRunning()).isFalse();
	}

	private static List<Thread> threads(String worker) {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("rq-") && thread.getName().contains(worker))
			.toList();
	}

	@Test
	void stopsInTimeWhileRedisIsFrozen() {
		WorkerContainer worker = start("frozen", "default", "high", "low");
		this.redis.pause();
		stopInTime(worker);
		assertThat(threads("frozen")).allMatch(Thread::isDaemon);
		this.redis.resume();
		await().untilAsserted(() -> assertThat(threads("frozen")).isEmpty());
	}

	@Test
	void stopsInTimeWithHalfOpenConnectionsAndTellsWhatIsLeft(CapturedOutput output) {
		WorkerContainer worker = start("deaf", "default");
		this.bench.jobs().enqueue("sleep");
		await().until(() -> this.runs.get() == 2);
		this.proxy.goDeaf();
		stopInTime(worker);
		List<Thread> left = threads("deaf");
		assertThat(left).allMatch(Thread::isDaemon);
		if (!left.isEmpty()) {
			assertThat(output).contains("Worker deaf leaves");
		}
	}

	@Test
	void stopsInTimeWhileRedisIsGone() throws InterruptedException {
		WorkerContainer worker = start("gone", "default", "low");
		this.proxy.accept(false);
		CountDownLatch stopped = new CountDownLatch(1);
		worker.stop(stopped::countDown);
		assertThat(stopped.await(SHUTDOWN.toSeconds() + 8, TimeUnit.SECONDS)).isTrue();
		await().untilAsserted(() -> assertThat(threads("gone")).isEmpty());
	}

}
