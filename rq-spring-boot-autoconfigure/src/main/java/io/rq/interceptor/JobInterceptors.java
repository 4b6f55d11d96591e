package io.rq.interceptor;

import java.util.List;
import java.util.stream.StreamSupport;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

import io.rq.handler.JobContext;
import io.rq.interceptor.JobInterceptor.EnqueueInvocation;
import io.rq.interceptor.JobInterceptor.RunInvocation;
import io.rq.job.Job;
import io.rq.job.JobRequest;

/**
 * Interceptors one in another.
 */
public final class JobInterceptors {

	/** Of which there are none. */
	public static final JobInterceptors NONE = new JobInterceptors(List.of());

	private final List<JobInterceptor> interceptors;

	/**
	 * Nests interceptors.
	 * @param interceptors the interceptors, the outermost first
	 */
	public JobInterceptors(Iterable<JobInterceptor> interceptors) {
		this.interceptors = StreamSupport.stream(interceptors.spliterator(), false).toList();
	}

	/**
	 * Returns whether there are none.
	 * @return {@code true} if nothing is called around anything
	 */
	public boolean isEmpty() {
		return this.interceptors.isEmpty();
	}

	/**
	 * Calls them around a call that enqueues.
	 * @param requests the requests
	 * @param target what is in their midst
	 * @return the jobs
	 * @throws IllegalStateException if one goes on with fewer or more requests, or
	 * returns fewer or more jobs
	 */
	public List<Job> enqueue(List<JobRequest> requests, EnqueueInvocation target) {
		EnqueueInvocation invocation = target;
		for (int i = this.interceptors.size() - 1; i >= 0; i--) {
			JobInterceptor interceptor = this.interceptors.get(i);
			EnqueueInvocation inner = invocation;
			invocation = (current) -> {
				List<Job> jobs = interceptor.aroundEnqueue(current, (changed) -> {
					requireAsMany(interceptor, "goes on with", changed.size(), "requests", current.size());
					return inner.proceed(changed);
				});
				requireAsMany(interceptor, "returns", jobs.size(), "jobs", current.size());
				return jobs;
			};
		}
		return invocation.proceed(requests);
	}

	private static void requireAsMany(JobInterceptor interceptor, String does, int number, String what, int expected) {
		Assert.state(number == expected, () -> interceptor.getClass().getName() + " " + does + " " + number + " " + what
				+ " but was given " + expected + " requests: to refuse one, throw an exception");
	}

	/**
	 * Calls them around a run.
	 * @param context the surroundings of the run
	 * @param target what is in their midst
	 * @return the result of the run
	 * @throws Exception a failure of the run
	 */
	public @Nullable Object run(JobContext context, RunInvocation target) throws Exception {
		RunInvocation invocation = target;
		for (int i = this.interceptors.size() - 1; i >= 0; i--) {
			JobInterceptor interceptor = this.interceptors.get(i);
			RunInvocation inner = invocation;
			invocation = () -> interceptor.aroundRun(context, inner);
		}
		return invocation.proceed();
	}

}
