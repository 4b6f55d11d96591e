package io.rq.template;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.job.JobStatus;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for groups of jobs as applications use them.
 */
class JobGroupTests extends AbstractControlTests {

	JobGroupTests(TestRedis redis) {
		super(redis);
	}

	@Test
	void aGroupIsDeletedWithItsJobsWhateverTheyWaitFor() {
		JobGroup group = this.jobs.group("import-42");
		Job waits = group.enqueue(JobRequest.of("a"));
		group.enqueue(JobRequest.of("b").in(Duration.ofMinutes(1)));
		group.enqueue(JobRequest.of("c").dependsOn(waits));
		Job other = this.jobs.group("other").enqueue(JobRequest.of("d"));
		assertThat(group.jobs()).extracting(Job::status)
			.containsExactlyInAnyOrder(JobStatus.QUEUED, JobStatus.SCHEDULED, JobStatus.DEFERRED);
		assertThat(group.delete()).isEqualTo(3);
		assertThat(group.delete()).isZero();
		assertThat(group.jobIds()).isEmpty();
		assertThat(this.jobs.groups()).containsExactly("other");
		assertThat(this.jobs.exists(waits.id())).isFalse();
		assertThat(this.jobs.exists(other.id())).isTrue();
	}

}
