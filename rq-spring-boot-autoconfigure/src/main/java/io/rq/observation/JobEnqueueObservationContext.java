package io.rq.observation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.micrometer.observation.transport.SenderContext;

import io.rq.job.Job;
import io.rq.job.JobRequest;

/**
 * The context of a call that enqueues. What handlers put into its carrier goes along in
 * the meta data of each of the jobs.
 */
public class JobEnqueueObservationContext extends SenderContext<Map<String, String>> {

	private final List<JobRequest> requests;

	private List<Job> jobs = List.of();

	/**
	 * Creates the context.
	 * @param requests the requests, at least one, with the names of functions and queues
	 */
	public JobEnqueueObservationContext(List<JobRequest> requests) {
		super((carrier, key, value) -> Objects.requireNonNull(carrier).put(key, value));
		this.requests = requests;
		setCarrier(new LinkedHashMap<>());
	}

	/**
	 * Returns what is to be enqueued.
	 * @return the requests, at least one
	 */
	public List<JobRequest> getRequests() {
		return this.requests;
	}

	/**
	 * Returns what was enqueued.
	 * @return the jobs, none before the call has succeeded
	 */
	public List<Job> getJobs() {
		return this.jobs;
	}

	void setJobs(List<Job> jobs) {
		this.jobs = jobs;
	}

}
