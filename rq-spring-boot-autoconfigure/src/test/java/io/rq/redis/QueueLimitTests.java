package io.rq.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import io.rq.job.Dependency;
import io.rq.job.JobLinks;
import io.rq.job.JobOptions;
import io.rq.job.JobStatus;
import io.rq.job.NewJob;
import io.rq.job.QueueFullException;
import io.rq.job.RateLimit;
import io.rq.test.TestStores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link QueueLimits}.
 */
class QueueLimitTests extends AbstractStoreTests {

	private final JobStore limited = limited(new QueueLimits(0, Map.of("default", 3L)));

	private JobStore limited(QueueLimits limits) {
		return new JobStore(new RedisScripts(this.redis.connectionFactory()), this.clock, TestStores.MAX_PAYLOAD,
				MinReplicas.NONE, limits);
	}

	private void enqueueLimited(NewJob... jobs) {
		this.limited.enqueue(List.of(jobs));
	}

	private void assertIsRefused(long length, NewJob... jobs) {
		String before = state();
		assertThatExceptionOfType(QueueFullException.class).isThrownBy(() -> enqueueLimited(jobs)).satisfies((ex) -> {
			assertThat(ex.getQueue()).isEqualTo("default");
			assertThat(ex.getLength()).isEqualTo(length);
			assertThat(ex.getLimit()).isEqualTo(3);
		})
			.withMessage("Queue 'default' is full: %d jobs wait on it, so %d more were not enqueued. Its limit is 3. "
					+ "Enqueue them again when fewer wait, run more workers for it, or raise "
					+ "'rq.queues.default.max-length' or 'rq.queue.max-length'", length, jobs.length);
		assertThat(state()).isEqualTo(before);
	}

	private NewJob[] jobs(int from, int to) {
		return IntStream.rangeClosed(from, to).mapToObj((i) -> job("j" + i)).toArray(NewJob[]::new);
	}

	@Test
	void aFullQueueRefusesAndNothingIsWritten() {
		enqueueLimited(job("a"));
		enqueueLimited(front(job("b")), given(job("c")));
		assertThat(this.limited.count("default")).isEqualTo(3);
		assertIsRefused(3, job("d"));
		assertIsRefused(3, front(job("d")));
		assertIsRefused(3, given(job("d")));
		assertIsRefused(3, unique(job("d")));
	}

	@Test
	void aCallIsRefusedAsAWhole() {
		enqueueLimited(job("a"));
		assertIsRefused(1, jobs(1, 3));
		enqueueLimited(jobs(1, 2));
		assertThat(this.limited.count("default")).isEqualTo(3);
	}

	@Test
	void jobsOfOtherQueuesAreRefusedInTheSameCall() {
		enqueueLimited(jobs(1, 3));
		String before = state();
		assertThatExceptionOfType(QueueFullException.class)
			.isThrownBy(() -> enqueueLimited(on("other", job("a")), job("b")));
		assertThat(state()).isEqualTo(before);
		enqueueLimited(on("other", job("a")));
	}

	@Test
	void aCallOfThousandsIsRefusedBeforeItsFirstJob() {
		JobStore store = limited(new QueueLimits(2_500, Map.of()));
		List<NewJob> jobs = Stream.of(jobs(1, 2_501)).toList();
		assertThatExceptionOfType(QueueFullException.class).isThrownBy(() -> store.enqueue(jobs));
		assertThat(state()).isEmpty();
		store.enqueue(jobs.subList(0, 2_500));
		assertThat(store.count("default")).isEqualTo(2_500);
	}

	@Test
	void aLimitOfTheQueueGoesBeforeTheCommonOne() {
		JobStore store = limited(new QueueLimits(1, Map.of("default", 0L)));
		store.enqueue(List.of(jobs(1, 5)));
		store.enqueue(List.of(on("other", job("a"))));
		assertThatExceptionOfType(QueueFullException.class)
			.isThrownBy(() -> store.enqueue(List.of(on("other", job("b")))));
	}

	@Test
	void aRepeatedCallIsNotRefusedForWhatItHasStoredItself() {
		enqueueLimited(jobs(1, 3));
		enqueueLimited(jobs(1, 3));
		this.limited.enqueueOnce(List.of(on("other", job("a"))), "once", 1, Duration.ofSeconds(60));
		assertThat(this.limited.count("default")).isEqualTo(3);
	}

	@Test
	void aRefusedOutboxCallIsDoneWhenThereIsRoom() {
		enqueueLimited(jobs(1, 3));
		List<NewJob> written = List.of(job("a"));
		assertThatExceptionOfType(QueueFullException.class)
			.isThrownBy(() -> this.limited.enqueueOnce(written, "once", 1, Duration.ofSeconds(60)));
		this.control.delete("j1", false);
		this.limited.enqueueOnce(written, "once", 1, Duration.ofSeconds(60));
		this.limited.enqueueOnce(written, "once", 1, Duration.ofSeconds(60));
		assertThat(this.limited.count("default")).isEqualTo(3);
	}

	@Test
	void aJobThatReplacesAWaitingOneIsNoneMore() {
		enqueueLimited(given(job("a")), job("b"), job("c"));
		enqueueLimited(given(job("a")));
		assertThat(this.limited.count("default")).isEqualTo(3);
	}

	@Test
	void whatWaitsElsewhereIsNotRefused() {
		enqueueLimited(jobs(1, 3));
		enqueueLimited(in(job("later"), 3600));
		JobOptions links = PLAIN.withLinks(JobLinks.NONE.and(Dependency.on("j1")));
		enqueueLimited(job("child", links));
		assertThat(statuses("later", "child")).containsExactly(JobStatus.SCHEDULED, JobStatus.DEFERRED);
	}

	@Test
	void aJobWithARateLimitIsRefusedWhereItMayComeToTheQueueAtOnce() {
		enqueueLimited(jobs(1, 3));
		assertIsRefused(3,
				job("slow", PLAIN.withLinks(JobLinks.NONE.withRateLimit(RateLimit.key("api").limit(1, LEASE)))));
	}

	@Test
	void whatIsInRedisComesToItsQueueHoweverLongThatIs() {
		this.limited.enqueue(List.of(job("failed")));
		JobOptions links = PLAIN.withLinks(JobLinks.NONE.and(Dependency.on("failed")));
		enqueueLimited(job("child", links), in(job("later"), 3600));
		enqueueLimited(jobs(1, 2));
		this.control.cancel("failed", true);
		this.control.requeue("failed", false);
		this.limited.changes().runNow("later", false);
		assertThat(statuses("failed", "child", "later")).containsOnly(JobStatus.QUEUED);
		assertThat(this.limited.count("default")).isGreaterThan(3);
	}

	@Test
	void manyProducersTogetherStayWithinTheLimit() throws Exception {
		JobStore store = limited(new QueueLimits(100, Map.of()));
		AtomicInteger refused = new AtomicInteger();
		List<Callable<Void>> producers = new ArrayList<>();
		for (int producer = 0; producer < 4; producer++) {
			int first = 1_000 * producer;
			producers.add(() -> {
				for (int i = first; i < first + 50; i++) {
					try {
						store.enqueue(List.of(jobs(i, i)));
					}
					catch (QueueFullException ex) {
						refused.incrementAndGet();
					}
				}
				return null;
			});
		}
		all(producers);
		assertThat(refused).hasValue(100);
		assertThat(store.count("default")).isEqualTo(100);
	}

	private List<JobStatus> statuses(String... ids) {
		return Stream.of(ids).map((id) -> this.limited.find(id).orElseThrow().status()).toList();
	}

}
