package io.rq.worker;

import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

import io.rq.handler.JobContext;
import io.rq.job.Job;
import io.rq.redis.JobStore;
import io.rq.serializer.JobSerializer;

/**
 * The surroundings of one run.
 */
final class RunContext implements JobContext {

	private final ActiveRun run;

	private final String function;

	private final JobStore jobs;

	private final JobSerializer serializer;

	private @Nullable RunMeta meta;

	RunContext(ActiveRun run, String function, JobStore jobs, JobSerializer serializer) {
		this.run = run;
		this.function = function;
		this.jobs = jobs;
		this.serializer = serializer;
	}

	@Override
	public Job job() {
		return this.run.job();
	}

	@Override
	public String function() {
		return this.function;
	}

	@Override
	public String executionId() {
		return this.run.execution().id();
	}

	@Override
	public int attempt() {
		return this.run.attempt();
	}

	@Override
	public Map<String, @Nullable Object> meta() {
		return runMeta().values();
	}

	private RunMeta runMeta() {
		RunMeta current = this.meta;
		if (current == null) {
			current = new RunMeta(job(), this.serializer);
			this.meta = current;
		}
		return current;
	}

	@Override
	public void saveMeta() {
		runMeta().save(this.jobs);
	}

	@Override
	public void progress(double fraction) {
		note(fraction);
		saveMeta();
	}

	@Override
	public void progress(double fraction, String text) {
		note(fraction);
		meta().put("progress_text", text);
		saveMeta();
	}

	private void note(double fraction) {
		Assert.isTrue(fraction >= 0 && fraction <= 1, () -> "'fraction' must be from 0 to 1 but is " + fraction);
		meta().put("progress", fraction);
	}

	@Override
	public boolean isCancelled() {
		return this.run.isCancelled() || Thread.currentThread().isInterrupted();
	}

}
