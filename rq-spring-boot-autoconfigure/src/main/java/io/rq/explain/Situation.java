package io.rq.explain;

import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.rq.job.Job;
import io.rq.job.JobStatus;
import io.rq.redis.Surroundings;
import io.rq.redis.Surroundings.ListeningWorker;

/**
 * A job and what there is around it.
 *
 * @param job the job
 * @param function the name of its function, or {@code null} if its call cannot be read
 * @param around what there is around it
 */
record Situation(Job job, @Nullable String function, Surroundings around) {

	/** Whether the job has not moved on between the two looks. */
	boolean isCurrent() {
		String status = this.around.status();
		return status.equals(this.job.status().value()) || (status.isEmpty() && this.job.status() == JobStatus.CREATED);
	}

	Instant now() {
		return this.around.queue().now();
	}

	String queue() {
		return "queue '" + this.job.queue() + "'";
	}

	boolean hasEnded(Map.Entry<String, String> parent) {
		return parent.getValue().isEmpty() || parent.getValue().equals(JobStatus.FINISHED.value())
				|| (parent.getValue().equals(JobStatus.FAILED.value()) && failureAllowed());
	}

	boolean failureAllowed() {
		return this.job.options().links().failureAllowed();
	}

	boolean hasJavaWorker() {
		return this.around.workers().stream().anyMatch((worker) -> !worker.python());
	}

	boolean hasPythonWorker() {
		return this.around.workers().stream().anyMatch(ListeningWorker::python);
	}

}
