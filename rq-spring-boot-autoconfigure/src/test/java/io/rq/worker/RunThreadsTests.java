package io.rq.worker;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.rq.lifecycle.Deadline;
import io.rq.lifecycle.Threads;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RunThreads}.
 */
class RunThreadsTests {

	private static final int RUNS = 2_000;

	@Test
	void aPlatformThreadIsOneOfTheseFromItsFirstMoment() throws InterruptedException {
		RunThreads threads = RunThreads.platform("own-", null, System::nanoTime);
		AtomicInteger strangers = new AtomicInteger();
		CountDownLatch ended = new CountDownLatch(RUNS);
		for (int i = 0; i < RUNS; i++) {
			threads.execute(() -> {
				strangers.addAndGet(threads.owns(Thread.currentThread()) ? 0 : 1);
				Thread.currentThread().setName("used");
				ended.countDown();
			});
		}
		assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
		assertThat(strangers).hasValue(0);
		assertThat(threads.awaitEnd(Duration.ofSeconds(30), (thread) -> false)).isZero();
	}

	@Test
	@Timeout(30)
	void threadsThatHangWhenTheTimeIsUpAreOnlyCounted() {
		CountDownLatch end = new CountDownLatch(1);
		Thread hung = Threads.create("hung", null,
				() -> Deadline.in(Duration.ofMinutes(5)).await((nanos) -> end.await(nanos, TimeUnit.NANOSECONDS)));
		hung.start();
		Map<Object, Thread> many = IntStream.range(0, 100_000)
			.boxed()
			.collect(Collectors.toMap(Function.identity(), (number) -> hung));
		RunThreads threads = new RunThreads(Runnable::run, many, () -> {
		});
		assertThat(threads.awaitEnd(Duration.ofMillis(1), (thread) -> false)).isEqualTo(100_000);
		end.countDown();
		assertThat(threads.awaitEnd(Duration.ofSeconds(20), (thread) -> false)).isZero();
	}

	@Test
	void whatFollowsARunIsRunOnItsThreadIfThereIsNoOther() throws InterruptedException {
		AtomicInteger created = new AtomicInteger();
		PlatformThreads threads = new PlatformThreads("own-", null, System::nanoTime, (name, run) -> {
			if (created.getAndIncrement() > 0) {
				throw new OutOfMemoryError("unable to create native thread");
			}
			return Threads.create(name, null, run);
		});
		CountDownLatch ran = new CountDownLatch(1);
		threads.execute(() -> {
			Thread.currentThread().setName("used");
			threads.execute(ran::countDown);
		});
		assertThat(ran.await(30, TimeUnit.SECONDS)).isTrue();
		assertThat(created).hasValue(2);
	}

}
