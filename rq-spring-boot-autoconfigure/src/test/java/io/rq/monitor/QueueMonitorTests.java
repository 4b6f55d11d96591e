package io.rq.monitor;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.RedisConnectionFactory;

import io.rq.RqException;
import io.rq.queue.QueueSnapshot;
import io.rq.redis.QueueStore;
import io.rq.redis.RedisScripts;
import io.rq.test.RedisTest;
import io.rq.test.TestStores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link QueueMonitor}.
 */
@RedisTest
class QueueMonitorTests {

	private static final Duration LONG = Duration.ofSeconds(30);

	private final CountingQueues queues;

	/** Queues that may lie on several nodes are looked at one by one. */
	private final int parts;

	QueueMonitorTests(RedisConnectionFactory connections) {
		this.queues = new CountingQueues(TestStores.scripts(connections));
		this.parts = this.queues.together(List.of("a", "b")).size();
		this.queues.divided.set(0);
	}

	@Test
	void manyAskersShareOneLook() {
		QueueMonitor monitor = monitor(LONG, LONG);
		List<QueueSnapshot> first = monitor.look();
		assertThat(first).extracting(QueueSnapshot::name).containsExactly("a", "b");
		assertThat(monitor.look()).usingElementComparator((one, other) -> (one == other) ? 0 : 1).isEqualTo(first);
		assertThat(this.queues.looks).hasValue(this.parts);
	}

	/** Each gauge of each queue asks. */
	@Test
	void manyAskersShareWhatWasPutTogetherForOneUntilTheQueuesAreOthers() {
		Set<String> names = new HashSet<>(Set.of("a", "b"));
		QueueMonitor monitor = new QueueMonitor(this.queues, () -> names, LONG, LONG);
		List<QueueSnapshot> first = monitor.look();
		assertThat(monitor.look()).isSameAs(first);
		assertThat(this.queues.divided).hasValue(1);
		names.add("c");
		assertThat(monitor.look()).extracting(QueueSnapshot::name).containsExactly("a", "b", "c");
	}

	@Test
	void looksAgainWhenTheAnswerIsOld() {
		QueueMonitor monitor = monitor(Duration.ZERO, LONG);
		monitor.look();
		monitor.look();
		assertThat(this.queues.looks).hasValue(2 * this.parts);
	}

	@Test
	void sharesAFailureToo() {
		this.queues.failure = new IllegalStateException("away");
		QueueMonitor monitor = monitor(LONG, LONG);
		assertThatIllegalStateException().isThrownBy(monitor::look).withMessage("away");
		assertThatIllegalStateException().isThrownBy(monitor::look).withMessage("away");
		assertThat(this.queues.looks).hasValue(this.parts);
	}

	@Test
	void allAskersTogetherWaitNoLongerThanOne() {
		this.queues.hold = new CountDownLatch(1);
		QueueMonitor monitor = monitor(Duration.ZERO, Duration.ofMillis(200));
		long start = System.nanoTime();
		for (int i = 0; i < 50; i++) {
			assertThatExceptionOfType(RqException.class).isThrownBy(monitor::look)
				.withMessageStartingWith("Redis has not answered for ");
		}
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
		assertThat(this.queues.looks).hasValue(this.parts);
		this.queues.hold.countDown();
	}

	private QueueMonitor monitor(Duration maxAge, Duration patience) {
		return new QueueMonitor(this.queues, () -> Set.of("b", "a"), maxAge, patience);
	}

	private static final class CountingQueues extends QueueStore {

		private final AtomicInteger looks = new AtomicInteger();

		private final AtomicInteger divided = new AtomicInteger();

		private volatile CountDownLatch hold = new CountDownLatch(0);

		private volatile @Nullable RuntimeException failure;

		CountingQueues(RedisScripts scripts) {
			super(scripts);
		}

		@Override
		public Collection<List<String>> together(List<String> queues) {
			this.divided.incrementAndGet();
			return super.together(queues);
		}

		@Override
		public List<QueueSnapshot> census(Collection<String> names) {
			this.looks.incrementAndGet();
			try {
				this.hold.await(20, TimeUnit.SECONDS);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			RuntimeException failure = this.failure;
			if (failure != null) {
				throw failure;
			}
			return super.census(names);
		}

	}

}
