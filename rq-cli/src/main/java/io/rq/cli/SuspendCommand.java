package io.rq.cli;

import java.io.PrintWriter;
import java.time.Duration;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import io.rq.operations.RqOperations;

/**
 * Suspends all workers.
 */
@Command(name = "suspend", description = "Lets no worker of either language start a job.")
final class SuspendCommand extends AbstractCommand<Done> {

	@Option(names = { "-d", "--duration" }, paramLabel = "SECONDS",
			description = "For how long; until 'resume' if it is missing")
	private @Nullable Long seconds;

	@Override
	Done carryOut(RqOperations operations) {
		operations.suspend((this.seconds != null) ? Duration.ofSeconds(this.seconds) : null);
		return Done.of("workers", 1);
	}

	@Override
	void print(Done done, PrintWriter out) {
		out.println("All workers are suspended" + ((this.seconds != null) ? " for " + this.seconds + " s." : "."));
	}

}
