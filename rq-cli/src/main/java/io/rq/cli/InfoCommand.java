package io.rq.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import io.rq.operations.Overview;
import io.rq.operations.QueueDescriptor;
import io.rq.operations.RqOperations;

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
				all.rateLimits(), all.cron(), all.warnings());
	}

	@Override
	void print(Overview overview, PrintWriter out) {
		QueuesCommand.table(overview.queues()).forEach(out::println);
		out.println();
		(this.byQueue ? WorkersCommand.byQueue(overview) : WorkersCommand.table(overview.workers()))
			.forEach(out::println);
		out.println();
		long waiting = overview.queues().stream().mapToLong(QueueDescriptor::queued).sum();
		out.println(Text.count(overview.queues().size(), "queue") + ", " + Text.count(waiting, "job") + " waiting, "
				+ Text.count(overview.workers().size(), "worker") + (overview.suspended() ? ", all suspended" : ""));
		overview.warnings().forEach((warning) -> out.println("! " + Text.line(warning)));
	}

}
