package io.rq.job;

import java.util.HashMap;
import java.util.Map;

/**
 * What jobs get for what neither they nor their functions say, by their queue.
 *
 * @param common what holds for all queues
 * @param queues what holds for some queues, by their names, before what holds for all
 */
public record JobDefaults(JobOptions common, Map<String, JobOptions> queues) {

	/**
	 * Completes the options of the queues.
	 */
	public JobDefaults {
		Map<String, JobOptions> complete = new HashMap<>();
		for (Map.Entry<String, JobOptions> queue : queues.entrySet()) {
			complete.put(QueueName.requireValid(queue.getKey()), queue.getValue().orElse(common));
		}
		queues = Map.copyOf(complete);
	}

	/**
	 * Returns defaults that are the same for all queues.
	 * @param common the options
	 * @return the defaults
	 */
	public static JobDefaults of(JobOptions common) {
		return new JobDefaults(common, Map.of());
	}

	/**
	 * Returns what holds for a queue.
	 * @param queue the queue's name
	 * @return the options
	 */
	public JobOptions of(String queue) {
		return this.queues.getOrDefault(queue, this.common);
	}

}
