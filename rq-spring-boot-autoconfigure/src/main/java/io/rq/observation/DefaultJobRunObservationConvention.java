package io.rq.observation;

import io.micrometer.common.KeyValues;

import io.rq.handler.JobContext;
import io.rq.observation.JobObservation.Key;
import io.rq.observation.JobObservation.RunKey;

/**
 * The names and key values that observed runs have unless the application says otherwise:
 * {@code rq.run}, and {@code run <function>} in a trace.
 */
public class DefaultJobRunObservationConvention implements JobRunObservationConvention {

	@Override
	public String getName() {
		return "rq.run";
	}

	@Override
	public String getContextualName(JobRunObservationContext context) {
		return "run " + context.getJob().function();
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(JobRunObservationContext context) {
		JobContext job = context.getJob();
		return KeyValues.of(Key.SYSTEM.withValue("rq"), Key.OPERATION.withValue("process"),
				Key.QUEUE.withValue(context.getQueue()), Key.JOB.withValue(job.function()));
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(JobRunObservationContext context) {
		JobContext job = context.getJob();
		return KeyValues.of(RunKey.JOB_ID.withValue(job.job().id()), RunKey.EXECUTION_ID.withValue(job.executionId()),
				RunKey.ATTEMPT.withValue(Integer.toString(job.attempt())));
	}

}
