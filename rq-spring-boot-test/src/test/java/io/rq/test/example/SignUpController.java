package io.rq.test.example;

import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

import io.rq.template.JobTemplate;

/**
 * Enqueues jobs over HTTP.
 */
@RestController
class SignUpController {

	private final JobTemplate jobs;

	SignUpController(JobTemplate jobs) {
		this.jobs = jobs;
	}

	@PostMapping("/users")
	String signUp(@RequestParam String address) {
		return this.jobs.enqueue(MailJobs::sendWelcome, address, 42L).id();
	}

}
