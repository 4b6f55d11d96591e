package io.rq.test;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

import io.rq.handler.RunOutcome;
import io.rq.job.JobMethod;
import io.rq.serializer.JobSerializer;
import io.rq.template.JobTemplate;

/**
 * Assertions on the jobs of a test. Got from AssertJ's {@code assertThat} of
 * {@link RqTestOperations}.
 */
public class RqTestOperationsAssert extends AbstractAssert<RqTestOperationsAssert, RqTestOperations> {

	private static final Set<RunOutcome> ENDED_WELL = EnumSet.of(RunOutcome.FINISHED, RunOutcome.RETRIED);

	private final JobTemplate jobs;

	private final JobSerializer serializer;

	/**
	 * Creates the assertions.
	 * @param actual the jobs of the test
	 * @param jobs knows the functions and their parameters
	 * @param serializer writes expected arguments as it wrote those of the jobs
	 */
	public RqTestOperationsAssert(RqTestOperations actual, JobTemplate jobs, JobSerializer serializer) {
		super(actual, RqTestOperationsAssert.class);
		this.jobs = jobs;
		this.serializer = serializer;
	}

	/**
	 * Verifies that a function was enqueued, and goes on with these jobs.
	 * @param function the function's name
	 * @return assertions on the jobs of that function
	 */
	public EnqueuedJobsAssert hasEnqueued(String function) {
		EnqueuedJobsAssert found = new EnqueuedJobsAssert(enqueued(function), function, this.actual.enqueued(),
				this.jobs, this.serializer);
		return found.requireSome("");
	}

	/**
	 * Verifies that calls of a method were enqueued, and goes on with these jobs.
	 * @param method the method
	 * @param <T> the bean's type
	 * @return assertions on the jobs of that method
	 */
	public <T> EnqueuedJobsAssert hasEnqueued(JobMethod.Of0<T> method) {
		return hasEnqueuedMethod(method);
	}

	/**
	 * Verifies that calls of a method were enqueued, and goes on with these jobs.
	 * @param method the method
	 * @param <T> the bean's type
	 * @param <A> the first argument's type
	 * @return assertions on the jobs of that method
	 */
	public <T, A extends @Nullable Object> EnqueuedJobsAssert hasEnqueued(JobMethod.Of1<T, A> method) {
		return hasEnqueuedMethod(method);
	}

	/**
	 * Verifies that calls of a method were enqueued, and goes on with these jobs.
	 * @param method the method
	 * @param <T> the bean's type
	 * @param <A> the first argument's type
	 * @param <B> the second argument's type
	 * @return assertions on the jobs of that method
	 */
	public <T, A extends @Nullable Object, B extends @Nullable Object> EnqueuedJobsAssert hasEnqueued(
			JobMethod.Of2<T, A, B> method) {
		return hasEnqueuedMethod(method);
	}

	/**
	 * Verifies that calls of a method were enqueued, and goes on with these jobs.
	 * @param method the method
	 * @param <T> the bean's type
	 * @param <A> the first argument's type
	 * @param <B> the second argument's type
	 * @param <C> the third argument's type
	 * @return assertions on the jobs of that method
	 */
	public <T, A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object> EnqueuedJobsAssert hasEnqueued(
			JobMethod.Of3<T, A, B, C> method) {
		return hasEnqueuedMethod(method);
	}

	/**
	 * Verifies that calls of a method were enqueued, and goes on with these jobs.
	 * @param method the method
	 * @param <T> the bean's type
	 * @param <A> the first argument's type
	 * @param <B> the second argument's type
	 * @param <C> the third argument's type
	 * @param <D> the fourth argument's type
	 * @return assertions on the jobs of that method
	 */
	public <T, A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object, D extends @Nullable Object> EnqueuedJobsAssert hasEnqueued(
			JobMethod.Of4<T, A, B, C, D> method) {
		return hasEnqueuedMethod(method);
	}

	/**
	 * Verifies that calls of a method were enqueued, and goes on with these jobs.
	 * @param method the method
	 * @param <T> the bean's type
	 * @param <A> the first argument's type
	 * @param <B> the second argument's type
	 * @param <C> the third argument's type
	 * @param <D> the fourth argument's type
	 * @param <E> the fifth argument's type
	 * @return assertions on the jobs of that method
	 */
	public <T, A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object, D extends @Nullable Object, E extends @Nullable Object> EnqueuedJobsAssert hasEnqueued(
			JobMethod.Of5<T, A, B, C, D, E> method) {
		return hasEnqueuedMethod(method);
	}

	/**
	 * Verifies that calls of a method were enqueued, and goes on with these jobs.
	 * @param method the method
	 * @param <T> the bean's type
	 * @param <A> the first argument's type
	 * @param <B> the second argument's type
	 * @param <C> the third argument's type
	 * @param <D> the fourth argument's type
	 * @param <E> the fifth argument's type
	 * @param <F> the sixth argument's type
	 * @return assertions on the jobs of that method
	 */
	public <T, A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object, D extends @Nullable Object, E extends @Nullable Object, F extends @Nullable Object> EnqueuedJobsAssert hasEnqueued(
			JobMethod.Of6<T, A, B, C, D, E, F> method) {
		return hasEnqueuedMethod(method);
	}

	/**
	 * Verifies that a function was not enqueued, whatever else was.
	 * @param function the function's name
	 * @return this
	 */
	public RqTestOperationsAssert hasNotEnqueued(String function) {
		List<EnqueuedJob> found = enqueued(function);
		if (!found.isEmpty()) {
			failWithMessage("Expected no job of %s to be enqueued, but there %s", function, describe(found));
		}
		return this;
	}

	/**
	 * Verifies that no call of a method was enqueued, whatever else was.
	 * @param method the method
	 * @param <T> the bean's type
	 * @return this
	 */
	public <T> RqTestOperationsAssert hasNotEnqueued(JobMethod.Of0<T> method) {
		return hasNotEnqueued(this.jobs.functionName(method));
	}

	/**
	 * Verifies that no call of a method was enqueued, whatever else was.
	 * @param method the method
	 * @param <T> the bean's type
	 * @param <A> the first argument's type
	 * @return this
	 */
	public <T, A extends @Nullable Object> RqTestOperationsAssert hasNotEnqueued(JobMethod.Of1<T, A> method) {
		return hasNotEnqueued(this.jobs.functionName(method));
	}

	/**
	 * Verifies that no call of a method was enqueued, whatever else was.
	 * @param method the method
	 * @param <T> the bean's type
	 * @param <A> the first argument's type
	 * @param <B> the second argument's type
	 * @return this
	 */
	public <T, A extends @Nullable Object, B extends @Nullable Object> RqTestOperationsAssert hasNotEnqueued(
			JobMethod.Of2<T, A, B> method) {
		return hasNotEnqueued(this.jobs.functionName(method));
	}

	/**
	 * Verifies that no call of a method was enqueued, whatever else was.
	 * @param method the method
	 * @param <T> the bean's type
	 * @param <A> the first argument's type
	 * @param <B> the second argument's type
	 * @param <C> the third argument's type
	 * @return this
	 */
	public <T, A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object> RqTestOperationsAssert hasNotEnqueued(
			JobMethod.Of3<T, A, B, C> method) {
		return hasNotEnqueued(this.jobs.functionName(method));
	}

	/**
	 * Verifies that no call of a method was enqueued, whatever else was.
	 * @param method the method
	 * @param <T> the bean's type
	 * @param <A> the first argument's type
	 * @param <B> the second argument's type
	 * @param <C> the third argument's type
	 * @param <D> the fourth argument's type
	 * @return this
	 */
	public <T, A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object, D extends @Nullable Object> RqTestOperationsAssert hasNotEnqueued(
			JobMethod.Of4<T, A, B, C, D> method) {
		return hasNotEnqueued(this.jobs.functionName(method));
	}

	/**
	 * Verifies that no call of a method was enqueued, whatever else was.
	 * @param method the method
	 * @param <T> the bean's type
	 * @param <A> the first argument's type
	 * @param <B> the second argument's type
	 * @param <C> the third argument's type
	 * @param <D> the fourth argument's type
	 * @param <E> the fifth argument's type
	 * @return this
	 */
	public <T, A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object, D extends @Nullable Object, E extends @Nullable Object> RqTestOperationsAssert hasNotEnqueued(
			JobMethod.Of5<T, A, B, C, D, E> method) {
		return hasNotEnqueued(this.jobs.functionName(method));
	}

	/**
	 * Verifies that no call of a method was enqueued, whatever else was.
	 * @param method the method
	 * @param <T> the bean's type
	 * @param <A> the first argument's type
	 * @param <B> the second argument's type
	 * @param <C> the third argument's type
	 * @param <D> the fourth argument's type
	 * @param <E> the fifth argument's type
	 * @param <F> the sixth argument's type
	 * @return this
	 */
	public <T, A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object, D extends @Nullable Object, E extends @Nullable Object, F extends @Nullable Object> RqTestOperationsAssert hasNotEnqueued(
			JobMethod.Of6<T, A, B, C, D, E, F> method) {
		return hasNotEnqueued(this.jobs.functionName(method));
	}

	/**
	 * Verifies that nothing was enqueued.
	 * @return this
	 */
	public RqTestOperationsAssert hasEnqueuedNothing() {
		List<EnqueuedJob> all = this.actual.enqueued();
		if (!all.isEmpty()) {
			failWithMessage("Expected no job to be enqueued, but there %s", describe(all));
		}
		return this;
	}

	/**
	 * Verifies how many jobs were enqueued, of whatever function.
	 * @param expected how many
	 * @return this
	 */
	public RqTestOperationsAssert hasEnqueuedCount(int expected) {
		List<EnqueuedJob> all = this.actual.enqueued();
		if (all.size() != expected) {
			failWithMessage("Expected %s jobs to be enqueued, but there are %s: %s", expected, all.size(),
					EnqueuedJobsAssert.list(all));
		}
		return this;
	}

	/**
	 * Verifies that no run of a job has failed, not even one that was tried again. One
	 * that has returned a {@code Retry} has not.
	 * @return this
	 */
	public RqTestOperationsAssert hasNoFailures() {
		List<RunReport> failed = this.actual.runs()
			.stream()
			.filter((run) -> run.failure() != null || !ENDED_WELL.contains(run.outcome()))
			.toList();
		if (!failed.isEmpty()) {
			failWithMessage("Expected no run to fail, but:%s",
					failed.stream()
						.map((run) -> "%n  attempt %d of %s (job %s): %s, %s".formatted(run.attempt(), run.function(),
								run.jobId(), run.outcome(), run.failure()))
						.collect(Collectors.joining()));
		}
		return this;
	}

	private List<EnqueuedJob> enqueued(String function) {
		return this.actual.enqueued().stream().filter((job) -> job.function().equals(function)).toList();
	}

	private static String describe(List<EnqueuedJob> jobs) {
		return (jobs.size() == 1) ? "is " + jobs.get(0) : "are " + EnqueuedJobsAssert.list(jobs);
	}

	private EnqueuedJobsAssert hasEnqueuedMethod(JobMethod method) {
		return hasEnqueued(this.jobs.functionName(method));
	}

}
