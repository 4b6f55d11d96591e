package io.rq.test.run;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

import io.rq.cron.CronJobs;
import io.rq.job.Job;
import io.rq.redis.JobStore;
import io.rq.serializer.JobSerializer;
import io.rq.template.JobTemplate;
import io.rq.test.EnqueuedJob;
import io.rq.test.RqTestOperations;
import io.rq.test.RqTestOperationsAssert;
import io.rq.test.RunReport;
import io.rq.worker.InlineRuns;

/**
 * Runs the jobs of a test on the thread of the test.
 */
public final class RqTestTemplate implements RqTestOperations {

	private static final int MOST_RUNS = 10_000;

	private final JobTemplate template;

	private final JobStore store;

	private final JobSerializer serializer;

	private final Backlog backlog;

	private final Logs logs;

	private final InlineRuns runs;

	private final Predicate<Job> own;

	private final @Nullable CronJobs cronJobs;

	/**
	 * Creates it.
	 * @param template enqueues the jobs of the application
	 * @param serializer reads their calls
	 * @param jobs has them
	 * @param logs what has happened
	 * @param runs runs them
	 * @param own which jobs it runs; the others stay where they are
	 * @param cronJobs the cron jobs, or {@code null} if there are none
	 */
	public RqTestTemplate(JobTemplate template, JobSerializer serializer, TestJobs jobs, Logs logs, InlineRuns runs,
			Predicate<Job> own, @Nullable CronJobs cronJobs) {
		this.template = template;
		this.store = jobs.store();
		this.serializer = serializer;
		this.backlog = jobs.backlog();
		this.logs = logs;
		this.runs = runs;
		this.own = own;
		this.cronJobs = cronJobs;
	}

	@Override
	public RqTestOperationsAssert assertThat() {
		return new RqTestOperationsAssert(this, this.template, this.serializer);
	}

	@Override
	public List<EnqueuedJob> enqueued() {
		return Stream.concat(this.logs.enqueued().all().stream(), this.template.pending().stream())
			.map((job) -> new EnqueuedJob(job, this.serializer.readCall(job.job().payload().data())))
			.toList();
	}

	@Override
	public List<RunReport> runs() {
		return this.logs.runs().from(0);
	}

	@Override
	public List<RunReport> runDue() {
		int before = this.logs.runs().size();
		runDue(before);
		return this.logs.runs().from(before);
	}

	@Override
	public List<RunReport> runAll() {
		int before = this.logs.runs().size();
		runDue(before);
		for (Instant due = this.backlog.nextDue(); due != null; due = this.backlog.nextDue()) {
			Duration wait = Duration.between(this.backlog.now(), due);
			this.backlog.advance(wait.isNegative() ? Duration.ZERO : wait);
			runDue(before);
		}
		return this.logs.runs().from(before);
	}

	private void runDue(int before) {
		this.backlog.promote();
		for (Job job = this.backlog.next(this.own); job != null; job = this.backlog.next(this.own)) {
			requireEnd(job, this.logs.runs().size() - before);
			int runs = this.logs.runs().size();
			this.runs.runQueued(this.store, List.of(job), this.own);
			Job waiting = job;
			Assert.state(this.logs.runs().size() > runs, () -> "Job '" + waiting.id() + "' on queue '" + waiting.queue()
					+ "' does not run: resume the workers if they are suspended, else see the log");
			this.backlog.promote();
		}
	}

	private static void requireEnd(Job job, int runs) {
		Assert.state(runs < MOST_RUNS, () -> "After " + runs + " runs jobs still wait, such as '" + job.id() + "' ("
				+ job.description() + "): it seems that they enqueue each other or repeat for ever");
	}

	@Override
	public void advance(Duration duration) {
		Assert.isTrue(!duration.isNegative(), () -> "'duration' must not be negative but is " + duration);
		Instant before = this.backlog.now();
		this.backlog.advance(duration);
		if (this.cronJobs != null) {
			this.store.enqueue(
					this.cronJobs.between(before, before.plus(duration)).stream().map(CronJobs.Fired::job).toList());
		}
	}

	@Override
	public Instant now() {
		return this.backlog.now();
	}

	@Override
	public void reset() {
		this.backlog.clear();
		this.logs.clear();
	}

	/**
	 * What has happened in a test.
	 *
	 * @param enqueued which jobs were enqueued
	 * @param runs which runs have ended
	 */
	public record Logs(EnqueuedLog enqueued, RunLog runs) {

		private void clear() {
			this.enqueued.clear();
			this.runs.clear();
		}

	}

}
