package io.rq.observation;

import java.util.Map;

import io.micrometer.observation.transport.ReceiverContext;
import org.jspecify.annotations.Nullable;

import io.rq.handler.JobContext;

/**
 * The context of a run. Its carrier is the meta data of the job, in which the trace of
 * its producer may be.
 */
public class JobRunObservationContext extends ReceiverContext<Map<String, @Nullable Object>> {

	private final JobContext job;

	private final String queue;

	/**
	 * Creates the context.
	 * @param job the surroundings of the run
	 * @param meta the meta data of the job
	 * @param queue its queue as it may be in meters
	 */
	public JobRunObservationContext(JobContext job, Map<String, @Nullable Object> meta, String queue) {
		super((carrier, key) -> (carrier.get(key) instanceof String value) ? value : null);
		this.job = job;
		this.queue = queue;
		setCarrier(meta);
	}

	/**
	 * Returns the surroundings of the run.
	 * @return the context of the job
	 */
	public JobContext getJob() {
		return this.job;
	}

	/**
	 * Returns the queue as it may be in meters: jobs name their queues themselves, and
	 * are not to create time series.
	 * @return the name of the job's queue, or {@code unknown} if nothing here has to do
	 * with it
	 */
	public String getQueue() {
		return this.queue;
	}

}
