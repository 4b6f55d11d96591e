package io.rq.benchmarks;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * What more queues and more workers cost: the rate at which they drain, and what they ask
 * of Redis and of memory when there is nothing to do.
 */
final class GrowthMeasurement {

	private final Session session;

	private final Options options;

	GrowthMeasurement(Session session, Options options) {
		this.session = session;
		this.options = options;
	}

	/**
	 * Drains jobs with workers that have just started, then lets them be idle.
	 */
	void measure() throws IOException, InterruptedException {
		int jobs = this.options.drainJobs(this.session.system());
		this.session.begin(1);
		this.session.startWorkerProcess();
		this.session.producer().ask("bulk " + jobs);
		this.session.expect(jobs);
		this.session.work();
		this.session.add(Measure.GROWTH_DRAIN,
				Session.drainRate(this.session.await(0, "the drain of " + jobs + " jobs")));
		TimeUnit.SECONDS.sleep(this.options.restSeconds());
		StoreUsage before = this.session.usage();
		long start = System.nanoTime();
		TimeUnit.SECONDS.sleep(this.options.idleSeconds());
		double seconds = (System.nanoTime() - start) / 1e9;
		StoreUsage used = this.session.usage().since(before);
		this.session.add(Measure.GROWTH_READS, used.reads() / seconds);
		this.session.add(Measure.GROWTH_COMMANDS, used.commands() / seconds);
		this.session.add(Measure.GROWTH_CPU, used.cpuMicros() / seconds / 10_000);
		this.session.add(Measure.GROWTH_HEAP,
				this.session.worker().ask("heap").get("used").asLong() / Session.MEGABYTE);
		this.session.add(Measure.GROWTH_RESIDENT, this.session.worker().residentBytes() / Session.MEGABYTE);
		this.session.halt();
	}

}
