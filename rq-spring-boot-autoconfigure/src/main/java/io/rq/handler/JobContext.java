package io.rq.handler;

import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.rq.job.Job;

/**
 * The surroundings of a running job. A job method that declares a parameter of this type
 * gets it; it does not count among the job's arguments. Use it on the job's own thread.
 */
public interface JobContext {

	/**
	 * Pass this for a {@code JobContext} parameter in a call by method reference; the
	 * worker supplies the real one. It is {@code null}, but null checkers accept it.
	 */
	@SuppressWarnings("NullAway")
	JobContext SUPPLIED = null;

	/** The key in the meta data for the name of the user who enqueued. */
	String ENQUEUED_BY = "enqueued_by";

	/**
	 * Returns the job as it was when this run started.
	 * @return the job
	 */
	Job job();

	/**
	 * Returns the name of the function that the job calls.
	 * @return the dotted name
	 */
	String function();

	/**
	 * Returns the id of this run, unique among all runs of all jobs.
	 * @return 32 hexadecimal digits
	 */
	String executionId();

	/**
	 * Returns which attempt this is, counted from what the job still carries of its
	 * retries.
	 * @return 1 for the first run
	 */
	int attempt();

	/**
	 * Returns the job's meta data, to be changed at will and stored with
	 * {@link #saveMeta()}.
	 * @return the modifiable meta data
	 */
	Map<String, @Nullable Object> meta();

	/**
	 * Returns the name of the user who enqueued the job, which the meta data have where
	 * the producer has Spring Security. It proves nothing: any producer may have written
	 * it.
	 * @return the name, or {@code null} if it is not known
	 */
	default @Nullable String enqueuedBy() {
		return (meta().get(ENQUEUED_BY) instanceof String name) ? name : null;
	}

	/**
	 * Stores the meta data at once, for observers to see. Changes that others have made
	 * meanwhile stay, and are in {@link #meta()} afterwards, unless this run has changed
	 * the same.
	 * @throws io.rq.serializer.JobSerializationException if it cannot be serialized
	 */
	void saveMeta();

	/**
	 * Stores how far the job has come, as meta data {@code progress}.
	 * @param fraction from 0 to 1
	 * @throws IllegalArgumentException if it is outside that range
	 */
	void progress(double fraction);

	/**
	 * Stores how far the job has come and in which part of its work, as meta data
	 * {@code progress} and {@code progress_text}.
	 * @param fraction from 0 to 1
	 * @param text what it does now, for people
	 * @throws IllegalArgumentException if the fraction is outside that range
	 */
	void progress(double fraction, String text);

	/**
	 * Returns whether the result of this run is no longer wanted: the job was cancelled
	 * or stopped, its time is up, its lease was lost or the worker stops. A long job
	 * should look now and then and end early.
	 * @return {@code true} to end early
	 */
	boolean isCancelled();

}
