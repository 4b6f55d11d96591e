package io.rq.actuate.endpoint;

import java.util.List;
import java.util.Map;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

import io.rq.operations.QueueDescriptor;
import io.rq.operations.QueueDetails;
import io.rq.operations.SchedulerDescriptor;

/**
 * A queue with the jobs in its registries.
 *
 * @param queue its numbers
 * @param scheduler who moves its scheduled jobs
 * @param jobs the ids of the first jobs in each registry, by the registry's name
 * @param workers the names of the workers that listen on it
 */
public record QueueDetailsDescriptor(QueueDescriptor queue, SchedulerDescriptor scheduler,
		Map<String, List<String>> jobs, List<String> workers) implements OperationResponseBody {

	static QueueDetailsDescriptor of(QueueDetails details) {
		return new QueueDetailsDescriptor(details.queue(), details.scheduler(), details.jobs(), details.workers());
	}

}
