package io.rq.metrics;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import io.rq.handler.JobHandlerRegistry;
import io.rq.handler.QueueTags;
import io.rq.handler.RunInfo;
import io.rq.handler.RunOutcome;
import io.rq.job.Job;
import io.rq.job.JobOptions;
import io.rq.job.JobPayload;
import io.rq.job.JobRun;
import io.rq.job.JobStatus;
import io.rq.job.JobTimes;
import io.rq.job.Partitions;
import io.rq.queue.Registry;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link JobMetrics}.
 */
class JobMetricsTests {

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final JobMetrics metrics = new JobMetrics(this.meters, new JobHandlerRegistry("default"),
			new QueueTags(() -> List.of("mail", "mail.0")), new Partitions(Map.of("mail", 1)));

	@Test
	void producersCannotCreateMeters() {
		for (int i = 0; i < 100; i++) {
			RunInfo run = run("queue-" + i);
			this.metrics.started(run, Duration.ofSeconds(1));
			this.metrics.ended(run, RunOutcome.FAILED, Duration.ofSeconds(1), null);
			this.metrics.leaseLost("queue-" + i, "id");
		}
		assertThat(this.meters.getMeters()).hasSize(4)
			.allSatisfy((meter) -> assertThat(meter.getId().getTag("queue")).isEqualTo("unknown"));
	}

	@Test
	void aStoppedJobIsCountedAsStoppedAndNotAsFailed() {
		this.metrics.ended(run("mail"), RunOutcome.STOPPED, Duration.ofSeconds(1), null);
		assertThat(this.meters.get("rq.job.stopped").tag("queue", "mail").counter().count()).isEqualTo(1);
		assertThat(this.meters.get("rq.job.execution").tag("outcome", "stopped").timer().count()).isEqualTo(1);
		assertThat(this.meters.find("rq.job.failed").counter()).isNull();
	}

	@Test
	void knownQueuesHaveTheirName() {
		this.metrics.started(run("mail"), Duration.ofSeconds(1));
		assertThat(this.meters.get("rq.job.wait").tag("queue", "mail").timer().count()).isEqualTo(1);
	}

	@Test
	void partitionsHaveTheNameOfTheirQueue() {
		this.metrics.started(run("mail.0"), Duration.ofSeconds(1));
		this.metrics.started(run("mail"), Duration.ofSeconds(1));
		assertThat(this.meters.get("rq.job.wait").timers()).singleElement()
			.satisfies((timer) -> assertThat(timer.count()).isEqualTo(2))
			.satisfies((timer) -> assertThat(timer.getId().getTag("queue")).isEqualTo("mail"));
	}

	@Test
	void droppedJobsAreCountedByTheirState() {
		this.metrics.dropped("mail", Registry.FAILED, 7);
		this.metrics.dropped("mail", Registry.FAILED, 3);
		assertThat(this.meters.get("rq.job.dropped").tag("queue", "mail").tag("state", "failed").counter().count())
			.isEqualTo(10);
	}

	@Test
	void partsThatHungAreCounted() {
		this.metrics.interrupted("fetch");
		assertThat(this.meters.get("rq.worker.interrupted").tag("part", "fetch").counter().count()).isEqualTo(1);
	}

	private static RunInfo run(String queue) {
		Job job = new Job("id", queue, JobStatus.STARTED, JobOptions.NONE, JobTimes.createdAt(Instant.EPOCH),
				JobRun.NONE, new JobPayload(new byte[0], null));
		return new RunInfo(job, "foreign", "execution", 1, "worker");
	}

}
