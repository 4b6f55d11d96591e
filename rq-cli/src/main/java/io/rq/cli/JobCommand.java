package io.rq.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import io.rq.cli.Failure.NotFoundException;
import io.rq.operations.JobDetails;
import io.rq.operations.RqOperations;

/**
 * Shows a job.
 */
@Command(name = "job", description = "Shows all that is known of a job.")
final class JobCommand extends AbstractReadCommand<JobDetails> {

	@Parameters(paramLabel = "ID", description = "The job's id")
	private String id = "";

	@Override
	JobDetails carryOut(RqOperations operations) {
		return operations.job(this.id).orElseThrow(() -> new NotFoundException("job", this.id));
	}

	@Override
	void print(JobDetails job, PrintWriter out) {
		List<List<Object>> rows = new ArrayList<>();
		add(rows, "id", job.id());
		add(rows, "queue", job.queue());
		add(rows, "status", job.status());
		add(rows, "function", job.function());
		add(rows, "description", job.description());
		if (job.values() != null) {
			add(rows, "arguments", job.values().arguments());
			add(rows, "named arguments", job.values().namedArguments());
			add(rows, "meta", job.values().meta());
			add(rows, "result", job.values().result());
		}
		add(rows, "unreadable", job.unreadable());
		add(rows, "created", job.times().createdAt());
		add(rows, "enqueued", job.times().enqueuedAt());
		add(rows, "started", job.times().startedAt());
		add(rows, "ended", job.times().endedAt());
		add(rows, "worker", job.worker());
		add(rows, "place on the queue", job.place().position());
		add(rows, "due", job.place().dueAt());
		add(rows, "expires", job.place().expiresAt());
		add(rows, "retries left", job.settings().retriesLeft());
		add(rows, "waits for", ties(job.ties().dependencies()));
		add(rows, "waited for by", ties(job.ties().dependents()));
		Text.table(rows).forEach(out::println);
		for (JobDetails.Attempt attempt : job.attempts()) {
			out.printf("%n%s at %s by %s%n", Text.of(attempt.outcome()), Text.of(attempt.recordedAt()),
					Text.of(attempt.worker()));
			if (attempt.trace() != null) {
				Text.lines(attempt.trace()).forEach((line) -> out.println("  " + line));
			}
		}
	}

	private static List<String> ties(List<JobDetails.Tie> ties) {
		return ties.stream().map((tie) -> tie.id() + " (" + Text.of(tie.status()) + ")").toList();
	}

	private static void add(List<List<Object>> rows, String name, @Nullable Object value) {
		if (value != null && !Text.of(value).equals("-")) {
			rows.add(Arrays.asList(name, Text.of(value)));
		}
	}

}
