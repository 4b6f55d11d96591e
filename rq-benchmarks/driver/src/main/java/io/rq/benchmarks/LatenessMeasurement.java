package io.rq.benchmarks;

import java.io.IOException;

/**
 * How late scheduled jobs and retries are, both in the same seconds.
 */
final class LatenessMeasurement {

	private final Session session;

	private final Options options;

	LatenessMeasurement(Session session, Options options) {
		this.session = session;
		this.options = options;
	}

	/**
	 * Schedules jobs, and lets others fail once, if the system can do either; its worker
	 * is working.
	 */
	void measure(LatencyMeasure scheduled, LatencyMeasure retried) throws IOException, InterruptedException {
		if (!this.session.offers("schedule")) {
			return;
		}
		this.session.worker().ask("scheduling");
		this.session.expect(Session.ANY);
		int jobs = this.options.scheduledJobs();
		int window = this.options.scheduleMillis();
		this.session.producer().ask("schedule " + jobs + " " + window);
		if (this.session.offers("retry")) {
			int failing = this.options.retriedJobs();
			this.session.producer().ask("retry " + failing + " " + window * 3 / 4);
			jobs += failing;
		}
		this.session.await(jobs, "scheduled and retried jobs");
		Latencies[] latencies = this.session.latencies();
		this.session.add(scheduled, latencies[0]);
		this.session.add(retried, latencies[1]);
	}

}
