package io.rq.autoconfigure;

import java.time.Duration;
import java.util.Collection;

import org.awaitility.Awaitility;

import io.rq.job.Job;
import io.rq.job.JobStatus;
import io.rq.template.JobTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Waits for jobs to end well.
 */
final class FinishedJobs {

	private FinishedJobs() {
	}

	static void await(JobTemplate jobs, Collection<String> ids) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.untilAsserted(() -> assertThat(jobs.findAll(ids)).hasSize(ids.size())
				.extracting(Job::status)
				.containsOnly(JobStatus.FINISHED));
	}

}
