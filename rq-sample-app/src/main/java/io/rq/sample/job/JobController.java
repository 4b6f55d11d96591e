package io.rq.sample.job;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

import io.rq.job.IllegalJobStateException;
import io.rq.job.Job;
import io.rq.job.JobResult;
import io.rq.job.JobStatus;
import io.rq.template.JobTemplate;

/**
 * Tells what became of a job, and stops it.
 */
@RestController
class JobController {

	private final JobTemplate jobs;

	JobController(JobTemplate jobs) {
		this.jobs = jobs;
	}

	@GetMapping("/jobs/{id}")
	JobView find(@PathVariable String id) {
		return this.jobs.find(id)
			.map(this::view)
			.orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND,
					"There is no job '" + id + "', or it ended so long ago that it was dropped"));
	}

	/** Stops a job that runs, and cancels one that waits. */
	@PostMapping("/jobs/{id}/stop")
	JobView stop(@PathVariable String id) {
		JobStatus status = this.jobs.find(id).map(Job::status).orElse(null);
		try {
			if (status == JobStatus.STARTED) {
				this.jobs.stop(id);
			}
			else if (status != null) {
				this.jobs.cancel(id);
			}
		}
		catch (IllegalJobStateException ex) {
			throw new ResponseStatusException(HttpStatus.CONFLICT, ex.getMessage(), ex);
		}
		return find(id);
	}

	private JobView view(Job job) {
		boolean finished = job.status() == JobStatus.FINISHED;
		Object result = finished ? this.jobs.result(job.id(), Object.class).orElse(null) : null;
		String error = finished ? null : error(this.jobs.results(job.id()));
		return new JobView(job.id(), job.description(), job.queue(), job.status().value(), attempts(job),
				job.createdAt(), job.enqueuedAt(), job.startedAt(), job.endedAt(),
				this.jobs.meta(job.id()).get("progress"), result, error);
	}

	private static int attempts(Job job) {
		return job.run().attempts() + switch (job.status()) {
			case STARTED, FINISHED, FAILED, STOPPED -> 1;
			default -> 0;
		};
	}

	private static @Nullable String error(List<JobResult> newestFirst) {
		String trace = newestFirst.isEmpty() ? null : newestFirst.get(0).exception();
		return (trace != null) ? trace.lines().findFirst().orElse(null) : null;
	}

}
