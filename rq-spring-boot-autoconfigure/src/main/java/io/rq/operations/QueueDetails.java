package io.rq.operations;

import java.util.List;
import java.util.Map;

/**
 * A queue with the jobs in its registries.
 *
 * @param queue its numbers
 * @param scheduler who moves its scheduled jobs
 * @param jobs the ids of the first jobs in each registry, by the registry's name
 * @param workers the names of the workers that listen on it
 */
public record QueueDetails(QueueDescriptor queue, SchedulerDescriptor scheduler, Map<String, List<String>> jobs,
		List<String> workers) {

}
