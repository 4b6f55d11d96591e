package io.rq.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import io.rq.operations.RqOperations;

/**
 * Deletes the waiting jobs of queues.
 */
@Command(name = "empty", description = "Deletes all jobs that wait on queues.")
final class EmptyCommand extends AbstractCommand<Done> {

	@Parameters(arity = "1..*", paramLabel = "QUEUE", description = "The queues")
	private List<String> queues = new ArrayList<>();

	@Override
	Done carryOut(RqOperations operations) {
		return new Done(this.queues, this.queues.stream().mapToLong(operations::empty).sum(), List.of());
	}

	@Override
	void print(Done done, PrintWriter out) {
		done.print("deleted", out);
	}

}
