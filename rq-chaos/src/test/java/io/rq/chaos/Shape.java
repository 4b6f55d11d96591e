package io.rq.chaos;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import org.springframework.transaction.support.TransactionOperations;

import io.rq.job.Callback;
import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.job.RateLimit;
import io.rq.job.Retry;
import io.rq.job.Webhook;
import io.rq.template.JobOperations;

/**
 * The ways in which applications enqueue jobs.
 */
enum Shape {

	PLAIN {
		@Override
		List<Job> enqueue(JobOperations jobs, Order order) {
			return List.of(jobs.enqueue(work(order)));
		}
	},

	/** Fails at first and is tried again a second later. */
	RETRIED {
		@Override
		List<Job> enqueue(JobOperations jobs, Order order) {
			return List
				.of(jobs.enqueue(JobRequest.of(ChaosJobs.FLAKY, order.millis()).retry(Retry.max(2).intervals(1))));
		}
	},

	SCHEDULED {
		@Override
		List<Job> enqueue(JobOperations jobs, Order order) {
			return List.of(jobs.enqueue(work(order).in(Duration.ofSeconds(1))));
		}
	},

	/** Enqueued again and again until a producer knows that the job is there. */
	UNIQUE {
		@Override
		List<Job> enqueue(JobOperations jobs, Order order) {
			return List.of(jobs.enqueue(work(order).id(order.id()).unique()));
		}
	},

	CHOSEN {
		@Override
		List<Job> enqueue(JobOperations jobs, Order order) {
			return List.of(jobs.enqueue(work(order).id(order.id())));
		}
	},

	/** A job, one on another queue that waits for it, and one that waits for both. */
	DEPENDENT {
		@Override
		List<Job> enqueue(JobOperations jobs, Order order) {
			return jobs.enqueueAll(List.of(work(order).id(order.id()),
					work(order).id(order.id() + "-b").queue(OTHER).dependsOn(order.id()),
					work(order).id(order.id() + "-c").dependsOn(order.id(), order.id() + "-b")));
		}
	},

	/** A group of which each job has a callback. */
	GROUP {
		@Override
		List<Job> enqueue(JobOperations jobs, Order order) {
			return jobs.group(order.id())
				.enqueueAll(Stream.of(QUEUE, OTHER, QUEUE)
					.map((queue) -> work(order).queue(queue).onSuccess(Callback.of(ChaosJobs.DONE)))
					.toList())
				.jobs();
		}
	},

	RATE_LIMITED {
		@Override
		List<Job> enqueue(JobOperations jobs, Order order) {
			return List.of(jobs.enqueue(work(order).rateLimit(RateLimit.key("few").concurrency(LIMIT))));
		}
	},

	/** Tells an address when it has ended. */
	WEBHOOK {
		@Override
		List<Job> enqueue(JobOperations jobs, Order order) {
			return List.of(jobs.enqueue(work(order).webhooks(Webhook.post(order.address()))));
		}
	},

	/** Written down with a transaction, which commits also when Redis is away. */
	OUTBOX {
		@Override
		List<Job> enqueue(JobOperations jobs, Order order) {
			return Objects.requireNonNull(order.transactions()
				.execute((transaction) -> List.of(jobs.enqueue(work(order)), jobs.enqueue(work(order).queue(OTHER)))));
		}
	},

	/** A job and one that waits for it, on a queue that Python may work on too. */
	SHARED {
		@Override
		List<Job> enqueue(JobOperations jobs, Order order) {
			JobRequest shared = JobRequest.of(ChaosJobs.SHARED, order.millis()).queue(SHARED_QUEUE);
			return jobs.enqueueAll(List.of(shared.id(order.id()), shared.id(order.id() + "-b").dependsOn(order.id())));
		}
	};

	static final String QUEUE = "default";

	static final String OTHER = "other";

	static final String SHARED_QUEUE = "shared";

	static final List<String> QUEUES = List.of(QUEUE, OTHER, SHARED_QUEUE);

	/** How many jobs with a rate limit may run at a time. */
	static final int LIMIT = 3;

	/**
	 * Enqueues.
	 * @param order what else is to be said of the jobs
	 * @return the jobs
	 */
	abstract List<Job> enqueue(JobOperations jobs, Order order);

	private static JobRequest work(Order order) {
		return JobRequest.of(ChaosJobs.WORK, order.millis());
	}

	/**
	 * What there is to say of jobs of any shape.
	 *
	 * @param id an id for the job or what belongs together
	 * @param millis how long a job takes
	 * @param address where webhooks go
	 * @param transactions transactions of the database with the outbox
	 */
	record Order(String id, long millis, String address, TransactionOperations transactions) {

	}

}
