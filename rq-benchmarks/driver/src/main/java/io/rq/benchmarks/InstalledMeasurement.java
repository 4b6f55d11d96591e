package io.rq.benchmarks;

import java.io.IOException;

/**
 * What a user meets first: the defaults of Redis and of our product, in a process that
 * has just started, and the same process again.
 */
final class InstalledMeasurement {

	private static final int WARM_DRAINS = 2;

	private final Session session;

	private final int jobs;

	InstalledMeasurement(Session session, Options options) {
		this.session = session;
		this.jobs = options.drainJobs(session.system());
	}

	/**
	 * Drains a queue with a worker that has just started, then more of them with the same
	 * process, the last of which counts as warm.
	 */
	void measure(int round) throws IOException, InterruptedException {
		this.session.begin(round);
		this.session.startWorkerProcess();
		this.session.producer().ask("bulk " + this.jobs);
		StoreUsage before = this.session.usage();
		this.session.add(Measure.INSTALLED_COLD, this.session.drainPart(this.jobs));
		StoreUsage used = this.session.usage().since(before);
		this.session.add(Measure.INSTALLED_CPU, used.cpuMicros() / (double) this.jobs);
		this.session.add(Measure.INSTALLED_READS, used.reads() / (double) this.jobs);
		double warm = 0;
		for (int i = 0; i < WARM_DRAINS; i++) {
			this.session.clear();
			this.session.producer().ask("bulk " + this.jobs);
			warm = this.session.drainPart(this.jobs);
		}
		this.session.add(Measure.INSTALLED_WARM, warm);
	}

}
