package io.rq.test;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

import io.rq.job.InvalidJobException;
import io.rq.job.JobRequest;
import io.rq.serializer.JobSerializer;
import io.rq.serializer.SerializedCall;
import io.rq.template.JobTemplate;

/**
 * Assertions on enqueued jobs of one function. Each leaves those of the jobs that match,
 * and fails if none does.
 */
public class EnqueuedJobsAssert extends AbstractAssert<EnqueuedJobsAssert, List<EnqueuedJob>> {

	private final String function;

	private final List<EnqueuedJob> all;

	private final JobTemplate jobs;

	private final JobSerializer serializer;

	EnqueuedJobsAssert(List<EnqueuedJob> matching, String function, List<EnqueuedJob> all, JobTemplate jobs,
			JobSerializer serializer) {
		super(matching, EnqueuedJobsAssert.class);
		this.function = function;
		this.all = all;
		this.jobs = jobs;
		this.serializer = serializer;
	}

	/**
	 * Leaves the jobs with exactly these arguments by position. They are serialized as
	 * those of the jobs were and compared then, so that {@code 42} and {@code 42L}, or
	 * records that have the same content, are equal.
	 * @param args the arguments, without those that the worker supplies
	 * @return assertions on the jobs that are left
	 * @throws IllegalArgumentException if the function does not take such arguments
	 */
	public EnqueuedJobsAssert withArguments(@Nullable Object... args) {
		return leave((job) -> {
			SerializedCall call = call(args, job.kwargs(), job.kwargs().isEmpty());
			return call != null && job.args().equals(call.args());
		}, "with the arguments " + Arrays.toString(args));
	}

	/**
	 * Leaves the jobs with exactly these arguments by name.
	 * @param kwargs the arguments
	 * @return assertions on the jobs that are left
	 * @throws IllegalArgumentException if the function does not take such arguments
	 */
	public EnqueuedJobsAssert withNamedArguments(Map<String, ? extends @Nullable Object> kwargs) {
		return leave((job) -> {
			SerializedCall call = call(job.args().toArray(), kwargs, job.args().isEmpty());
			return call != null && job.kwargs().equals(call.kwargs());
		}, "with the arguments " + kwargs);
	}

	/** Returns {@code null} if they do not go with arguments that the job has besides. */
	private @Nullable SerializedCall call(@Nullable Object[] args, Map<String, ? extends @Nullable Object> kwargs,
			boolean alone) {
		JobRequest request = JobRequest.of(this.function, args).kwargs(kwargs);
		try {
			return this.serializer.readCall(this.jobs.prepare(request).job().payload().data());
		}
		catch (IllegalArgumentException ex) {
			if (!alone) {
				return null;
			}
			Throwable reason = (ex.getCause() instanceof InvalidJobException invalid) ? invalid : ex;
			throw new IllegalArgumentException(
					"No job of " + this.function + " can have these arguments: " + reason.getMessage(), ex);
		}
	}

	/**
	 * Leaves the jobs on a queue, on whatever partition if it is divided.
	 * @param queue the name of the queue, or of one of its partitions
	 * @return assertions on the jobs that are left
	 */
	public EnqueuedJobsAssert onQueue(String queue) {
		return leave((job) -> isOn(job, queue), "on queue '" + queue + "'");
	}

	private boolean isOn(EnqueuedJob job, String queue) {
		String actual = job.job().queue();
		return actual.equals(queue) || this.jobs.partitions().whole(actual).equals(queue);
	}

	/**
	 * Leaves the job of an id.
	 * @param id the id
	 * @return assertions on the jobs that are left
	 */
	public EnqueuedJobsAssert withId(String id) {
		return leave((job) -> job.job().id().equals(id), "with id '" + id + "'");
	}

	/**
	 * Leaves the jobs that are due after a delay.
	 * @param delay the delay as it was given
	 * @return assertions on the jobs that are left
	 */
	public EnqueuedJobsAssert after(Duration delay) {
		return leave((job) -> Objects.equals(job.delay(), delay), "after " + delay);
	}

	/**
	 * Leaves the jobs that are due at a moment.
	 * @param time the moment as it was given
	 * @return assertions on the jobs that are left
	 */
	public EnqueuedJobsAssert at(Instant time) {
		return leave((job) -> Objects.equals(job.time(), time), "at " + time);
	}

	/**
	 * Leaves the jobs that are due at once.
	 * @return assertions on the jobs that are left
	 */
	public EnqueuedJobsAssert atOnce() {
		return leave((job) -> job.due() == null, "at once");
	}

	/**
	 * Leaves the jobs that go to the front of their queue.
	 * @return assertions on the jobs that are left
	 */
	public EnqueuedJobsAssert atFront() {
		return leave(EnqueuedJob::atFront, "at the front");
	}

	/**
	 * Leaves the jobs that are tried again after exceptions, as often and with such
	 * waits.
	 * @param seconds the wait before each retry in seconds; none if the jobs are not to
	 * be retried
	 * @return assertions on the jobs that are left
	 */
	public EnqueuedJobsAssert retriedAfter(int... seconds) {
		List<Integer> waits = Arrays.stream(seconds).boxed().toList();
		return leave((job) -> job.retryWaits().equals(waits), "retried after " + waits + " s");
	}

	/**
	 * Leaves the jobs that satisfy a condition.
	 * @param condition the condition
	 * @param description what it says, for the message of a failure
	 * @return assertions on the jobs that are left
	 */
	public EnqueuedJobsAssert matching(Predicate<EnqueuedJob> condition, String description) {
		return leave(condition, description);
	}

	/**
	 * Verifies how many jobs are left.
	 * @param expected how many, at least one
	 * @return this
	 */
	public EnqueuedJobsAssert times(int expected) {
		Assert.isTrue(expected > 0, () -> "'expected' must be at least 1 but is " + expected
				+ ": that a function was not enqueued is verified by hasNotEnqueued(...)");
		if (this.actual.size() != expected) {
			failWithMessage("Expected %s jobs of %s, but there are %s: %s", expected, this.function, this.actual.size(),
					list(this.actual));
		}
		return this;
	}

	private EnqueuedJobsAssert leave(Predicate<EnqueuedJob> condition, String description) {
		EnqueuedJobsAssert left = new EnqueuedJobsAssert(this.actual.stream().filter(condition).toList(), this.function,
				this.actual, this.jobs, this.serializer);
		return left.as(descriptionText()).requireSome(" " + description);
	}

	EnqueuedJobsAssert requireSome(String description) {
		if (this.actual.isEmpty()) {
			failWithMessage("Expected a job of %s%s, but %s", this.function, description,
					this.all.isEmpty() ? "nothing was enqueued" : "there are only: " + list(this.all));
		}
		return this;
	}

	static String list(List<EnqueuedJob> jobs) {
		return jobs.stream().map((job) -> "%n  ".formatted() + job).collect(Collectors.joining());
	}

}
