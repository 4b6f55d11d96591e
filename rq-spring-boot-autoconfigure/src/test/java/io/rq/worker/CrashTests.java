package io.rq.worker;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.job.JobResult;
import io.rq.job.JobStatus;
import io.rq.test.JavaProcess;
import io.rq.test.OneRedis;
import io.rq.test.RedisState;
import io.rq.test.RedisTest;
import io.rq.test.TestRedis;

import static io.rq.test.TestStores.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests with workers that die or freeze under load.
 */
@RedisTest
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "sends POSIX signals")
@OneRedis("its processes know one server")
class CrashTests {

	private static final int JOBS = 3_000;

	private static final Duration PATIENCE = Duration.ofSeconds(90);

	private final TestRedis redis;

	private final WorkerBench bench;

	private final List<JavaProcess> workers = new ArrayList<>();

	@TempDir
	private Path logs;

	CrashTests(TestRedis redis) {
		this.redis = redis;
		this.bench = new WorkerBench(redis.connectionFactory());
	}

	@AfterEach
	void close() {
		this.workers.forEach(JavaProcess::close);
	}

	private JavaProcess worker(String name) {
		JavaProcess worker = WorkerProcess.start(this.redis.port(), name, this.logs.resolve(name + ".log"));
		this.workers.add(worker);
		return worker;
	}

	private List<Job> enqueue() {
		List<JobRequest> requests = new ArrayList<>();
		for (int i = 0; i < JOBS; i++) {
			requests.add(JobRequest.of("nap"));
		}
		return this.bench.jobs().enqueueAll(requests);
	}

	private long finished() {
		return this.bench.redis((redis) -> {
			Long count = redis.zSetCommands().zCard(key("rq:finished:default").getBytes(StandardCharsets.UTF_8));
			return (count != null) ? count : 0L;
		});
	}

	private String unfinished(List<Job> jobs) {
		RedisState state = this.redis.state();
		return jobs.stream()
			.filter((job) -> this.bench.status(job) != JobStatus.FINISHED)
			.limit(3)
			.map((job) -> state.hash(key("rq:job:" + job.id())) + " " + this.bench.jobs().results(job.id()))
			.toList() + " "
				+ state.keys().keySet().stream().filter((key) -> !key.matches("rq:(job|results):.*")).toList();
	}

	private void awaitAllFinished(List<Job> jobs) {
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(finished()).as(() -> unfinished(jobs)).isEqualTo(JOBS));
		assertThat(jobs).allMatch((job) -> this.bench.status(job) == JobStatus.FINISHED);
		assertThat(this.bench.jobs().count("default")).isZero();
		for (String key : List.of(key("rq:wip:default"), key("rq:scheduled:default"), key("rq:failed:default"))) {
			assertThat(this.redis.state().keys()).doesNotContainKey(key);
		}
	}

	/** W3. */
	@Test
	void everyJobEndsFinishedWhenOneOfTwoWorkersIsKilled() {
		List<Job> jobs = enqueue();
		JavaProcess victim = worker("victim");
		worker("survivor");
		await().atMost(PATIENCE).until(() -> finished() > JOBS / 10);
		victim.signal("KILL");
		awaitAllFinished(jobs);
	}

	/** W8. */
	@Test
	void aWorkerThatFrozeLongerThanItsLeaseRecordsNothingTwice() {
		List<Job> jobs = enqueue();
		JavaProcess frozen = worker("frozen");
		worker("survivor");
		await().atMost(PATIENCE).until(() -> finished() > JOBS / 10);
		frozen.signal("STOP");
		await().atMost(PATIENCE).until(() -> finished() == JOBS);
		frozen.signal("CONT");
		awaitAllFinished(jobs);
		assertThat(jobs).allSatisfy((job) -> assertThat(this.bench.jobs().results(job.id()))
			.filteredOn((result) -> result.type() == JobResult.Type.SUCCESSFUL)
			.hasSize(1));
	}

}
