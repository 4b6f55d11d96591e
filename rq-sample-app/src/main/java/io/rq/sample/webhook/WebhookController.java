package io.rq.sample.webhook;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

import io.rq.sample.job.AcceptedJob;
import io.rq.template.JobTemplate;

/**
 * Takes webhooks and lets a worker deliver them. An application on the open net would
 * check the receiver too: this one calls any address it is told.
 */
@RestController
class WebhookController {

	private final JobTemplate jobs;

	WebhookController(JobTemplate jobs) {
		this.jobs = jobs;
	}

	@PostMapping("/webhooks")
	ResponseEntity<AcceptedJob> deliver(@RequestBody Webhook webhook) {
		return AcceptedJob
			.answer(this.jobs.enqueue(WebhookJobs::deliver, webhook.receiver(), webhook.contentType(), webhook.body()));
	}

	@ExceptionHandler
	ProblemDetail unreadable(HttpMessageNotReadableException ex) {
		return ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST,
				"The body cannot be read: send JSON with 'url' and 'payload'");
	}

}
