package io.rq.scheduler;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.data.redis.connection.RedisConnectionFactory;

import io.rq.redis.SchedulerStore;
import io.rq.test.RedisClients;
import io.rq.test.RedisTest;
import io.rq.test.TestRedis;
import io.rq.test.TestStores;

import static io.rq.test.TestStores.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link SchedulerContainer}.
 */
@RedisTest
@Timeout(60)
class SchedulerContainerTests {

	private static final Duration SECOND = Duration.ofSeconds(1);

	private static final Duration LONG = SchedulerFixture.LONG;

	private final TestRedis redis;

	private final SchedulerFixture fixture;

	SchedulerContainerTests(TestRedis redis) {
		this.redis = redis;
		this.fixture = new SchedulerFixture(redis.connectionFactory());
	}

	@AfterEach
	void stop() {
		this.fixture.close();
	}

	@Test
	void oneOfTwoIsElectedAndCleanStopHandsOverAtOnce() {
		SchedulerContainer first = this.fixture.container(SECOND, LONG, "mail");
		SchedulerContainer second = this.fixture.container(SECOND, LONG, "mail");
		first.start();
		await().until(() -> leads(first));
		second.start();
		await().until(() -> leadership(second).since() != null && this.redis.subscribers(SchedulerFixture.WAKE) == 2);
		assertThat(leads(second)).isFalse();
		String name = first.state().name();
		first.stop();
		await().atMost(Duration.ofSeconds(5)).until(() -> leads(second));
		assertThat(this.fixture.lock("mail")).isEqualTo(second.state().name());
		assertThat(this.redis.state().keys()).doesNotContainKey(key("rq:scheduler:" + name));
		assertThat(leads(first)).isFalse();
	}

	@Test
	void queuesAreLedOneByOne() {
		SchedulerContainer first = this.fixture.container(SECOND, LONG, "mail");
		SchedulerContainer second = this.fixture.container(SECOND, LONG, "mail", "high");
		first.start();
		await().until(() -> leads(first));
		second.start();
		await().until(() -> SchedulerFixture.leads(second, "high"));
		assertThat(leads(second)).isFalse();
	}

	/** W11. */
	@Test
	void takesOverFromOneThatVanished() {
		this.fixture.redis()
			.opsForValue()
			.set(key("mail", "rq:scheduler-lock:mail"), "vanished", Duration.ofSeconds(5));
		SchedulerContainer container = this.fixture.container(SECOND, SECOND, "mail");
		container.start();
		await().until(() -> leadership(container).since() != null);
		assertThat(leads(container)).isFalse();
		await().atMost(LONG).until(() -> leads(container));
	}

	@Test
	void respectsAForeignLockForAsLongAsItIsThere() {
		this.fixture.redis().opsForValue().set(key("mail", "rq:scheduler-lock:mail"), "4711");
		SchedulerContainer container = this.fixture.container(Duration.ofMillis(50), Duration.ofMillis(300), "mail");
		container.start();
		this.fixture.schedule("mail", Duration.ofMillis(1));
		await().during(SECOND).atMost(LONG).until(() -> !leads(container) && this.fixture.queued("mail").isEmpty());
		assertThat(this.fixture.lock("mail")).isEqualTo("4711");
		this.fixture.redis().delete(key("mail", "rq:scheduler-lock:mail"));
		await().until(() -> this.fixture.queued("mail").size() == 1);
	}

	@Test
	void leaderThatHangsIsReplacedAndNothingIsMovedTwice() {
		HangingStore store = new HangingStore(this.redis.connectionFactory());
		SchedulerContainer first = this.fixture.container(store, SECOND, SECOND, List.of(), "mail");
		SchedulerContainer second = this.fixture.container(SECOND, SECOND, "mail");
		first.start();
		await().until(() -> leads(first));
		second.start();
		store.hang.set(true);
		String id = this.fixture.schedule("mail", Duration.ofMillis(10));
		await().until(() -> this.fixture.queued("mail").contains(id));
		assertThat(leads(second)).isTrue();
		assertThat(leads(first)).isFalse();
		await().untilAsserted(() -> assertThat(leadership(second).passes().moved()).isOne());
		String next = this.fixture.schedule("mail", Duration.ofMillis(100));
		store.hang.set(false);
		store.goOn.countDown();
		await().until(() -> this.fixture.queued("mail").contains(next));
		await().until(() -> leadership(first).since() != null && !leads(first));
		assertThat(this.fixture.queued("mail")).containsExactly(id, next);
		assertThat(leadership(first).passes().moved()).isZero();
	}

	@Test
	void aListenerThatHangsIsInterruptedAndTheSchedulerGoesOn() {
		AtomicBoolean hung = new AtomicBoolean();
		SchedulerListener hanging = new SchedulerListener() {
			@Override
			public void promoted(String queue, PromotedJobs jobs) {
				if (!hung.getAndSet(true)) {
					try {
						new CountDownLatch(1).await();
					}
					catch (InterruptedException ex) {
						throw new IllegalStateException("Interrupted", ex);
					}
				}
			}
		};
		SchedulerContainer container = this.fixture.container(this.fixture.store(), SECOND, SECOND, List.of(hanging),
				"mail");
		container.start();
		await().until(() -> leads(container));
		this.fixture.schedule("mail", Duration.ofMillis(10));
		await().until(hung::get);
		this.fixture.schedule("mail", Duration.ofMillis(10));
		await().atMost(Duration.ofSeconds(30)).until(() -> this.fixture.queued("mail").size() == 2);
	}

	/** W10. */
	@Test
	void earlierJobFromAnotherConnectionWakesTheSleepingLeader() {
		SchedulerContainer container = this.fixture.container(LONG, LONG, "mail");
		this.fixture.schedule("mail", Duration.ofHours(1));
		container.start();
		await().until(() -> leads(container) && this.redis.subscribers(SchedulerFixture.WAKE) == 1);
		RedisConnectionFactory other = this.redis.newConnectionFactory();
		try (SchedulerFixture elsewhere = new SchedulerFixture(other)) {
			for (int i = 1; i <= 3; i++) {
				elsewhere.schedule("mail", Duration.ofMillis(200));
				int count = i;
				await().until(() -> leadership(container).passes().moved() == count);
				assertThat(this.fixture.queued("mail")).hasSize(count);
				assertThat(leadership(container).passes().lateness()).isLessThan(SECOND);
			}
		}
		finally {
			RedisClients.close(other);
		}
	}

	/** W10. */
	@Test
	void jobIsNeverEarlyAndItsLatenessIsTold() throws Exception {
		List<Duration> lateness = new ArrayList<>();
		CountDownLatch all = new CountDownLatch(60);
		SchedulerContainer container = this.fixture.container(this.fixture.store(), SECOND, LONG,
				List.of(new SchedulerListener() {

					@Override
					public void promoted(String queue, PromotedJobs jobs) {
						lateness.add(jobs.lateness());
						for (int i = 0; i < jobs.count(); i++) {
							all.countDown();
						}
					}

				}), "mail");
		container.start();
		Random random = new Random(1);
		for (int i = 0; i < 60; i++) {
			this.fixture.schedule("mail", Duration.ofMillis(100 + random.nextInt(1500)));
		}
		assertThat(all.await(30, TimeUnit.SECONDS)).isTrue();
		assertThat(lateness).allSatisfy((late) -> assertThat(late).isGreaterThanOrEqualTo(Duration.ZERO));
		assertThat(lateness.stream().sorted().toList().get(lateness.size() / 2)).isLessThan(Duration.ofMillis(200));
		await().untilAsserted(() -> assertThat(leadership(container).passes().moved()).isEqualTo(60));
	}

	@Test
	void exceptionsOfListenersChangeNothing() {
		ConcurrentLinkedQueue<String> heard = new ConcurrentLinkedQueue<>();
		SchedulerListener broken = new SchedulerListener() {

			@Override
			public void promoted(String queue, PromotedJobs jobs) {
				throw new IllegalStateException("broken");
			}

			@Override
			public void leadershipChanged(String queue, boolean leader) {
				throw new AssertionError("broken");
			}

		};
		SchedulerListener whole = new SchedulerListener() {

			@Override
			public void promoted(String queue, PromotedJobs jobs) {
				heard.add(queue + " " + jobs.count());
			}

			@Override
			public void leadershipChanged(String queue, boolean leader) {
				heard.add(queue + " " + leader);
			}

		};
		SchedulerContainer container = this.fixture.container(this.fixture.store(), SECOND, LONG,
				List.of(broken, whole), "mail");
		container.start();
		this.fixture.schedule("mail", Duration.ofMillis(1));
		await().until(() -> leadership(container).passes().moved() == 1);
		container.stop();
		assertThat(heard).containsExactly("mail true", "mail 1", "mail false");
		assertThat(container.state().lastFailure()).isNull();
	}

	@Test
	void stateTellsWhatTheSchedulerDoes() {
		SchedulerContainer container = this.fixture.container(SECOND, LONG, "mail", "high");
		assertThat(container.state().running()).isFalse();
		assertThat(container.state().queues()).containsExactly(
				new QueueLeadership("mail", false, null, QueueLeadership.Passes.NONE),
				new QueueLeadership("high", false, null, QueueLeadership.Passes.NONE));
		container.start();
		this.fixture.schedule("mail", Duration.ofMillis(1));
		await().until(() -> leadership(container).passes().moved() == 1);
		SchedulerState state = container.state();
		assertThat(state.running()).isTrue();
		assertThat(state.name()).isEqualTo(this.fixture.lock("mail"));
		assertThat(state.queues()).allSatisfy((leadership) -> {
			assertThat(leadership.leader()).isTrue();
			assertThat(leadership.since()).isNotNull();
		});
		assertThat(state.queues().get(0).passes().lateness()).isGreaterThanOrEqualTo(Duration.ZERO);
		container.stop();
		assertThat(container.state().running()).isFalse();
	}

	@Test
	void stoppingAnUnstartedOneIsHarmlessAndCallsBack() throws Exception {
		SchedulerContainer container = this.fixture.container(SECOND, LONG, "mail");
		container.stop();
		CountDownLatch called = new CountDownLatch(1);
		container.stop(called::countDown);
		assertThat(called.await(10, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void stopCallsBackWhenEverythingHasEndedAndStartWorksAgain() throws Exception {
		SchedulerContainer container = this.fixture.container(SECOND, LONG, "mail");
		for (int i = 0; i < 3; i++) {
			container.start();
			container.start();
			await().until(() -> leads(container) && this.redis.subscribers(SchedulerFixture.WAKE) == 1);
			CountDownLatch called = new CountDownLatch(1);
			AtomicBoolean running = new AtomicBoolean(true);
			container.stop(() -> {
				running.set(container.isRunning());
				called.countDown();
			});
			assertThat(called.await(10, TimeUnit.SECONDS)).isTrue();
			assertThat(running).isFalse();
			assertThat(this.fixture.lock("mail")).isNull();
			await().until(() -> this.redis.subscribers(SchedulerFixture.WAKE) == 0);
		}
	}

	@Test
	void restartingFromManyThreadsLeavesNothingBehind() throws Exception {
		SchedulerContainer container = this.fixture.container(SECOND, LONG, "mail");
		ExecutorService executor = Executors.newFixedThreadPool(4);
		List<Future<?>> futures = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			Random random = new Random(i);
			futures.add(executor.submit(() -> {
				for (int n = 0; n < 60; n++) {
					switch (random.nextInt(4)) {
						case 0, 1 -> container.start();
						case 2 -> container.stop();
						default -> container.stop(() -> {
						});
					}
				}
			}));
		}
		for (Future<?> future : futures) {
			future.get();
		}
		executor.shutdown();
		await().until(() -> threads("rq-scheduler-stop").isEmpty());
		container.stop();
		assertThat(threads("rq-scheduler")).isEmpty();
		assertThat(this.redis.state().keys()).isEmpty();
		await().until(() -> this.redis.subscribers(SchedulerFixture.WAKE) == 0);
		container.start();
		String id = this.fixture.schedule("mail", Duration.ofMillis(1));
		await().until(() -> this.fixture.queued("mail").contains(id));
	}

	private static List<String> threads(String prefix) {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.map(Thread::getName)
			.filter((name) -> name.startsWith(prefix))
			.toList();
	}

	private static boolean leads(SchedulerContainer container) {
		return SchedulerFixture.leads(container, "mail");
	}

	private static QueueLeadership leadership(SchedulerContainer container) {
		return SchedulerFixture.leadership(container, "mail");
	}

	/**
	 * Lets the process hang just before it asks Redis to move jobs.
	 */
	private static final class HangingStore extends SchedulerStore {

		private final AtomicBoolean hang = new AtomicBoolean();

		private final CountDownLatch goOn = new CountDownLatch(1);

		HangingStore(RedisConnectionFactory connections) {
			super(TestStores.scripts(connections), Clock.systemUTC());
		}

		@Override
		public @Nullable Promotion promote(String queue, SchedulerIdentity scheduler, int max) {
			if (this.hang.get()) {
				try {
					this.goOn.await();
				}
				catch (InterruptedException ex) {
					throw new IllegalStateException(ex);
				}
			}
			return super.promote(queue, scheduler, max);
		}

	}

}
