package io.rq.worker;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.data.redis.connection.RedisConnectionFactory;

import io.rq.job.InvalidJobException;
import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.job.JobStatus;
import io.rq.lifecycle.Outage;
import io.rq.lifecycle.TimeSource;
import io.rq.redis.Claims.Claim;
import io.rq.redis.QueueControl;
import io.rq.test.RedisTest;

import static io.rq.test.TestStores.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for the round of the {@link Fetcher}.
 */
@RedisTest
@Timeout(60)
class FetcherTests {

	private static final Duration HOUR = Duration.ofHours(1);

	private final AtomicLong passing = new AtomicLong();

	private final WorkerBench bench;

	private final Permits permits = new Permits(2);

	private final ReadAhead ahead = new ReadAhead(2, TimeSource.of(Clock.systemUTC()));

	private final Received received = new Received();

	FetcherTests(RedisConnectionFactory connections) {
		this.bench = new WorkerBench(connections);
	}

	private Fetcher fetcher(WorkerOptions.Limits limits, String... queues) {
		return fetcher(limits, TimeSource.of(Clock.systemUTC()), queues);
	}

	private Fetcher fetcher(WorkerOptions.Limits limits, TimeSource time, String... queues) {
		WorkerOptions options = WorkerOptions.of("worker-1", (queues.length > 0) ? queues : new String[] { "default" })
			.withTiming(WorkerBench.QUICK)
			.withLimits(limits);
		WorkerStores stores = this.bench.stores(options);
		Registration registration = new Registration(stores.workers(), options, Set::of, stores.time());
		Arrivals arrivals = new Arrivals(options, stores, registration::isLasting, this.permits::signal, new Outage());
		return new Fetcher(options, stores.executions(), registration, this.permits, this.ahead, arrivals,
				this.received, () -> false, time);
	}

	private Fetcher fetcher() {
		return fetcher(WorkerOptions.Limits.NONE);
	}

	private List<Job> enqueue(int count) {
		List<Job> jobs = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			jobs.add(this.bench.jobs().enqueue("fine"));
		}
		return jobs;
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	@Test
	void takesNoMoreThanThereArePlacesFor() throws InterruptedException {
		List<Job> jobs = enqueue(3);
		Fetcher fetcher = fetcher();
		assertThat(fetcher.run()).isZero();
		assertThat(this.received.runs).extracting((run) -> run.job().id())
			.containsExactly(jobs.get(0).id(), jobs.get(1).id());
		this.permits.signal();
		fetcher.run();
		assertThat(this.received.runs).hasSize(2);
		this.permits.release(1);
		fetcher.run();
		assertThat(this.received.runs).hasSize(3);
	}

	@Test
	void leasesAreCountedFromBeforeTheCall() throws InterruptedException {
		enqueue(1);
		TimeSource slow = new TimeSource(Clock.systemUTC(), () -> this.passing.addAndGet(HOUR.toNanos()));
		fetcher(WorkerOptions.Limits.NONE, slow).run();
		ActiveRun run = this.received.runs.get(0);
		long asked = run.claimedTicks() - HOUR.toNanos();
		TimeSource then = new TimeSource(Clock.systemUTC(), () -> asked + WorkerBench.QUICK.lease().toNanos());
		assertThat(run.begin(TestRuns.info(run), HandlerRules.NONE, TestRuns.NO_TIMEOUT, then)).isFalse();
		TimeSource before = new TimeSource(Clock.systemUTC(), () -> asked + WorkerBench.QUICK.lease().toNanos() - 1);
		assertThat(run.begin(TestRuns.info(run), HandlerRules.NONE, TestRuns.NO_TIMEOUT, before)).isTrue();
	}

	@Test
	void takesJobsEarlyWhereTheyAreShort() throws InterruptedException {
		enqueue(20);
		this.permits.take(1);
		this.ahead.ran(Duration.ofMillis(1).toNanos());
		fetcher().run();
		assertThat(this.received.runs).hasSize(1 + 4);
		assertThat(this.received.begun).isEqualTo(1 + 4);
	}

	@Test
	void takesNoneEarlyThatAWorkerOfAFewJobsHasNoUseFor() throws InterruptedException {
		enqueue(20);
		this.ahead.ran(Duration.ofMillis(1).toNanos());
		fetcher(new WorkerOptions.Limits(false, 10)).run();
		assertThat(this.received.runs).hasSize(2);
	}

	@Test
	void takesNoneEarlyAfterSomeHaveWaitedForTooLong() throws InterruptedException {
		enqueue(20);
		this.ahead.ran(1000);
		Fetcher fetcher = fetcher();
		this.received.late = true;
		fetcher.run();
		assertThat(this.received.runs).isEmpty();
		this.received.late = false;
		fetcher.run();
		assertThat(this.received.runs).hasSize(2);
	}

	@Test
	void takesNoneEarlyBesideAJobThatMayHaveEndedItsWorker() throws InterruptedException {
		List<Job> jobs = enqueue(20);
		this.bench.<Boolean>redis((redis) -> redis.hashCommands()
			.hSet(bytes(key("rq:job:" + jobs.get(3).id())), bytes("reclaims"), bytes("1")));
		this.ahead.ran(1000);
		Fetcher fetcher = fetcher();
		fetcher.run();
		assertThat(this.received.givenBack).isEqualTo(1);
		assertThat(this.ahead.jobs()).isZero();
	}

	@Test
	void takesNothingWhileOutcomesWaitToBeRecorded() throws InterruptedException {
		enqueue(1);
		this.received.congested = true;
		assertThat(fetcher().run()).isPositive();
		assertThat(this.received.runs).isEmpty();
	}

	@Test
	void takesNothingThatComesAfterJobsThatAreStillGivenBack() {
		Job job = enqueue(1).get(0);
		this.received.givingBack = true;
		assertThatExceptionOfType(InterruptedException.class).isThrownBy(fetcher()::run);
		assertThat(this.bench.status(job)).isEqualTo(JobStatus.QUEUED);
	}

	@Test
	void takesNothingWhileWorkersAreSuspended() throws InterruptedException {
		enqueue(1);
		this.bench.redis((redis) -> redis.stringCommands().set(bytes(key("rq:suspended")), bytes("1")));
		Fetcher fetcher = fetcher();
		assertThat(fetcher.run()).isPositive();
		assertThat(fetcher.isSuspended()).isTrue();
		assertThat(this.received.runs).isEmpty();
		this.bench.<Long>redis((redis) -> redis.keyCommands().del(bytes(key("rq:suspended"))));
		fetcher.run();
		assertThat(fetcher.isSuspended()).isFalse();
		assertThat(this.received.runs).hasSize(1);
	}

	@Test
	void takesNothingOfAQueueThatIsPausedAndWaitsForNothing() throws InterruptedException {
		Fetcher fetcher = fetcher();
		fetcher.run();
		QueueControl queues = this.bench.queues();
		queues.pause("default", "why");
		enqueue(2);
		assertThat(fetcher.run()).isEqualTo(Duration.ofMillis(750));
		assertThat(fetcher.run()).isEqualTo(Duration.ofMillis(750));
		assertThat(this.received.runs).isEmpty();
		assertThat(this.received.givenBack).isEqualTo(1);
		assertThat(fetcher.isSuspended()).isFalse();
		assertThat(this.bench.jobs().count("default")).isEqualTo(2);
		queues.unpause("default");
		assertThat(fetcher.run()).isZero();
		assertThat(this.received.runs).hasSize(2);
	}

	@Test
	void takesJobsOfTheOtherQueuesAndLooksAgainWithinASecond() throws InterruptedException {
		Fetcher fetcher = fetcher(WorkerOptions.Limits.NONE, "default", "other");
		this.bench.queues().pause("default", "why");
		enqueue(1);
		long start = System.nanoTime();
		assertThat(fetcher.run()).isZero();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofMillis(700),
				Duration.ofSeconds(5));
		assertThat(this.bench.jobs().count("default")).isOne();
		this.bench.jobs().enqueue(JobRequest.of("fine").queue("other"));
		fetcher.run();
		assertThat(this.received.runs).extracting((run) -> run.job().queue()).containsExactly("other");
		this.bench.queues().unpause("default");
		fetcher.run();
		assertThat(this.received.runs).hasSize(2);
	}

	@Test
	void takesNoMoreThanTheJobsItIsToTake() throws InterruptedException {
		enqueue(2);
		fetcher(new WorkerOptions.Limits(false, 1)).run();
		assertThat(this.received.runs).hasSize(1);
		assertThat(this.received.exhaustions).isEqualTo(1);
	}

	@Test
	void aBurstIsOverWhenTheQueueIsEmpty() throws InterruptedException {
		enqueue(1);
		Fetcher fetcher = fetcher(new WorkerOptions.Limits(true, 0));
		fetcher.run();
		assertThat(this.received.exhaustions).isZero();
		fetcher.run();
		assertThat(this.received.exhaustions).isEqualTo(1);
	}

	@Test
	void waitsForTheNextJobOfAQueueThatItFoundEmpty() throws InterruptedException {
		Fetcher fetcher = fetcher();
		fetcher.run();
		enqueue(1);
		assertThat(fetcher.run()).isZero();
		assertThat(this.received.runs).hasSize(1);
	}

	@Test
	void handsOnWhatCannotBeRead() throws InterruptedException {
		Job job = enqueue(1).get(0);
		this.bench.<Boolean>redis((redis) -> redis.hashCommands()
			.hSet(bytes(key("rq:job:" + job.id())), bytes("timeout"), bytes("soon")));
		fetcher().run();
		assertThat(this.received.problems).singleElement()
			.satisfies((problem) -> assertThat(problem).hasMessageContaining("soon"));
		assertThat(this.received.runs).isEmpty();
	}

	@Test
	void aJobThatCannotBeRunHereDoesNotKeepTheOthersFromBeing() {
		List<Job> jobs = enqueue(2);
		this.received.refused = jobs.get(0).id();
		Fetcher fetcher = fetcher();
		assertThatIllegalStateException().isThrownBy(fetcher::run).withMessageContaining("no thread");
		assertThat(this.received.runs).extracting((run) -> run.job().id()).containsExactly(jobs.get(1).id());
		assertThat(this.bench.status(jobs.get(1))).isEqualTo(JobStatus.STARTED);
	}

	/**
	 * Takes a place for each run and keeps it.
	 */
	private final class Received implements Fetcher.Receiver {

		private final List<ActiveRun> runs = new ArrayList<>();

		private final List<InvalidJobException> problems = new ArrayList<>();

		private boolean congested;

		private String refused = "";

		private int exhaustions;

		private int begun;

		private boolean late;

		private int givenBack;

		private boolean givingBack;

		@Override
		public boolean isCongested() {
			return this.congested;
		}

		@Override
		public void receive(ActiveRun run) {
			if (run.job().id().equals(this.refused)) {
				throw new IllegalArgumentException("no thread");
			}
			FetcherTests.this.permits.take(1);
			this.runs.add(run);
		}

		@Override
		public void begin() {
			this.begun = this.runs.size();
		}

		@Override
		public boolean hasWaiting() {
			return this.late;
		}

		@Override
		public boolean giveBackLate() {
			return this.late;
		}

		@Override
		public void giveBackWaiting() {
			this.givenBack++;
		}

		@Override
		public void awaitGivenBack() throws InterruptedException {
			if (this.givingBack) {
				throw new InterruptedException("still giving back");
			}
		}

		@Override
		public void unreadable(Claim claim, InvalidJobException problem) {
			this.problems.add(problem);
		}

		@Override
		public void exhausted() {
			this.exhaustions++;
		}

	}

}
