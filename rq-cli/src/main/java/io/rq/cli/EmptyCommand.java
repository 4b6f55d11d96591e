package io.rq.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

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
		return Done.each(this.queues, (queue) -> OptionalLong.of(operations.empty(queue)));
	}

	@Override
	void print(Done done, PrintWriter out) {
		done.print("deleted", out);
	}

	@Override
	int exitCode(Done done) {
		return done.exitCode();
	}

}
