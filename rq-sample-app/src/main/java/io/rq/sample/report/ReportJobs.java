package io.rq.sample.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

import org.springframework.stereotype.Component;

import io.rq.annotation.RqCron;
import io.rq.annotation.RqJob;
import io.rq.sample.WorkDirectory;

/**
 * Writes reports.
 */
@Component
public class ReportJobs {

	private final Tally tally;

	private final WorkDirectory directory;

	ReportJobs(Tally tally, WorkDirectory directory) {
		this.tally = tally;
		this.directory = directory;
	}

	/**
	 * Writes a report of what was done so far; at the latest every night.
	 * @return the report
	 * @throws IOException if it cannot be written
	 */
	@RqCron("0 3 * * *")
	@RqJob(queue = "reports")
	public Report write() throws IOException {
		long thumbnails = this.tally.thumbnails();
		long deliveries = this.tally.deliveries();
		long refusals = this.tally.refusals();
		String text = """
				Report of %s

				Thumbnails made      %6d
				Webhooks delivered   %6d
				Deliveries refused   %6d
				""".formatted(Instant.now().truncatedTo(ChronoUnit.SECONDS), thumbnails, deliveries, refusals);
		Path file = this.directory.write("reports", "report-" + UUID.randomUUID() + ".txt",
				text.getBytes(StandardCharsets.UTF_8));
		return new Report(file.toString(), thumbnails, deliveries, refusals);
	}

}
