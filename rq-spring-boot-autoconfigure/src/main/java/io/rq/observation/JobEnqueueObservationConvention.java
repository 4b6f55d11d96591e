package io.rq.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * Names and key values of observed calls that enqueue. A bean of this type replaces
 * {@link DefaultJobEnqueueObservationConvention}.
 */
public interface JobEnqueueObservationConvention extends ObservationConvention<JobEnqueueObservationContext> {

	@Override
	default boolean supportsContext(Observation.Context context) {
		return context instanceof JobEnqueueObservationContext;
	}

}
