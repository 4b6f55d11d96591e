package io.rq.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import io.rq.operations.Overview;
import io.rq.operations.QueueDescriptor;
import io.rq.operations.RqOperations;

/**
 * Shows queues.
 */
@Command(name = "queues", description = "Shows the queues with their numbers.")
final class QueuesCommand extends AbstractReadCommand<List<QueueDescriptor>> {

	@Parameters(arity = "0..*", paramLabel = "QUEUE", description = "Only these queues")
	private List<String> names = new ArrayList<>();

	private List<String> missing = List.of();

	@Override
	List<QueueDescriptor> carryOut(RqOperations operations) {
		Overview overview = operations.overview();
		this.missing = missing(overview, this.names);
		return of(overview.queues(), this.names);
	}

	static List<QueueDescriptor> of(List<QueueDescriptor> queues, List<String> names) {
		return queues.stream().filter((queue) -> names.isEmpty() || names.contains(queue.name())).toList();
	}

	@Override
	void print(List<QueueDescriptor> queues, PrintWriter out) {
		table(queues).forEach(out::println);
		this.missing.forEach((name) -> out.println("Not found: " + Text.line(name)));
	}

	@Override
	int exitCode(List<QueueDescriptor> queues) {
		return this.missing.isEmpty() ? RqCli.OK : RqCli.REFUSED;
	}

	/** Those of the names that no queue has and no worker listens on. */
	static List<String> missing(Overview overview, List<String> names) {
		return names.stream()
			.filter((name) -> overview.queues().stream().noneMatch((queue) -> queue.name().equals(name))
					&& overview.workers().stream().noneMatch((worker) -> worker.queues().contains(name)))
			.toList();
	}

	static List<String> table(List<QueueDescriptor> queues) {
		if (queues.isEmpty()) {
			return List.of("No queue.");
		}
		List<List<Object>> rows = new ArrayList<>();
		rows.add(List.of("QUEUE", "QUEUED", "STARTED", "SCHEDULED", "DEFERRED", "FINISHED", "FAILED", "CANCELED",
				"OLDEST", "PAUSED"));
		queues.forEach((queue) -> rows.add(Arrays.asList(queue.name(), queue.queued(), queue.started(),
				queue.scheduled(), queue.deferred(), queue.finished(), queue.failed(), queue.canceled(),
				queue.oldestWaiting(), (queue.pause() != null) ? "paused" : null)));
		return Text.table(rows);
	}

}
