package io.rq.job;

import org.springframework.util.Assert;

/**
 * The rules for the names of queues.
 */
public final class QueueName {

	private static final String INTERMEDIATE = ":intermediate";

	private QueueName() {
	}

	/**
	 * Checks a name.
	 * @param queue the name
	 * @return the name
	 * @throws IllegalArgumentException if it has no text, contains a comma (RQ's workers
	 * and schedulers join names by commas) or ends in {@code :intermediate} (the key of
	 * another queue's list)
	 */
	public static String requireValid(String queue) {
		Assert.hasText(queue, "The name of a queue must not be empty");
		Assert.isTrue(queue.indexOf(',') < 0,
				() -> "Queue name '" + queue + "' must not contain a comma: RQ joins queue names by commas");
		Assert.isTrue(!queue.endsWith(INTERMEDIATE),
				() -> "Queue name '" + queue + "' must not end in ':intermediate': RQ keeps another list there");
		return queue;
	}

}
