package io.rq.benchmarks;

import java.io.IOException;

import tools.jackson.databind.JsonNode;

/**
 * What is measured of a system in each round: rates and costs; in the last round, when
 * every system is warm, latencies too.
 */
final class RoundMeasurement {

	private final Session session;

	private final Options options;

	private final SystemSpec system;

	private double drainRate;

	RoundMeasurement(Session session, Options options) {
		this.session = session;
		this.options = options;
		this.system = session.system();
	}

	void measure(int round) throws IOException, InterruptedException {
		this.session.begin(round);
		if (!this.system.brief()) {
			enqueue();
		}
		if (this.session.isCold()) {
			this.session.startWorker();
		}
		this.session.clear();
		drain();
		if (!this.system.brief()) {
			endToEnd();
		}
		if (round == this.options.rounds()) {
			pickup();
			if (!this.system.brief() && !this.options.quick()) {
				load();
			}
			if (!this.system.brief()) {
				new LatenessMeasurement(this.session, this.options).measure(LatencyMeasure.SCHEDULED,
						LatencyMeasure.RETRIED);
			}
		}
		this.session.halt();
	}

	private void enqueue() throws IOException, InterruptedException {
		SystemProcess producer = this.session.producer();
		if (this.session.isCold()) {
			producer.ask("enqueue 8 " + this.options.warmUpMillis());
		}
		StoreUsage before = this.session.usage();
		JsonNode one = producer.ask("enqueue 1 " + this.options.enqueueMillis());
		StoreUsage used = this.session.usage().since(before);
		add(Measure.ENQUEUE_1, Session.rate(one));
		add(Measure.ENQUEUE_STORE_CPU, used.cpuMicros() / (double) one.get("count").asInt());
		if (this.session.onRedis()) {
			add(Measure.ENQUEUE_COMMANDS, used.commands() / (double) one.get("count").asInt());
		}
		add(Measure.ENQUEUE_8, Session.rate(producer.ask("enqueue 8 " + this.options.enqueueMillis())));
	}

	private void drain() throws IOException, InterruptedException {
		int jobs = this.options.drainJobs(this.system);
		long memoryBefore = this.session.memory();
		JsonNode filled = this.session.producer().ask("bulk " + jobs);
		if (this.session.offers("bulk") && !this.system.brief()) {
			add(Measure.ENQUEUE_ALL, Session.rate(filled));
		}
		if (this.session.onRedis()) {
			add(Measure.WAITING_BYTES, (this.session.memory() - memoryBefore) / (double) jobs);
		}
		this.session.expect(jobs);
		StoreUsage before = this.session.usage();
		SystemProcess worker = this.session.worker();
		long cpuBefore = worker.cpuMicros();
		long allocatedBefore = allocated();
		this.session.work();
		JsonNode drained = this.session.await(0, "the drain of " + jobs + " jobs");
		double done = drained.get("count").asInt();
		StoreUsage used = this.session.usage().since(before);
		this.drainRate = Session.drainRate(drained);
		add(Measure.DRAIN, this.drainRate);
		add(Measure.WORKER_CPU, (worker.cpuMicros() - cpuBefore) / done);
		add(Measure.RESIDENT, worker.residentBytes() / Session.MEGABYTE);
		add(Measure.STORE_CPU, used.cpuMicros() / done);
		if (allocatedBefore >= 0) {
			add(Measure.ALLOCATED, (allocated() - allocatedBefore) / done);
		}
		if (this.session.onRedis()) {
			add(Measure.COMMANDS, used.commands() / done);
			add(Measure.ROUND_TRIPS, used.reads() / done);
			add(Measure.FINISHED_BYTES, Math.max(0, this.session.memory() - memoryBefore) / done);
		}
	}

	private long allocated() throws IOException, InterruptedException {
		return this.session.worker().ask("stats").path("allocated").asLong(-1);
	}

	private void endToEnd() throws IOException, InterruptedException {
		this.session.expect(Session.ANY);
		JsonNode sent = this.session.producer().ask("enqueue 8 " + this.options.endToEndMillis(this.system));
		int jobs = sent.get("count").asInt();
		JsonNode worked = this.session.await(jobs, "the " + jobs + " jobs produced meanwhile");
		long end = worked.get("last").asLong();
		add(Measure.END_TO_END, worked.get("count").asInt() * Session.MICROS / (end - sent.get("start").asLong()));
	}

	private void pickup() throws IOException, InterruptedException {
		this.session.expect(Session.ANY);
		int rate = this.options.pickupRate();
		JsonNode sent = this.session.producer().ask("pace " + rate + " " + this.options.pickupMillis());
		this.session.await(sent.get("count").asInt(), "jobs at " + rate + " per second");
		this.session.add(LatencyMeasure.PICKUP, this.session.latencies()[0]);
	}

	private void load() throws IOException, InterruptedException {
		this.session.expect(Session.ANY);
		int rate = (int) (this.drainRate / 2);
		JsonNode sent = this.session.producer().ask("load " + rate + " " + this.options.loadMillis());
		this.session.await(sent.get("count").asInt(), "jobs at " + rate + " per second");
		add(Measure.LOAD, Session.rate(sent));
		this.session.add(LatencyMeasure.LOADED, this.session.latencies()[0]);
	}

	private void add(Measure measure, double value) {
		this.session.add(measure, value);
	}

}
