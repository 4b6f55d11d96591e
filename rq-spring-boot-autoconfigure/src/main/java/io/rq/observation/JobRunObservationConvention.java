package io.rq.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * Names and key values of observed runs. A bean of this type replaces
 * {@link DefaultJobRunObservationConvention}.
 */
public interface JobRunObservationConvention extends ObservationConvention<JobRunObservationContext> {

	@Override
	default boolean supportsContext(Observation.Context context) {
		return context instanceof JobRunObservationContext;
	}

}
