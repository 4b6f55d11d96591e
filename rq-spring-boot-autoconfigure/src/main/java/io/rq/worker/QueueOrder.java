package io.rq.worker;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

import io.rq.job.Partitions;

/**
 * Says in which order to look into the queues next. The partitions of a queue are always
 * served in turn, from another one on in each worker. Used by one thread.
 */
final class QueueOrder {

	/** Each queue with its partitions. */
	private final List<List<String>> queues;

	private final DequeueStrategy strategy;

	QueueOrder(List<String> queues, Partitions partitions, DequeueStrategy strategy) {
		Map<String, List<String>> divided = new LinkedHashMap<>();
		for (String queue : queues) {
			divided.computeIfAbsent(partitions.whole(queue), (whole) -> new ArrayList<>()).add(queue);
		}
		this.queues = new ArrayList<>(divided.values());
		this.queues.forEach((parts) -> Collections.rotate(parts, ThreadLocalRandom.current().nextInt(parts.size())));
		this.strategy = strategy;
	}

	List<String> next() {
		if (this.strategy == DequeueStrategy.RANDOM) {
			Collections.shuffle(this.queues);
		}
		return this.queues.stream().flatMap(List::stream).toList();
	}

	/** The last job came from a queue: in turn, the one after it is next. */
	void served(String queue) {
		for (int i = 0; i < this.queues.size(); i++) {
			List<String> parts = this.queues.get(i);
			int part = parts.indexOf(queue);
			if (part >= 0) {
				Collections.rotate(parts, -1 - part);
				Collections.rotate(this.queues, (this.strategy == DequeueStrategy.ROUND_ROBIN) ? -1 - i : 0);
				return;
			}
		}
	}

	boolean isInTurn() {
		return this.strategy != DequeueStrategy.DEFAULT;
	}

}
