package io.rq.lifecycle;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.rq.log.SafeLog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link RoundLoop}.
 */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class RoundLoopTests {

	private static final Duration LONG = Duration.ofSeconds(30);

	private final Semaphore rounds = new Semaphore(0);

	private @Nullable RoundLoop loop;

	@AfterEach
	void stop() throws InterruptedException {
		if (this.loop != null) {
			this.loop.terminate(LONG, LONG);
		}
	}

	@Test
	void repeatsTheRoundAfterItsPause() throws InterruptedException {
		RoundLoop loop = loop(() -> {
			this.rounds.release();
			return Duration.ofNanos(1);
		});
		loop.start();
		assertRounds(10);
		assertThat(loop.terminate(LONG, LONG)).isTrue();
		this.rounds.drainPermits();
		assertThat(loop.isRunning()).isFalse();
		assertThat(this.rounds.tryAcquire(50, TimeUnit.MILLISECONDS)).isFalse();
	}

	@Test
	void goesOnAfterAFailureThatCannotBeTold() throws InterruptedException {
		AtomicBoolean mute = new AtomicBoolean();
		RoundLoop loop = new RoundLoop("loop", SafeLog.of(getClass()), new Outage(() -> {
			if (mute.getAndSet(false)) {
				throw new OutOfMemoryError("no words");
			}
			return System.nanoTime();
		}), () -> {
			this.rounds.release();
			mute.set(true);
			throw new OutOfMemoryError("no round");
		});
		this.loop = loop;
		loop.start();
		assertRounds(3);
	}

	@Test
	void wakesFromItsPause() throws InterruptedException {
		RoundLoop loop = loop(counting(LONG));
		loop.start();
		assertRounds(1);
		loop.wake();
		assertRounds(1);
	}

	@Test
	void wakeDuringARoundSkipsThePauseAfterIt() throws InterruptedException {
		CountDownLatch inRound = new CountDownLatch(1);
		CountDownLatch goOn = new CountDownLatch(1);
		RoundLoop loop = loop(() -> {
			inRound.countDown();
			goOn.await();
			this.rounds.release();
			return LONG;
		});
		loop.start();
		inRound.await();
		loop.wake();
		goOn.countDown();
		assertRounds(2);
	}

	@Test
	void startingTwiceIsHarmless() throws InterruptedException {
		RoundLoop loop = loop(counting(LONG));
		loop.start();
		loop.start();
		assertRounds(1);
		assertThat(this.rounds.tryAcquire(50, TimeUnit.MILLISECONDS)).isFalse();
		assertThat(loop.isRunning()).isTrue();
		assertThat(loop.isStopping()).isFalse();
	}

	@Test
	void stoppingWhatWasNeverStartedIsHarmless() throws InterruptedException {
		RoundLoop loop = loop(counting(LONG));
		loop.requestStop();
		loop.terminate(LONG, LONG);
		assertThat(loop.isRunning()).isFalse();
		assertThat(loop.isStopping()).isTrue();
	}

	@Test
	void startWhileStoppingBeginsWhenTheOldThreadHasEnded() throws InterruptedException {
		CountDownLatch goOn = new CountDownLatch(1);
		AtomicInteger active = new AtomicInteger();
		RoundLoop loop = loop(() -> {
			assertThat(active.incrementAndGet()).isOne();
			this.rounds.release();
			goOn.await();
			active.decrementAndGet();
			return LONG;
		});
		loop.start();
		assertRounds(1);
		loop.requestStop();
		loop.start();
		assertThat(this.rounds.tryAcquire(50, TimeUnit.MILLISECONDS)).isFalse();
		goOn.countDown();
		assertRounds(1);
	}

	@Test
	void terminateInterruptsARoundThatTakesTooLong() throws InterruptedException {
		List<String> events = new ArrayList<>();
		RoundLoop loop = loop(new Round() {

			@Override
			public Duration run() throws InterruptedException {
				RoundLoopTests.this.rounds.release();
				new CountDownLatch(1).await();
				return LONG;
			}

			@Override
			public void end() {
				events.add("ended, interrupted: " + Thread.currentThread().isInterrupted());
			}

		});
		loop.start();
		assertRounds(1);
		loop.terminate(Duration.ofMillis(10), LONG);
		assertThat(loop.isRunning()).isFalse();
		assertThat(events).containsExactly("ended, interrupted: false");
	}

	@Test
	void terminateInterruptsAnOlderTermThatIsStillEnding() throws InterruptedException {
		RoundLoop loop = loop(() -> {
			this.rounds.release();
			new CountDownLatch(1).await();
			return LONG;
		});
		loop.start();
		assertRounds(1);
		loop.requestStop();
		loop.start();
		loop.terminate(Duration.ofMillis(10), LONG);
		assertThat(loop.isRunning()).isFalse();
		assertThat(this.rounds.availablePermits()).isZero();
	}

	@Test
	void failuresAndInterruptsDoNotEndTheLoopAndAreEachLoggedOnce(CapturedOutput output) throws InterruptedException {
		AtomicInteger count = new AtomicInteger();
		RoundLoop loop = loop(() -> {
			this.rounds.release();
			switch (count.incrementAndGet()) {
				case 1, 5 -> throw new IllegalStateException("first");
				case 6 -> throw new IllegalStateException("another");
				case 2 -> throw new StackOverflowError("second");
				case 3 -> throw new InterruptedException("third");
				case 4 -> Thread.currentThread().interrupt();
				default -> {
				}
			}
			return LONG;
		});
		loop.start();
		assertRounds(7);
		loop.terminate(LONG, LONG);
		assertThat(output).containsOnlyOnce("IllegalStateException: first")
			.containsOnlyOnce("StackOverflowError: second")
			.containsOnlyOnce("InterruptedException: third")
			.containsOnlyOnce("IllegalStateException: another");
		assertThat(output.getOut().split("test-loop works again after")).hasSize(3);
	}

	@Test
	void pausesAfterFailuresForNoLongerThanTheRoundAllows() throws InterruptedException {
		RoundLoop loop = loop(new Round() {

			@Override
			public Duration run() {
				RoundLoopTests.this.rounds.release();
				throw new IllegalStateException("always");
			}

			@Override
			public Recovery recovery(Recovery usual) {
				return usual.atMost(Duration.ofMillis(20));
			}

		});
		loop.start();
		assertRounds(60);
	}

	@Test
	void pausesAfterFailuresForAsLongAsItsOutageSays() throws InterruptedException {
		Recovery quick = new Recovery(Duration.ofMillis(1), Duration.ofMillis(20));
		RoundLoop loop = loop(new Outage(System::nanoTime, () -> quick), () -> {
			this.rounds.release();
			throw new IllegalStateException("always");
		});
		loop.start();
		assertRounds(60);
	}

	@Test
	void restartingManyTimesFromManyThreadsLeavesOneLoopOrNone() throws Exception {
		AtomicInteger active = new AtomicInteger();
		AtomicInteger overlaps = new AtomicInteger();
		AtomicInteger ends = new AtomicInteger();
		AtomicInteger begun = new AtomicInteger();
		RoundLoop loop = loop(new Round() {

			private boolean first = true;

			@Override
			public Duration run() {
				if (active.incrementAndGet() > 1) {
					overlaps.incrementAndGet();
				}
				if (this.first) {
					this.first = false;
					begun.incrementAndGet();
				}
				active.decrementAndGet();
				return Duration.ofNanos(1000);
			}

			@Override
			public void end() {
				this.first = true;
				ends.incrementAndGet();
			}

		});
		loop.start();
		await().until(() -> begun.get() > 0);
		ExecutorService executor = Executors.newFixedThreadPool(6);
		List<Future<?>> futures = new ArrayList<>();
		for (int i = 0; i < 6; i++) {
			Random random = new Random(i);
			futures.add(executor.submit(() -> {
				for (int n = 0; n < 500; n++) {
					switch (random.nextInt(5)) {
						case 0, 1 -> loop.start();
						case 2 -> loop.terminate(LONG, LONG);
						case 3 -> loop.requestStop();
						default -> loop.wake();
					}
				}
				return null;
			}));
		}
		for (Future<?> future : futures) {
			future.get();
		}
		executor.shutdown();
		loop.terminate(LONG, LONG);
		assertThat(loop.isRunning()).isFalse();
		assertThat(overlaps).hasValue(0);
		assertThat(begun.get()).isEqualTo(ends.get()).isPositive();
		assertThat(Thread.getAllStackTraces().keySet()).noneMatch((thread) -> thread.getName().equals("test-loop"));
		loop.start();
		assertThat(loop.isRunning()).isTrue();
	}

	@Test
	void aRoundThatHangsIsInterruptedUntilItHeedsThat(CapturedOutput output) throws InterruptedException {
		AtomicLong time = new AtomicLong(Long.MAX_VALUE - 1);
		Semaphore interrupts = new Semaphore(0);
		RoundLoop loop = loop(time, () -> {
			this.rounds.release();
			for (int deaf = 2; deaf > 0; deaf--) {
				try {
					new CountDownLatch(1).await();
				}
				catch (InterruptedException ex) {
					interrupts.release();
				}
			}
			return LONG;
		});
		loop.start();
		assertRounds(1);
		time.addAndGet(Duration.ofSeconds(60).toNanos());
		assertThat(loop.interruptHung(Duration.ofSeconds(5))).as("the process stood still").isFalse();
		assertThat(interrupted(loop, time)).isTrue();
		interrupts.acquire();
		assertThat(loop.interruptHung(Duration.ofSeconds(5))).isFalse();
		assertThat(interrupted(loop, time)).isTrue();
		interrupts.acquire();
		await().untilAsserted(() -> assertThat(loop.problem(Duration.ofSeconds(5))).isNull());
		assertThat(interrupted(loop, time)).isFalse();
		assertThat(output).contains("test-loop has hung for 61 s and is interrupted", "RoundLoopTests.lambda");
	}

	/** Whether it is within 6 seconds. */
	private static boolean interrupted(RoundLoop loop, AtomicLong time) {
		for (int second = 0; second < 6; second++) {
			time.addAndGet(Duration.ofSeconds(1).toNanos());
			if (loop.interruptHung(Duration.ofSeconds(5))) {
				return true;
			}
		}
		return false;
	}

	@Test
	void aRoundThatHangsIsAProblemUntilItEnds() throws InterruptedException {
		AtomicLong time = new AtomicLong(Long.MAX_VALUE - 1);
		CountDownLatch goOn = new CountDownLatch(1);
		RoundLoop loop = loop(time, () -> {
			this.rounds.release();
			goOn.await();
			return LONG;
		});
		loop.start();
		assertRounds(1);
		assertThat(loop.problem(Duration.ofSeconds(5))).isNull();
		time.addAndGet(Duration.ofSeconds(6).toNanos());
		assertThat(loop.problem(Duration.ofSeconds(5))).isEqualTo("test-loop has hung for 6 s");
		goOn.countDown();
		await().untilAsserted(() -> assertThat(loop.problem(Duration.ofSeconds(5))).isNull());
	}

	@Test
	void roundsThatAllFailAreAProblemUntilOneSucceeds(CapturedOutput output) throws InterruptedException {
		AtomicLong time = new AtomicLong(Long.MAX_VALUE - 1);
		AtomicBoolean failing = new AtomicBoolean(true);
		RoundLoop loop = loop(time, () -> {
			this.rounds.release();
			if (failing.get()) {
				throw new IllegalStateException("no luck");
			}
			return LONG;
		});
		loop.start();
		assertRounds(2);
		assertThat(loop.problem(Duration.ofSeconds(5))).isNull();
		time.addAndGet(Duration.ofSeconds(6).toNanos());
		assertThat(loop.problem(Duration.ofSeconds(5)))
			.isEqualTo("test-loop has failed for 6 s: java.lang.IllegalStateException: no luck");
		failing.set(false);
		await().untilAsserted(() -> assertThat(loop.problem(Duration.ofSeconds(5))).isNull());
		await().untilAsserted(() -> assertThat(output).contains("test-loop works again after 6000 ms"));
	}

	private RoundLoop loop(AtomicLong time, Round round) {
		return loop(new Outage(time::get), round);
	}

	private RoundLoop loop(Outage outage, Round round) {
		RoundLoop created = new RoundLoop("test-loop", SafeLog.of(getClass()), outage, round);
		this.loop = created;
		return created;
	}

	private RoundLoop loop(Round round) {
		return loop(new Outage(), round);
	}

	private Round counting(Duration pause) {
		return () -> {
			this.rounds.release();
			return pause;
		};
	}

	private void assertRounds(int count) throws InterruptedException {
		assertThat(this.rounds.tryAcquire(count, 20, TimeUnit.SECONDS)).isTrue();
	}

}
