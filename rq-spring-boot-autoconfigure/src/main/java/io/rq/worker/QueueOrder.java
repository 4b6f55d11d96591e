package io.rq.worker;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Says in which order to look into the queues next. Used by one thread.
 */
final class QueueOrder {

	private final List<String> queues;

	private final DequeueStrategy strategy;

	QueueOrder(List<String> queues, DequeueStrategy strategy) {
		this.queues = new ArrayList<>(queues);
		this.strategy = strategy;
	}

	List<String> next() {
		return switch (this.strategy) {
			case DEFAULT, ROUND_ROBIN -> this.queues;
			case RANDOM -> {
				Collections.shuffle(this.queues);
				yield this.queues;
			}
		};
	}

	/** The last job came from a queue: in turn, the one after it is next. */
	void served(String queue) {
		if (this.strategy == DequeueStrategy.ROUND_ROBIN) {
			Collections.rotate(this.queues, -1 - this.queues.indexOf(queue));
		}
	}

	boolean isInTurn() {
		return this.strategy != DequeueStrategy.DEFAULT;
	}

}
