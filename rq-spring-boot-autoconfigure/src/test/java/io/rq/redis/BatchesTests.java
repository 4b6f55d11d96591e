package io.rq.redis;

import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.RedisConnection;

import io.rq.job.Dependency;
import io.rq.job.Job;
import io.rq.job.JobPayload;
import io.rq.job.JobResult;
import io.rq.job.NewJob;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Batches} and for the calls that are made of them.
 */
class BatchesTests extends AbstractStoreTests {

	private static final int NINE_MEGABYTES = 9 << 20;

	@Test
	void aBatchEndsWhereItHasAsManyAsMayBe() {
		assertThat(Batches.of(List.of(1, 2, 3, 4, 5), 2, (one) -> 0)).containsExactly(List.of(1, 2), List.of(3, 4),
				List.of(5));
		assertThat(Batches.of(List.of(), 2, (one) -> 0)).isEmpty();
	}

	@Test
	void aBatchEndsBeforeItIsTooLargeUnlessOneAloneIs() {
		long most = Batches.MAX_BYTES;
		assertThat(Batches.of(List.of(most - 1, 1L, 1L, 2 * most, 2 * most, 5L), 10, (size) -> size))
			.containsExactly(List.of(most - 1, 1L), List.of(1L), List.of(2 * most), List.of(2 * most), List.of(5L));
	}

	@Test
	void jobsWithLargeArgumentsAreStoredInSeveralCalls() {
		List<NewJob> jobs = Stream.of("a", "b", "c").map((id) -> large(job(id))).toList();
		assertThat(scripts(() -> this.jobs.enqueue(jobs))).isEqualTo(3);
		assertThat(list("rq:queue:default")).containsExactly("a", "b", "c");
	}

	@Test
	void parentsWithLargeArgumentsAreStoredBeforeTheirChildren() {
		List<NewJob> jobs = List.of(large(DependencyTests.after(job("child"), Dependency.on("parent"))),
				large(job("parent")), job("small"));
		List<List<List<NewJob>>> parts = ParentsFirst.parts(jobs, 1_000);
		assertThat(parts).containsExactly(List.of(List.of(jobs.get(1), jobs.get(2))), List.of(List.of(jobs.get(0))));
	}

	private static NewJob large(NewJob job) {
		byte[] data = new byte[NINE_MEGABYTES];
		new Random(1).nextBytes(data);
		Job small = job.job();
		return new NewJob(new Job(small.id(), small.queue(), small.status(), small.options(), small.times(),
				small.run(), new JobPayload(data, null)), job.atFront(), job.idGiven(), job.unique(), job.due());
	}

	@Test
	void anOutcomeIsAboutAsLargeAsWhatIsRecordedOfIt() {
		Outcome.Finished success = success(started("a"), 500);
		Outcome.Attempt attempt = success.attempt();
		Outcome.Finished large = new Outcome.Finished(success.execution(),
				new Outcome.Attempt(attempt.startedAt(), attempt.endedAt(), new byte[3_000], "trace"),
				JobResult.Type.SUCCESSFUL, 500);
		assertThat(large.bytes()).isEqualTo(4_005);
		Job following = large(job("b")).job();
		assertThat(large.withFollowing(List.of(following)).bytes()).isEqualTo(4_005 + NINE_MEGABYTES);
	}

	/** How many scripts are called, once Redis has their text. */
	private long scripts(Runnable work) {
		enqueue(IntStream.range(0, 2).mapToObj((i) -> job("first-" + i)).toArray(NewJob[]::new));
		claim(2);
		try (RedisConnection connection = this.redis.connectionFactory().getConnection()) {
			connection.serverCommands().resetConfigStats();
			work.run();
			Properties info = connection.serverCommands().info("commandstats");
			assertThat(info).isNotNull();
			return Long.parseLong(info.getProperty("cmdstat_evalsha").replaceAll("^calls=(\\d+).*$", "$1"));
		}
	}

}
