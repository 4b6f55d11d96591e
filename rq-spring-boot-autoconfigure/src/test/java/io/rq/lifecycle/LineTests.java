package io.rq.lifecycle;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Line}.
 */
class LineTests {

	private static final Duration LONG = Duration.ofSeconds(30);

	private final List<Runnable> beyond = new CopyOnWriteArrayList<>();

	private final Line line = new Line("rq-line", 2, this.beyond::add);

	private final CountDownLatch gate = new CountDownLatch(1);

	private void pass() {
		Deadline.in(LONG).await((nanos) -> this.gate.await(nanos, TimeUnit.NANOSECONDS));
	}

	@Test
	void doesOneAfterTheOtherOnAThreadOfItsOwn() {
		Line wide = new Line("rq-line", 1_000, this.beyond::add);
		List<Integer> done = new CopyOnWriteArrayList<>();
		IntStream.range(0, 1_000).forEach((number) -> wide.execute(() -> {
			assertThat(Thread.currentThread().getName()).isEqualTo("rq-line");
			assertThat(Thread.currentThread().isDaemon()).isTrue();
			done.add(number);
		}));
		assertThat(wide.end(LONG)).isZero();
		assertThat(done).isEqualTo(IntStream.range(0, 1_000).boxed().toList());
		assertThat(this.beyond).isEmpty();
	}

	@Test
	void whatIsTooMuchOrTooLateGoesElsewhere() {
		Runnable nothing = () -> {
		};
		Runnable tooMuch = () -> {
		};
		this.line.execute(this::pass);
		this.line.execute(nothing);
		this.line.execute(nothing);
		this.line.execute(tooMuch);
		assertThat(this.beyond).containsExactly(tooMuch);
		this.gate.countDown();
		assertThat(this.line.end(LONG)).isZero();
		this.line.execute(nothing);
		assertThat(this.beyond).containsExactly(tooMuch, nothing);
	}

	@Test
	void whatTakesTooLongAtTheEndIsInterruptedAndCounted() {
		CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
		this.line.execute(() -> {
			try {
				new CountDownLatch(1).await();
			}
			catch (InterruptedException ex) {
				interrupted.complete(true);
			}
		});
		this.line.execute(() -> interrupted.complete(false));
		assertThat(this.line.end(Duration.ofMillis(1))).isEqualTo(2);
		assertThat(interrupted.join()).isTrue();
	}

	@Test
	void endedFromWithinItNeitherWaitsNorInterrupts() {
		CompletableFuture<String> ended = new CompletableFuture<>();
		this.line.execute(() -> {
			pass();
			int left = this.line.end(LONG);
			ended.complete(left + " left, interrupted " + Thread.currentThread().isInterrupted());
		});
		this.line.execute(() -> ended.complete("not ended"));
		this.gate.countDown();
		assertThat(ended.join()).isEqualTo("1 left, interrupted false");
	}

}
