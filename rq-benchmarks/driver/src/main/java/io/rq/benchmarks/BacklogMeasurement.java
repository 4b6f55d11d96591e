package io.rq.benchmarks;

import java.io.IOException;

/**
 * How the length of a queue, and scheduled jobs beside it, change the rate at which it is
 * drained.
 */
final class BacklogMeasurement {

	private static final int REPETITIONS = 3;

	private static final int SHORT_QUEUES = 4;

	private final Session session;

	private final Options options;

	private final int portion;

	BacklogMeasurement(Session session, Options options) {
		this.session = session;
		this.options = options;
		this.portion = options.backlogWaiting() / 10;
	}

	/**
	 * Drains queues that are short, parts of one that is long, and queues beside many
	 * scheduled jobs.
	 */
	void measure() throws IOException, InterruptedException {
		for (int i = 1; i <= REPETITIONS; i++) {
			this.session.begin(i);
			this.session.add(Measure.BACKLOG_SHORT, drainShortQueues());
		}
		this.session.clear();
		long before = this.session.memory();
		this.session.producer().ask("bulk " + this.options.backlogWaiting());
		this.session.add(Measure.BACKLOG_LONG_BYTES, (this.session.memory() - before) / Session.MEGABYTE);
		for (int i = 0; i < REPETITIONS; i++) {
			this.session.add(Measure.BACKLOG_LONG, this.session.drainPart(this.portion));
		}
		this.session.clear();
		before = this.session.memory();
		this.session.producer().ask("later " + this.options.backlogScheduled());
		this.session.add(Measure.BACKLOG_SCHEDULED_BYTES, (this.session.memory() - before) / Session.MEGABYTE);
		this.session.producer().ask("bulk " + this.portion);
		this.session.add(Measure.BACKLOG_SCHEDULED, this.session.drainPart(this.portion));
	}

	private double drainShortQueues() throws IOException, InterruptedException {
		int jobs = this.options.backlogWaiting() / 100;
		double seconds = 0;
		for (int i = 0; i < SHORT_QUEUES; i++) {
			this.session.producer().ask("bulk " + jobs);
			seconds += jobs / this.session.drainPart(jobs);
		}
		return SHORT_QUEUES * jobs / seconds;
	}

}
