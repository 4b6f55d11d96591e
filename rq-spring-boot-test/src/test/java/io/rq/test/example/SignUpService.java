package io.rq.test.example;

import java.time.Duration;

import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

import io.rq.job.JobRequest;
import io.rq.template.JobOperations;

/**
 * Enqueues jobs, and is none.
 */
@Service
public class SignUpService {

	private final JobOperations jobs;

	SignUpService(JobOperations jobs) {
		this.jobs = jobs;
	}

	/**
	 * Signs somebody up.
	 * @param address the address
	 * @param user the number of the user
	 */
	@Transactional
	public void signUp(String address, long user) {
		this.jobs.enqueue(MailJobs::sendWelcome, address, user);
		this.jobs.enqueue(JobRequest.of("survey.ask", address).queue("python").in(Duration.ofDays(7)));
	}

}
