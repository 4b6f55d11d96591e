package io.rq.metrics;

import java.time.Duration;
import java.util.Collection;
import java.util.Locale;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;

import io.rq.handler.JobHandlerRegistry;
import io.rq.handler.JobListener;
import io.rq.handler.QueueTags;
import io.rq.handler.RunInfo;
import io.rq.handler.RunOutcome;
import io.rq.job.Job;
import io.rq.job.Partitions;
import io.rq.queue.ReclaimedJob;
import io.rq.queue.Registry;
import io.rq.scheduler.PromotedJobs;
import io.rq.scheduler.SchedulerListener;

/**
 * Meters of what happens to jobs:
 * <ul>
 * <li>{@code rq.job.execution}, timer: runs, by {@code queue}, {@code job} and
 * {@code outcome} ({@code finished}, {@code failed}, {@code stopped}, {@code retried},
 * {@code released}, {@code lost})</li>
 * <li>{@code rq.job.wait}, timer: how long jobs waited on their {@code queue}</li>
 * <li>{@code rq.job.retries}, counter: runs that will be repeated, by {@code queue} and
 * {@code job}</li>
 * <li>{@code rq.job.failed}, counter: jobs that failed for good, by {@code queue} and
 * {@code job}</li>
 * <li>{@code rq.job.stopped}, counter: jobs that were stopped by a command, by
 * {@code queue} and {@code job}</li>
 * <li>{@code rq.job.reclaimed}, counter: jobs taken from workers that are gone, by
 * {@code queue} and {@code outcome} ({@code retried}, {@code requeued}, {@code failed},
 * {@code dropped})</li>
 * <li>{@code rq.job.dropped}, counter: ended jobs that were dropped because there were
 * more than are kept, by {@code queue} and {@code state} ({@code finished},
 * {@code failed}, {@code canceled})</li>
 * <li>{@code rq.job.not.enqueued}, counter: jobs that could not be enqueued after the
 * commit of their transaction, by {@code queue}</li>
 * <li>{@code rq.worker.interrupted}, counter: parts of workers here that hung for longer
 * than a lease and were interrupted, by {@code part} ({@code fetch}, {@code wait},
 * {@code finish}, {@code beat}, {@code maintain}, {@code time}, {@code commands})</li>
 * <li>{@code rq.lease.lost}, counter: runs whose outcome did not count, by
 * {@code queue}</li>
 * <li>{@code rq.scheduler.lateness}, timer: how late due jobs were moved to their
 * {@code queue}, the latest of each move</li>
 * </ul>
 * The {@code job} is the function's name, or {@code unknown} if no handler here has it,
 * and so is the {@code queue} if nothing here has to do with it: producers cannot create
 * meters.
 */
public class JobMetrics implements JobListener, SchedulerListener {

	private static final String UNKNOWN = "unknown";

	private static final String QUEUE = "queue";

	private static final String JOB = "job";

	private static final String OUTCOME = "outcome";

	private final MeterRegistry registry;

	private final JobHandlerRegistry handlers;

	private final QueueTags queueTags;

	private final Partitions partitions;

	/**
	 * Creates the listener.
	 * @param registry where the meters are kept
	 * @param handlers the functions known here
	 * @param queueTags the queues known here
	 * @param partitions the queues that are divided
	 */
	public JobMetrics(MeterRegistry registry, JobHandlerRegistry handlers, QueueTags queueTags, Partitions partitions) {
		this.registry = registry;
		this.handlers = handlers;
		this.queueTags = queueTags;
		this.partitions = partitions;
	}

	@Override
	public void started(RunInfo run, @Nullable Duration waited) {
		if (waited != null) {
			Timer.builder("rq.job.wait")
				.description("Time that jobs waited on their queue")
				.tag(QUEUE, queue(run.job().queue()))
				.register(this.registry)
				.record(waited);
		}
	}

	@Override
	public void ended(RunInfo run, RunOutcome outcome, Duration took, @Nullable Throwable failure) {
		String queue = queue(run.job().queue());
		String job = name(run.function());
		Timer.builder("rq.job.execution")
			.description("Runs of jobs")
			.tags(QUEUE, queue, JOB, job, OUTCOME, value(outcome))
			.register(this.registry)
			.record(took);
		if (outcome == RunOutcome.RETRIED) {
			count("rq.job.retries", "Runs that will be repeated", QUEUE, queue, JOB, job);
		}
		else if (outcome == RunOutcome.FAILED) {
			countFailed(queue, job);
		}
		else if (outcome == RunOutcome.STOPPED) {
			count("rq.job.stopped", "Jobs that were stopped by a command", QUEUE, queue, JOB, job);
		}
	}

	/**
	 * Counts jobs that could not be enqueued after the commit of their transaction.
	 * @param jobs the jobs
	 */
	public void notEnqueued(Collection<Job> jobs) {
		jobs.forEach((job) -> count("rq.job.not.enqueued", "Jobs that could not be enqueued after a commit", QUEUE,
				queue(job.queue())));
	}

	/** Those of partitions count for the queue that is divided. */
	private String queue(String queue) {
		return this.partitions.whole(this.queueTags.of(queue));
	}

	private String name(String function) {
		return (this.handlers.find(function) != null) ? function : UNKNOWN;
	}

	@Override
	public void leaseLost(String queue, String jobId) {
		count("rq.lease.lost", "Runs whose lease was lost, so that their outcome did not count", QUEUE, queue(queue));
	}

	@Override
	public void reclaimed(ReclaimedJob reclaimed) {
		count("rq.job.reclaimed", "Jobs taken from workers that are gone", QUEUE, queue(reclaimed.queue()), OUTCOME,
				value(reclaimed.outcome()));
		if (reclaimed.outcome() == ReclaimedJob.Outcome.FAILED) {
			countFailed(queue(reclaimed.queue()), UNKNOWN);
		}
	}

	@Override
	public void dropped(String queue, Registry registry, long jobs) {
		counter("rq.job.dropped", "Ended jobs that were dropped because there were more than are kept", QUEUE,
				queue(queue), "state", registry.value())
			.increment(jobs);
	}

	@Override
	public void interrupted(String part) {
		counter("rq.worker.interrupted", "Parts of workers here that hung and were interrupted", "part", part)
			.increment();
	}

	@Override
	public void promoted(String queue, PromotedJobs jobs) {
		Timer.builder("rq.scheduler.lateness")
			.description("How late due jobs were moved to their queue")
			.tag(QUEUE, queue(queue))
			.register(this.registry)
			.record(jobs.oldestLateness());
	}

	private void countFailed(String queue, String job) {
		count("rq.job.failed", "Jobs that failed for good", QUEUE, queue, JOB, job);
	}

	private void count(String name, String description, String... tags) {
		counter(name, description, tags).increment();
	}

	private Counter counter(String name, String description, String... tags) {
		return Counter.builder(name).description(description).tags(tags).register(this.registry);
	}

	private static String value(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT);
	}

}
