package io.rq.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import picocli.CommandLine.Command;

import io.rq.operations.Overview;
import io.rq.operations.RqOperations;
import io.rq.operations.WorkerDescriptor;

/**
 * Shows workers.
 */
@Command(name = "workers", description = "Shows the workers of both languages.")
final class WorkersCommand extends AbstractReadCommand<List<WorkerDescriptor>> {

	@Override
	List<WorkerDescriptor> carryOut(RqOperations operations) {
		return operations.overview().workers();
	}

	@Override
	void print(List<WorkerDescriptor> workers, PrintWriter out) {
		table(workers).forEach(out::println);
	}

	static List<String> table(List<WorkerDescriptor> workers) {
		if (workers.isEmpty()) {
			return List.of("No worker.");
		}
		List<List<Object>> rows = new ArrayList<>();
		rows.add(List.of("WORKER", "STATE", "QUEUES", "JOB", "HOST", "PID", "RUNTIME", "OK", "FAILED", "LAST BEAT"));
		workers.forEach((worker) -> rows.add(Arrays.asList(worker.name(), worker.state(), worker.queues(),
				worker.currentJob(), worker.hostname(), worker.pid(), worker.runtime(), worker.successfulJobs(),
				worker.failedJobs(), worker.lastHeartbeat())));
		return Text.table(rows);
	}

	/** The workers of each queue, also of those that have none. */
	static List<String> byQueue(Overview overview) {
		List<List<Object>> rows = new ArrayList<>();
		rows.add(List.of("QUEUE", "WORKERS"));
		overview.queues()
			.forEach((queue) -> rows.add(List.of(queue.name(),
					overview.workers()
						.stream()
						.filter((worker) -> worker.queues().contains(queue.name()))
						.map((worker) -> worker.name() + " (" + Text.of(worker.state()) + ")")
						.toList())));
		return (rows.size() > 1) ? Text.table(rows) : List.of("No queue.");
	}

}
