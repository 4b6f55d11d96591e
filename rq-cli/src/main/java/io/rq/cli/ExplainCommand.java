package io.rq.cli;

import java.io.PrintWriter;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import io.rq.explain.Explanation;
import io.rq.operations.RqOperations;

/**
 * Explains why a job does not run.
 */
@Command(name = "explain", description = "Says why a job does not run, and what to do.")
final class ExplainCommand extends AbstractReadCommand<Explanation> {

	@Parameters(paramLabel = "ID", description = "The job's id")
	private String id = "";

	@Override
	Explanation carryOut(RqOperations operations) {
		return operations.explain(this.id);
	}

	@Override
	void print(Explanation explanation, PrintWriter out) {
		out.println(explanation.cause() + ": " + Text.line(explanation.text()));
		explanation.evidence().forEach((name, value) -> out.println("  " + Text.line(name) + ": " + Text.of(value)));
		out.println(Text.line(explanation.remedy()));
	}

	/** There is an answer, but no job. */
	@Override
	int exitCode(Explanation explanation) {
		return (explanation.state() != null) ? RqCli.OK : RqCli.REFUSED;
	}

}
