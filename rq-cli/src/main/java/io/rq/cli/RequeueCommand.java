package io.rq.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

import io.rq.operations.JobFilter;
import io.rq.operations.JobList;
import io.rq.operations.RqOperations;
import io.rq.queue.JobRow;
import io.rq.queue.Registry;

/**
 * Requeues jobs.
 */
@Command(name = "requeue", description = "Puts jobs on their queues that have failed, ended or were cancelled.")
final class RequeueCommand extends AbstractCommand<Done> {

	@Parameters(arity = "0..*", paramLabel = "ID", description = "The jobs' ids")
	private List<String> ids = new ArrayList<>();

	@Option(names = { "-a", "--all" }, description = "All failed jobs of the queue")
	private boolean all;

	@Option(names = { "-q", "--queue" }, defaultValue = "default",
			description = "The queue of --all (${DEFAULT-VALUE})")
	private String queue = "";

	@Option(names = "--at-front", description = "They are the next to run")
	private boolean atFront;

	@Override
	Done carryOut(RqOperations operations) {
		if (this.all == !this.ids.isEmpty()) {
			throw new ParameterException(spec().commandLine(), "Name the ids of jobs, or --all");
		}
		if (this.all && this.atFront) {
			throw new ParameterException(spec().commandLine(), "'--at-front' is for single jobs");
		}
		return this.all ? requeueAll(operations) : Done.each(this.ids,
				(id) -> operations.requeue(id, this.atFront) ? OptionalLong.of(1) : OptionalLong.empty());
	}

	/** Those that fail meanwhile, perhaps again, are left to the next time. */
	private Done requeueAll(RqOperations operations) {
		JobList failed = page(operations, null);
		long left = failed.total();
		long count = requeue(failed, operations);
		while (failed.next() != null && left > failed.examined()) {
			left -= failed.examined();
			failed = page(operations, failed.next());
			count += requeue(failed, operations);
		}
		return Done.of(this.queue, count);
	}

	private long requeue(JobList failed, RqOperations operations) {
		List<String> page = failed.jobs().stream().map(JobRow::id).toList();
		return page.isEmpty() ? 0 : operations.requeueAll(this.queue, page);
	}

	private JobList page(RqOperations operations, @Nullable String cursor) {
		return operations.jobs(this.queue, Registry.FAILED, JobFilter.ALL, cursor, RqOperations.MAX_LIMIT);
	}

	@Override
	void print(Done done, PrintWriter out) {
		done.print("requeued", out);
	}

	@Override
	int exitCode(Done done) {
		return done.exitCode();
	}

}
