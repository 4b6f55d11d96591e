package io.rq.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import io.rq.operations.Overview;
import io.rq.operations.QueueDescriptor;
import io.rq.operations.RqOperations;
import io.rq.queue.RateLimitSnapshot;

/**
 * Shows everything in short.
 */
@Command(name = "info", description = "Shows queues, workers and what someone should look at.")
final class InfoCommand extends AbstractReadCommand<Overview> {

	@Option(names = { "-R", "--by-queue" }, description = "Show the workers of each queue")
	private boolean byQueue;

	@Parameters(arity = "0..*", paramLabel = "QUEUE", description = "Only these queues and their workers")
	private List<String> names = new ArrayList<>();

	@Override
	Overview carryOut(RqOperations operations) {
		Overview all = operations.overview();
		return this.names.isEmpty() ? all : new Overview(all.suspended(), QueuesCommand.of(all.queues(), this.names),
				all.divided(),
				all.workers()
					.stream()
					.filter((worker) -> worker.queues().stream().anyMatch(this.names::contains))
					.toList(),
				all.schedulers().stream().filter((scheduler) -> this.names.contains(scheduler.queue())).toList(),
				all.rateLimits(), all.cron(),
				all.warnings().stream().filter((warning) -> !isOfAnother(warning, all.queues())).toList());
	}

	private boolean isOfAnother(String warning, List<QueueDescriptor> queues) {
		return queues.stream()
			.anyMatch((queue) -> !this.names.contains(queue.name()) && warning.contains("'" + queue.name() + "'"));
	}

	private List<String> missing(Overview overview) {
		return QueuesCommand.missing(overview, this.names);
	}

	@Override
	int exitCode(Overview overview) {
		return missing(overview).isEmpty() ? RqCli.OK : RqCli.REFUSED;
	}

	@Override
	void print(Overview overview, PrintWriter out) {
		QueuesCommand.table(overview.queues()).forEach(out::println);
		out.println();
		(this.byQueue ? WorkersCommand.byQueue(overview) : WorkersCommand.table(overview.workers()))
			.forEach(out::println);
		out.println();
		if (!overview.rateLimits().isEmpty()) {
			rateLimits(overview.rateLimits()).forEach(out::println);
			out.println();
		}
		long waiting = overview.queues().stream().mapToLong(QueueDescriptor::queued).sum();
		long limited = overview.rateLimits().stream().mapToLong(RateLimitSnapshot::waiting).sum();
		out.println(Text.count(overview.queues().size(), "queue") + ", " + Text.count(waiting, "job") + " waiting, "
				+ ((limited > 0) ? limited + " for rate limits, " : "")
				+ Text.count(overview.workers().size(), "worker") + (overview.suspended() ? ", all suspended" : ""));
		overview.warnings().forEach((warning) -> out.println("! " + Text.line(warning)));
		missing(overview).forEach((name) -> out.println("Not found: " + Text.line(name)));
	}

	private static List<String> rateLimits(List<RateLimitSnapshot> limits) {
		List<List<Object>> rows = new ArrayList<>();
		rows.add(List.of("RATE LIMIT", "JOBS", "WINDOW", "HELD", "WAITING"));
		limits.forEach((limit) -> rows
			.add(Arrays.asList(limit.key(), limit.jobs(), limit.window(), limit.holders(), limit.waiting())));
		return Text.table(rows);
	}

}
