package io.rq.chaos;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import io.rq.job.Callback;
import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.job.RateLimit;
import io.rq.job.Retry;
import io.rq.template.JobOperations;

/**
 * The ways in which applications enqueue jobs.
 */
enum Shape {

	PLAIN {
		@Override
		List<Job> enqueue(JobOperations jobs, String id, long millis) {
			return List.of(jobs.enqueue(work(millis)));
		}
	},

	/** Fails at first and is tried again a second later. */
	RETRIED {
		@Override
		List<Job> enqueue(JobOperations jobs, String id, long millis) {
			return List.of(jobs.enqueue(JobRequest.of(ChaosJobs.FLAKY, millis).retry(Retry.max(2).intervals(1))));
		}
	},

	SCHEDULED {
		@Override
		List<Job> enqueue(JobOperations jobs, String id, long millis) {
			return List.of(jobs.enqueue(work(millis).in(Duration.ofSeconds(1))));
		}
	},

	/** Enqueued again and again until a producer knows that the job is there. */
	UNIQUE {
		@Override
		List<Job> enqueue(JobOperations jobs, String id, long millis) {
			return List.of(jobs.enqueue(work(millis).id(id).unique()));
		}
	},

	CHOSEN {
		@Override
		List<Job> enqueue(JobOperations jobs, String id, long millis) {
			return List.of(jobs.enqueue(work(millis).id(id)));
		}
	},

	/** A job, one on another queue that waits for it, and one that waits for both. */
	DEPENDENT {
		@Override
		List<Job> enqueue(JobOperations jobs, String id, long millis) {
			return jobs.enqueueAll(List.of(work(millis).id(id), work(millis).id(id + "-b").queue(OTHER).dependsOn(id),
					work(millis).id(id + "-c").dependsOn(id, id + "-b")));
		}
	},

	/** A group of which each job has a callback. */
	GROUP {
		@Override
		List<Job> enqueue(JobOperations jobs, String id, long millis) {
			return jobs.group(id)
				.enqueueAll(Stream.of(QUEUE, OTHER, QUEUE)
					.map((queue) -> work(millis).queue(queue).onSuccess(Callback.of(ChaosJobs.DONE)))
					.toList())
				.jobs();
		}
	},

	RATE_LIMITED {
		@Override
		List<Job> enqueue(JobOperations jobs, String id, long millis) {
			return List.of(jobs.enqueue(work(millis).rateLimit(RateLimit.key("few").concurrency(LIMIT))));
		}
	};

	static final String QUEUE = "default";

	static final String OTHER = "other";

	/** How many jobs with a rate limit may run at a time. */
	static final int LIMIT = 3;

	/**
	 * Enqueues.
	 * @param id an id for the job or what belongs together
	 * @param millis how long a job takes
	 * @return the jobs
	 */
	abstract List<Job> enqueue(JobOperations jobs, String id, long millis);

	private static JobRequest work(long millis) {
		return JobRequest.of(ChaosJobs.WORK, millis);
	}

}
