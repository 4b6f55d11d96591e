package org.springframework.samples.petclinic;

import org.springframework.stereotype.Component;

import io.rq.annotation.RqJob;

/**
 * Jobs of an application in a package below Spring's own.
 */
@Component
public class VisitJobs {

	@RqJob(name = "visit.remind")
	String remind(String owner) {
		return owner;
	}

}
