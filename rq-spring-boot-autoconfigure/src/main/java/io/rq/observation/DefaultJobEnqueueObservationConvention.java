package io.rq.observation;

import java.util.List;
import java.util.Objects;
import java.util.function.Function;

import io.micrometer.common.KeyValues;

import io.rq.job.JobRequest;
import io.rq.observation.JobObservation.EnqueueKey;
import io.rq.observation.JobObservation.Key;

/**
 * The names and key values that observed calls that enqueue have unless the application
 * says otherwise: {@code rq.enqueue}, and {@code enqueue <function>} in a trace.
 */
public class DefaultJobEnqueueObservationConvention implements JobEnqueueObservationConvention {

	private static final String SEVERAL = "several";

	@Override
	public String getName() {
		return "rq.enqueue";
	}

	@Override
	public String getContextualName(JobEnqueueObservationContext context) {
		return "enqueue " + function(context);
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(JobEnqueueObservationContext context) {
		return KeyValues.of(Key.SYSTEM.withValue("rq"), Key.OPERATION.withValue("send"),
				Key.QUEUE.withValue(common(context, (request) -> request.target().queue())),
				Key.JOB.withValue(function(context)));
	}

	private static String function(JobEnqueueObservationContext context) {
		return common(context, (request) -> request.call().function());
	}

	private static String common(JobEnqueueObservationContext context, Function<JobRequest, String> name) {
		List<String> names = context.getRequests().stream().map(name).distinct().limit(2).toList();
		return (names.size() == 1) ? Objects.requireNonNull(names.get(0)) : SEVERAL;
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(JobEnqueueObservationContext context) {
		int number = context.getRequests().size();
		if (number > 1) {
			return KeyValues.of(EnqueueKey.JOBS.withValue(Integer.toString(number)));
		}
		return context.getJobs().isEmpty() ? KeyValues.empty()
				: KeyValues.of(EnqueueKey.JOB_ID.withValue(context.getJobs().get(0).id()));
	}

}
