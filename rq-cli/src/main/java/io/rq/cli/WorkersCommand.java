package io.rq.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import picocli.CommandLine.Command;

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

}
