package io.rq.cli;

import java.io.PrintWriter;

import picocli.CommandLine.Command;

import io.rq.operations.RqOperations;

/**
 * Ends the suspension of all workers.
 */
@Command(name = "resume", description = "Lets workers start jobs again.")
final class ResumeCommand extends AbstractCommand<Done> {

	@Override
	Done carryOut(RqOperations operations) {
		return Done.of("workers", operations.resume() ? 1 : 0);
	}

	@Override
	void print(Done done, PrintWriter out) {
		out.println((done.count() > 0) ? "Workers start jobs again." : "They were not suspended.");
	}

}
