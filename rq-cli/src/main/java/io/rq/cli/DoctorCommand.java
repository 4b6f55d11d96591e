package io.rq.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

import picocli.CommandLine.Command;

import io.rq.doctor.Finding;
import io.rq.doctor.Severity;
import io.rq.operations.RqOperations;

/**
 * Shows what is wrong with the set-up.
 */
@Command(name = "doctor", description = "Says what is wrong with the set-up of Redis and the queues, and what to do. "
		+ "Ends with 1 if there is a warning.")
final class DoctorCommand extends AbstractReadCommand<List<Finding>> {

	@Override
	List<Finding> carryOut(RqOperations operations) {
		return operations.doctor();
	}

	@Override
	void print(List<Finding> findings, PrintWriter out) {
		findings.forEach((finding) -> {
			out.printf("%s (%s): %s%n", finding.severity().name().toLowerCase(Locale.ROOT), finding.check(),
					Text.line(finding.text()));
			out.println("  " + Text.line(finding.remedy()));
		});
		if (findings.isEmpty()) {
			out.println("Nothing is wrong.");
		}
	}

	@Override
	int exitCode(List<Finding> findings) {
		return findings.stream().anyMatch((finding) -> finding.severity() == Severity.WARNING) ? RqCli.REFUSED
				: RqCli.OK;
	}

}
