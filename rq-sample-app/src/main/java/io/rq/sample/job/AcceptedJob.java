package io.rq.sample.job;

import java.net.URI;

import org.springframework.http.ResponseEntity;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

import io.rq.job.Job;

/**
 * The answer to a request that became a job.
 *
 * @param id the job's id
 * @param statusUrl where to ask what became of it
 */
public record AcceptedJob(String id, URI statusUrl) {

	/**
	 * Creates the answer: 202, with the status URL as its location.
	 * @param job the job
	 * @return the answer
	 */
	public static ResponseEntity<AcceptedJob> answer(Job job) {
		URI url = ServletUriComponentsBuilder.fromCurrentContextPath().path("/jobs/{id}").build(job.id());
		return ResponseEntity.accepted().location(url).body(new AcceptedJob(job.id(), url));
	}

}
