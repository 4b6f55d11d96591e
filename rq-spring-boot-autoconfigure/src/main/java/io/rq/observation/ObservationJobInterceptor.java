package io.rq.observation;

import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.core.Ordered;

import io.rq.handler.JobContext;
import io.rq.handler.QueueTags;
import io.rq.interceptor.JobInterceptor;
import io.rq.interceptor.RunMetaData;
import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.log.FailureText;
import io.rq.log.SafeLog;
import io.rq.log.Told;

/**
 * Observes calls that enqueue and runs, around all other interceptors. What a handler or
 * a convention throws is logged, once a minute for each kind of it, and fails neither.
 */
public final class ObservationJobInterceptor implements JobInterceptor, Ordered {

	private static final JobEnqueueObservationConvention ENQUEUE = new DefaultJobEnqueueObservationConvention();

	private static final JobRunObservationConvention RUN = new DefaultJobRunObservationConvention();

	private static final SafeLog log = SafeLog.of(ObservationJobInterceptor.class);

	private final Told failures = new Told();

	private final ObservationRegistry registry;

	private final @Nullable JobEnqueueObservationConvention enqueueConvention;

	private final @Nullable JobRunObservationConvention runConvention;

	private final QueueTags queueTags;

	/**
	 * Creates the interceptor.
	 * @param registry has the handlers of observations
	 * @param enqueueConvention names calls that enqueue, or {@code null} for the default
	 * @param runConvention names runs, or {@code null} for the default
	 * @param queueTags the queues known here
	 */
	public ObservationJobInterceptor(ObservationRegistry registry,
			@Nullable JobEnqueueObservationConvention enqueueConvention,
			@Nullable JobRunObservationConvention runConvention, QueueTags queueTags) {
		this.registry = registry;
		this.enqueueConvention = enqueueConvention;
		this.runConvention = runConvention;
		this.queueTags = queueTags;
	}

	@Override
	public int getOrder() {
		return HIGHEST_PRECEDENCE;
	}

	@Override
	public List<Job> aroundEnqueue(List<JobRequest> requests, EnqueueInvocation invocation) {
		JobEnqueueObservationContext context = new JobEnqueueObservationContext(requests);
		return Objects.requireNonNull(observe(
				() -> JobObservation.ENQUEUE.observation(this.enqueueConvention, ENQUEUE, () -> context, this.registry),
				() -> {
					List<Job> jobs = invocation.proceed(requests, Objects.requireNonNull(context.getCarrier()));
					context.setJobs(jobs);
					return jobs;
				}));
	}

	@Override
	public @Nullable Object aroundRun(JobContext job, RunInvocation invocation) throws Exception {
		JobRunObservationContext context = new JobRunObservationContext(job, RunMetaData.of(job),
				this.queueTags.of(job.job().queue()));
		return observe(() -> JobObservation.RUN.observation(this.runConvention, RUN, () -> context, this.registry),
				invocation::proceed);
	}

	private <T, E extends Exception> @Nullable T observe(Supplier<Observation> observed, Work<T, E> work) throws E {
		Observation.Scope before = this.registry.getCurrentObservationScope();
		Observation observation = attempt(observed, Observation.NOOP);
		Observation.Scope scope = attempt(() -> observation.start().openScope(), Observation.Scope.NOOP);
		try {
			return work.proceed();
		}
		catch (Throwable ex) {
			attempt(() -> observation.error(ex), observation);
			throw ex;
		}
		finally {
			attempt(scope::close);
			// it stays open if a handler has thrown
			this.registry.setCurrentObservationScope(before);
			attempt(observation::stop);
		}
	}

	private void attempt(Runnable step) {
		attempt(() -> {
			step.run();
			return true;
		}, false);
	}

	/** Jobs are not there to be observed: they go on without. */
	private <T> T attempt(Supplier<T> step, T otherwise) {
		try {
			return step.get();
		}
		catch (Throwable ex) {
			if (this.failures.isNews(ex.getClass().getName())) {
				log.warn("An observation failed, and what was observed goes on", FailureText.printable(ex));
			}
			else {
				log.debug("An observation failed again", FailureText.printable(ex));
			}
			return otherwise;
		}
	}

	/**
	 * What is observed.
	 *
	 * @param <T> the type of what it returns
	 * @param <E> the type of what it throws
	 */
	@FunctionalInterface
	private interface Work<T, E extends Exception> {

		@Nullable T proceed() throws E;

	}

}
