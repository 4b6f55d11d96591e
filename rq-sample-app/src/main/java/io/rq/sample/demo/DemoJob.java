package io.rq.sample.demo;

import java.util.List;
import java.util.function.Function;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.rq.job.Job;
import io.rq.job.JobResult;
import io.rq.job.Retry;
import io.rq.template.JobTemplate;

/**
 * One job of the demonstration. It is followed in Redis, as any process could do it.
 *
 * @param <T> the type of its result
 */
final class DemoJob<T> {

	private static final Logger logger = LoggerFactory.getLogger(Demonstration.class);

	private final String name;

	private final Job job;

	private final Class<T> type;

	private final Function<T, String> words;

	private int attempts;

	private JobResult.Type last = JobResult.Type.RETRIED;

	/**
	 * Begins to follow a job.
	 * @param name its name for people
	 * @param job the job as it was enqueued
	 * @param type the type of its result
	 * @param words puts the result in words
	 */
	DemoJob(String name, Job job, Class<T> type, Function<T, String> words) {
		this.name = name;
		this.job = job;
		this.type = type;
		this.words = words;
		say(job.status().value() + " on '" + job.queue() + "' as " + job.id());
	}

	void follow(JobTemplate jobs) {
		List<JobResult> newestFirst = jobs.results(this.job.id());
		for (int i = newestFirst.size() - this.attempts - 1; i >= 0; i--) {
			this.attempts++;
			this.last = newestFirst.get(i).type();
			say(inWords(newestFirst.get(i), jobs));
		}
	}

	boolean isOver() {
		return this.last != JobResult.Type.RETRIED;
	}

	boolean isFinished() {
		return this.last == JobResult.Type.SUCCESSFUL;
	}

	boolean isRetried() {
		return this.attempts > 1;
	}

	private String inWords(JobResult outcome, JobTemplate jobs) {
		if (outcome.type() == JobResult.Type.SUCCESSFUL) {
			String result = jobs.result(this.job.id(), this.type).map(this.words).orElse("no result");
			return "finished at attempt " + this.attempts + ": " + result;
		}
		String next = isOver() ? "no retry left" : retry();
		return "attempt " + this.attempts + " failed, " + next + " (" + error(outcome) + ")";
	}

	private static String error(JobResult outcome) {
		String trace = (outcome.exception() != null) ? outcome.exception() : "";
		String error = trace.lines().findFirst().orElse("no error recorded");
		return error.substring(error.indexOf(": ") + 1).strip();
	}

	private String retry() {
		Retry retry = this.job.options().retry();
		int wait = (retry != null && this.attempts <= retry.retries()) ? retry.waitSeconds(this.attempts - 1) : 0;
		return (wait > 0) ? "retry in " + wait + " s" : "retry at once";
	}

	private void say(String what) {
		logger.info("%-23s %s".formatted(this.name, what));
	}

}
