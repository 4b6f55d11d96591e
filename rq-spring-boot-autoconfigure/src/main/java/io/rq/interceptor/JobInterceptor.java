package io.rq.interceptor;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.rq.handler.JobContext;
import io.rq.job.Job;
import io.rq.job.JobRequest;

/**
 * Stands around the enqueueing and the running of jobs: to pass something along that
 * belongs to no argument, to prepare the thread of a run, to measure, to refuse. Beans of
 * this type are called in their order, the first outermost.
 *
 * <pre class="code">
 * &#064;Component
 * class TenantInterceptor implements JobInterceptor {
 *
 *     &#064;Override
 *     public List&lt;Job&gt; aroundEnqueue(List&lt;JobRequest&gt; requests, EnqueueInvocation invocation) {
 *         return invocation.proceed(requests, Map.of("tenant", Tenant.current()));
 *     }
 *
 *     &#064;Override
 *     public Object aroundRun(JobContext context, RunInvocation invocation) throws Exception {
 *         return Tenant.call(context.meta().get("tenant"), invocation::proceed);
 *     }
 *
 * }
 * </pre>
 */
public interface JobInterceptor {

	/**
	 * Stands around one call that enqueues, on the thread of the caller: in a transaction
	 * too, where the jobs go to Redis only after the commit. Not called for what nobody
	 * enqueues by a request: a cron job's occurrence, a retry, a job that is enqueued
	 * again.
	 * @param requests the requests, at least one, each with the name of its function and
	 * of its queue
	 * @param invocation goes on with as many requests in the same order
	 * @return what {@code proceed} returned: one job for each request
	 * @throws RuntimeException to enqueue nothing, if thrown before {@code proceed}
	 */
	default List<Job> aroundEnqueue(List<JobRequest> requests, EnqueueInvocation invocation) {
		return invocation.proceed(requests);
	}

	/**
	 * Stands around one run, on its thread and within its timeout. Put back what you
	 * change of the thread: it may run other jobs, and is the caller's where jobs run
	 * inline or in a test. Not called for a job that no handler here knows.
	 * @param context the surroundings of the run
	 * @param invocation goes on to the job's method, and waits for what it returns
	 * @return the result of the run: that of {@code proceed}, or another
	 * @throws Exception a failure of the run, as if its method had thrown it
	 */
	default @Nullable Object aroundRun(JobContext context, RunInvocation invocation) throws Exception {
		return invocation.proceed();
	}

	/**
	 * The rest of a call that enqueues.
	 */
	@FunctionalInterface
	interface EnqueueInvocation {

		/**
		 * Goes on.
		 * @param requests the requests, as many as came in and in the same order
		 * @return the jobs, one for each request
		 * @throws IllegalStateException if there are fewer or more of them
		 */
		List<Job> proceed(List<JobRequest> requests);

		/**
		 * Goes on with the same requests and more meta data in each.
		 * @param requests the requests, as they came in
		 * @param meta what is added; nothing changes if it is empty
		 * @return the jobs, one for each request
		 */
		default List<Job> proceed(List<JobRequest> requests, Map<String, ? extends @Nullable Object> meta) {
			return proceed(
					meta.isEmpty() ? requests : requests.stream().map((request) -> request.addMeta(meta)).toList());
		}

	}

	/**
	 * The rest of a run.
	 */
	@FunctionalInterface
	interface RunInvocation {

		/**
		 * Goes on.
		 * @return what the job returned
		 * @throws Exception what it threw
		 */
		@Nullable Object proceed() throws Exception;

	}

}
