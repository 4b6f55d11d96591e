package io.rq.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import io.rq.operations.JobFilter;
import io.rq.operations.JobList;
import io.rq.operations.RqOperations;
import io.rq.queue.Registry;

/**
 * Lists jobs.
 */
@Command(name = "jobs", description = "Lists the jobs of a queue that are in a state.")
final class JobsCommand extends AbstractReadCommand<JobList> {

	@Option(names = { "-q", "--queue" }, defaultValue = "default", description = "The queue (${DEFAULT-VALUE})")
	private String queue = "";

	@Option(names = { "-s", "--state" }, defaultValue = "queued",
			description = "${COMPLETION-CANDIDATES} (${DEFAULT-VALUE})")
	private Registry state = Registry.QUEUED;

	@Option(names = "--text", description = "Only those with this in their id or description")
	private @Nullable String text;

	@Option(names = { "-f", "--function" }, description = "Only those of this function, by their description")
	private @Nullable String function;

	@Option(names = { "-n", "--limit" }, defaultValue = "50", description = "How many at most (${DEFAULT-VALUE})")
	private int limit;

	@Option(names = "--cursor", description = "Go on where a list ended, as it said")
	private @Nullable String cursor;

	@Override
	JobList carryOut(RqOperations operations) {
		return operations.jobs(this.queue, this.state, new JobFilter(this.text, null, this.function), this.cursor,
				this.limit);
	}

	@Override
	void print(JobList list, PrintWriter out) {
		if (!list.jobs().isEmpty()) {
			List<List<Object>> rows = new ArrayList<>();
			rows.add(List.of("ID", "STATUS", "DESCRIPTION", "CREATED", "STARTED", "ENDED", "DUE", "WORKER"));
			list.jobs()
				.forEach((job) -> rows.add(Arrays.asList(job.id(), job.status(), head(job.description()),
						job.createdAt(), job.startedAt(), job.endedAt(), job.dueAt(), job.worker())));
			Text.table(rows).forEach(out::println);
			out.println();
		}
		out.println(
				Text.count(list.jobs().size(), "job") + "; " + list.examined() + " of " + list.total() + " looked at");
		if (list.next() != null) {
			out.println("More: --cursor '" + Text.line(list.next()) + "'");
		}
	}

	private static @Nullable String head(@Nullable String text) {
		return (text != null && text.length() > 60) ? text.substring(0, 59) + "…" : text;
	}

}
