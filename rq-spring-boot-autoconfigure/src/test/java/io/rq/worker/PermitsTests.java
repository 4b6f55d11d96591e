package io.rq.worker;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Permits}.
 */
@Timeout(60)
class PermitsTests {

	private static final Duration LONG = Duration.ofMinutes(1);

	private final Permits permits = new Permits(2);

	@Test
	void whatIsTakenIsBusyUntilItComesBack() throws InterruptedException {
		assertThat(this.permits.awaitFree(LONG, 0)).isEqualTo(2);
		this.permits.take(1);
		assertThat(this.permits.awaitFree(LONG, 0)).isEqualTo(1);
		assertThat(this.permits.busy()).isEqualTo(1);
		this.permits.release(1);
		assertThat(this.permits.busy()).isZero();
	}

	@Test
	void thereIsNoFreePlaceAfterTheTime() throws InterruptedException {
		this.permits.take(2);
		assertThat(this.permits.awaitFree(Duration.ofMillis(1), 0)).isZero();
	}

	@Test
	void whatMayBeTakenEarlyIsTakenWhenHalfOfItIsUsedUp() throws Exception {
		this.permits.take(2);
		assertThat(this.permits.awaitFree(LONG, 10)).isEqualTo(10);
		this.permits.take(10);
		assertThat(this.permits.busy()).isEqualTo(12);
		CompletableFuture<Integer> free = new CompletableFuture<>();
		Thread waiting = new Thread(() -> {
			try {
				free.complete(this.permits.awaitFree(LONG, 10));
			}
			catch (Throwable ex) {
				free.completeExceptionally(ex);
			}
		});
		waiting.start();
		for (int i = 0; i < 5; i++) {
			assertThat(free).isNotDone();
			this.permits.release(1);
		}
		assertThat(free.get(30, TimeUnit.SECONDS)).isEqualTo(5);
	}

	@Test
	void aSignalEndsOneWaitForAPlace() throws InterruptedException {
		this.permits.take(2);
		this.permits.signal();
		assertThat(this.permits.awaitFree(LONG, 0)).isZero();
		assertThat(this.permits.awaitFree(Duration.ofMillis(1), 0)).isZero();
	}

	@Test
	void aPlaceThatComesBackEndsTheWait() throws Exception {
		this.permits.take(2);
		CompletableFuture<Integer> free = new CompletableFuture<>();
		Thread waiting = new Thread(() -> {
			try {
				free.complete(this.permits.awaitFree(LONG, 0));
			}
			catch (Throwable ex) {
				free.completeExceptionally(ex);
			}
		});
		waiting.start();
		this.permits.release(1);
		assertThat(free.get(30, TimeUnit.SECONDS)).isEqualTo(1);
	}

	@Test
	void waitsUntilNoMorePlacesAreTakenThanTolerated() throws Exception {
		this.permits.take(2);
		assertThat(this.permits.awaitBusy(() -> 1, Duration.ofMillis(1))).isFalse();
		CompletableFuture<Boolean> quiet = new CompletableFuture<>();
		new Thread(() -> quiet.complete(this.permits.awaitBusy(() -> 1, LONG))).start();
		this.permits.release(1);
		assertThat(quiet.get(30, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void theWaitForAllPlacesLooksAgainAfterASignal() throws Exception {
		this.permits.take(1);
		CompletableFuture<Boolean> quiet = new CompletableFuture<>();
		int[] tolerated = { 0 };
		Thread waiting = new Thread(() -> quiet.complete(this.permits.awaitBusy(() -> tolerated[0]++, LONG)));
		waiting.start();
		while (!quiet.isDone()) {
			this.permits.signal();
			Thread.onSpinWait();
		}
		assertThat(quiet.get()).isTrue();
	}

	@Test
	void anInterruptDoesNotCutTheWaitForAllPlacesShort() {
		this.permits.take(1);
		Thread.currentThread().interrupt();
		assertThat(this.permits.awaitBusy(() -> 0, Duration.ofMillis(5))).isFalse();
		assertThat(Thread.interrupted()).isTrue();
	}

}
