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
			case DEFAULT -> this.queues;
			case ROUND_ROBIN -> {
				List<String> order = List.copyOf(this.queues);
				Collections.rotate(this.queues, -1);
				yield order;
			}
			case RANDOM -> {
				Collections.shuffle(this.queues);
				yield this.queues;
			}
		};
	}

	boolean isInTurn() {
		return this.strategy != DequeueStrategy.DEFAULT;
	}

}
