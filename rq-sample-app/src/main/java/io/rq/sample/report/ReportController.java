package io.rq.sample.report;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.convert.DurationStyle;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

import io.rq.sample.job.AcceptedJob;
import io.rq.template.JobTemplate;

/**
 * Schedules reports.
 */
@RestController
class ReportController {

	private static final Duration LONGEST = Duration.ofDays(365);

	private final JobTemplate jobs;

	ReportController(JobTemplate jobs) {
		this.jobs = jobs;
	}

	@PostMapping("/reports")
	ResponseEntity<AcceptedJob> schedule(@RequestParam @Nullable String in) {
		return AcceptedJob.answer(this.jobs.enqueueIn((in != null) ? delay(in) : Duration.ZERO, ReportJobs::write));
	}

	private static Duration delay(String text) {
		Duration delay = parse(text);
		if (delay.isNegative() || delay.compareTo(LONGEST) > 0) {
			throw badRequest("'in' must be between 0 and " + LONGEST.toDays() + " days but is " + text, null);
		}
		return delay;
	}

	private static Duration parse(String text) {
		try {
			return DurationStyle.detectAndParse(text.strip(), ChronoUnit.SECONDS);
		}
		catch (IllegalArgumentException | ArithmeticException ex) {
			throw badRequest("'in' is not a duration such as 10s, 5m or PT1H30M: " + text, ex);
		}
	}

	private static ResponseStatusException badRequest(String detail, @Nullable Throwable cause) {
		return new ResponseStatusException(HttpStatus.BAD_REQUEST, detail, cause);
	}

}
