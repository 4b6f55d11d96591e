package io.rq.job;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Where and when a job is put.
 *
 * @param queue the queue, or {@code null} for the function's own
 * @param id the id, or {@code null} for a new one
 * @param unique whether an existing job of that id is an error
 * @param atFront whether it goes to the front
 * @param due when it is due, or {@code null} for now
 * @param immediate whether it is put there at once in a transaction too
 * @param orderingKey what decides on the partition of a divided queue, or {@code null}
 * for the id
 */
public record Target(@Nullable String queue, @Nullable String id, boolean unique, boolean atFront,
		NewJob.@Nullable Due due, boolean immediate, @Nullable String orderingKey) {

	/** The end of the function's own queue, now, under a new id. */
	static final Target DEFAULT = new Target(null, null, false, false, null, false, null);

	/**
	 * Chooses the queue.
	 * @param queue the queue's name
	 * @return a new target
	 * @throws IllegalArgumentException if the name has no text
	 */
	public Target withQueue(String queue) {
		Assert.hasText(queue, "'queue' must not be empty");
		return new Target(queue, this.id, this.unique, this.atFront, this.due, this.immediate, this.orderingKey);
	}

	/**
	 * Chooses the id.
	 * @param id letters, digits, {@code _} and {@code -}
	 * @return a new target
	 * @throws IllegalArgumentException if the id is malformed
	 */
	public Target withId(String id) {
		return new Target(this.queue, Job.requireValidId(id), this.unique, this.atFront, this.due, this.immediate,
				this.orderingKey);
	}

	/**
	 * Makes it an error if a job of the id exists.
	 * @return a new target
	 */
	public Target withUnique() {
		return new Target(this.queue, this.id, true, this.atFront, this.due, this.immediate, this.orderingKey);
	}

	/**
	 * Chooses the front of the queue.
	 * @return a new target
	 */
	public Target withFront() {
		return new Target(this.queue, this.id, this.unique, true, this.due, this.immediate, this.orderingKey);
	}

	/**
	 * Chooses the due time.
	 * @param due the due time
	 * @return a new target
	 */
	public Target withDue(NewJob.Due due) {
		return new Target(this.queue, this.id, this.unique, this.atFront, due, this.immediate, this.orderingKey);
	}

	/**
	 * Does not wait for the commit of a transaction.
	 * @return a new target
	 */
	public Target withImmediate() {
		return new Target(this.queue, this.id, this.unique, this.atFront, this.due, true, this.orderingKey);
	}

	/**
	 * Chooses what decides on the partition.
	 * @param orderingKey the key
	 * @return a new target
	 * @throws IllegalArgumentException if the key has no text
	 */
	public Target withOrderingKey(String orderingKey) {
		Assert.hasText(orderingKey, "'orderingKey' must not be empty");
		return new Target(this.queue, this.id, this.unique, this.atFront, this.due, this.immediate, orderingKey);
	}

}
