package io.rq.lifecycle;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Keeper}.
 */
@Timeout(60)
class KeeperTests {

	private static final Outage MUTE = new Outage(() -> {
		throw new OutOfMemoryError("no words");
	});

	@Test
	void looksAgainAfterAFailureThatCannotBeTold() throws InterruptedException {
		CountDownLatch looks = new CountDownLatch(3);
		AtomicInteger stops = new AtomicInteger();
		Keeper keeper = new Keeper("keeper", MUTE, new FailingTask() {

			@Override
			public boolean look() {
				looks.countDown();
				return super.look();
			}

			@Override
			public void stop(Keeper keeper) {
				stops.incrementAndGet();
			}

		});
		keeper.start();
		assertThat(looks.await(30, TimeUnit.SECONDS)).isTrue();
		keeper.stop();
		assertThat(stops).hasValue(1);
	}

	@Test
	void theStopIsOverWhateverItsStepsDo() throws InterruptedException {
		Keeper keeper = new Keeper("keeper", MUTE, new FailingTask());
		CountDownLatch told = new CountDownLatch(1);
		keeper.start();
		keeper.stop(told::countDown);
		assertThat(told.await(30, TimeUnit.SECONDS)).isTrue();
		keeper.stop();
	}

	private static class FailingTask implements Keeper.Task {

		@Override
		public boolean look() {
			throw new OutOfMemoryError("no look");
		}

		@Override
		public Duration pause() {
			throw new OutOfMemoryError("no pause");
		}

		@Override
		public void stop(Keeper keeper) {
			throw new OutOfMemoryError("no stop");
		}

		@Override
		public void ended() {
			throw new OutOfMemoryError("no end");
		}

		@Override
		public boolean isInside(Thread thread) {
			return false;
		}

		@Override
		public boolean isNeeded(Thread thread) {
			return false;
		}

	}

}
