package io.rq.observation;

import java.util.List;
import java.util.Objects;

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

/**
 * Observes calls that enqueue and runs, around all other interceptors.
 */
public final class ObservationJobInterceptor implements JobInterceptor, Ordered {

	private static final JobEnqueueObservationConvention ENQUEUE = new DefaultJobEnqueueObservationConvention();

	private static final JobRunObservationConvention RUN = new DefaultJobRunObservationConvention();

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
		Observation observation = JobObservation.ENQUEUE.observation(this.enqueueConvention, ENQUEUE, () -> context,
				this.registry);
		return Objects.requireNonNull(observation.observe(() -> {
			List<Job> jobs = invocation.proceed(requests, Objects.requireNonNull(context.getCarrier()));
			context.setJobs(jobs);
			return jobs;
		}));
	}

	@Override
	public @Nullable Object aroundRun(JobContext job, RunInvocation invocation) throws Exception {
		JobRunObservationContext context = new JobRunObservationContext(job, RunMetaData.of(job),
				this.queueTags.of(job.job().queue()));
		Observation observation = JobObservation.RUN.observation(this.runConvention, RUN, () -> context, this.registry);
		Observation.Scope scope = observation.start().openScope();
		try {
			return invocation.proceed();
		}
		catch (Throwable ex) {
			observation.error(ex);
			throw ex;
		}
		finally {
			scope.close();
			observation.stop();
		}
	}

}
