package io.rq.actuate.endpoint;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

import io.rq.operations.RqOperations;

/**
 * {@link Endpoint @Endpoint} that shows queues, workers and schedulers: those of this
 * application and all others on the same Redis. Shows ids of jobs, never their arguments
 * or results.
 */
@Endpoint(id = "rq", defaultAccess = Access.READ_ONLY)
public class RqEndpoint {

	private final RqOperations operations;

	/**
	 * Creates the endpoint.
	 * @param operations what it shows
	 */
	public RqEndpoint(RqOperations operations) {
		this.operations = operations;
	}

	/**
	 * Shows all queues, workers, schedulers and rate limits, and the cron jobs of this
	 * application.
	 * @return the description, a second old at most
	 */
	@ReadOperation
	public RqDescriptor rq() {
		return RqDescriptor.of(this.operations.overview());
	}

	/**
	 * Shows a queue with the first jobs in each of its registries.
	 * @param queue the queue's name
	 * @return the description, or {@code null} if there is no such queue
	 */
	@ReadOperation
	public @Nullable QueueDetailsDescriptor queue(@Selector String queue) {
		return this.operations.queue(queue).map(QueueDetailsDescriptor::of).orElse(null);
	}

}
