package io.rq.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import io.rq.operations.QueueDescriptor;
import io.rq.operations.RqOperations;

/**
 * Shows queues.
 */
@Command(name = "queues", description = "Shows the queues with their numbers.")
final class QueuesCommand extends AbstractReadCommand<List<QueueDescriptor>> {

	@Parameters(arity = "0..*", paramLabel = "QUEUE", description = "Only these queues")
	private List<String> names = new ArrayList<>();

	@Override
	List<QueueDescriptor> carryOut(RqOperations operations) {
		return of(operations.overview().queues(), this.names);
	}

	static List<QueueDescriptor> of(List<QueueDescriptor> queues, List<String> names) {
		return queues.stream().filter((queue) -> names.isEmpty() || names.contains(queue.name())).toList();
	}

	@Override
	void print(List<QueueDescriptor> queues, PrintWriter out) {
		table(queues).forEach(out::println);
		missing(queues).forEach((name) -> out.println("Not found: " + Text.line(name)));
	}

	@Override
	int exitCode(List<QueueDescriptor> queues) {
		return missing(queues).isEmpty() ? RqCli.OK : RqCli.REFUSED;
	}

	private List<String> missing(List<QueueDescriptor> queues) {
		return this.names.stream()
			.filter((name) -> queues.stream().noneMatch((queue) -> queue.name().equals(name)))
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
