package io.rq.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import io.rq.benchmarks.SystemSpec.Store;
import tools.jackson.databind.JsonNode;

/**
 * One system: a store of its own, a process that produces and one that works. They are
 * kept for all rounds and frozen while others are measured.
 */
final class Session implements AutoCloseable {

	private static final int ANY = Integer.MAX_VALUE;

	private static final double MICROS = 1_000_000;

	private static final int MEGABYTE = 1_000_000;

	private final SystemSpec system;

	private final Options options;

	private final Results results;

	private final RedisServer redis;

	private final PostgresServer postgres;

	private final Path logs;

	private final SystemProcess producer;

	private JsonNode features;

	private SystemProcess worker;

	private int round = 1;

	private double drainRate;

	Session(SystemSpec system, Options options, Results results, PostgresServer postgres)
			throws IOException, InterruptedException {
		this.system = system;
		this.options = options;
		this.results = results;
		this.logs = options.output().resolve("logs");
		this.postgres = postgres;
		this.redis = new RedisServer(this.logs.resolve("redis.log"));
		this.producer = start("producer");
	}

	/**
	 * Connects the producer and learns what the system offers.
	 */
	void open() throws IOException, InterruptedException {
		this.features = this.producer.ask("open");
		this.results.version(this.system, this.features.get("version").asString());
	}

	private SystemProcess start(String role) throws IOException {
		Map<String, String> environment = new HashMap<>();
		environment.put("BENCH_REDIS_PORT", Integer.toString(this.redis.port()));
		if (this.postgres != null) {
			environment.put("BENCH_JDBC_URL", this.postgres.jdbcUrl());
		}
		List<String> command = new ArrayList<>(this.system.command());
		return new SystemProcess(command, environment, this.logs.resolve(this.system.name() + "-" + role + ".log"));
	}

	/**
	 * Measures rates in every round and latencies in the first.
	 */
	void measure(int round) throws IOException, InterruptedException {
		this.round = round;
		clear();
		if (!this.system.brief()) {
			enqueue();
		}
		if (this.worker == null) {
			startWorker();
		}
		clear();
		drain();
		if (!this.system.brief()) {
			endToEnd();
		}
		if (round == 1) {
			pickup();
			if (!this.system.brief() && !this.options.quick()) {
				load();
			}
			measureSchedule();
		}
		this.worker.ask("halt");
	}

	/**
	 * Stops all processes where they are.
	 */
	void freeze() throws IOException {
		signal("STOP");
	}

	/**
	 * Lets all processes go on.
	 */
	void thaw() throws IOException {
		signal("CONT");
	}

	private void signal(String name) throws IOException {
		List<String> command = new ArrayList<>(List.of("kill", "-" + name, Long.toString(this.redis.pid())));
		Stream.of(this.producer, this.worker)
			.filter(Objects::nonNull)
			.flatMap(SystemProcess::handles)
			.forEach((handle) -> command.add(Long.toString(handle.pid())));
		Shell.output(command);
	}

	private void enqueue() throws IOException, InterruptedException {
		if (this.worker == null) {
			this.producer.ask("enqueue 8 " + this.options.warmUpMillis());
		}
		StoreUsage before = usage();
		JsonNode one = this.producer.ask("enqueue 1 " + this.options.enqueueMillis());
		StoreUsage used = usage().since(before);
		add(Measure.ENQUEUE_1, rate(one));
		add(Measure.ENQUEUE_STORE_CPU, used.cpuMicros() / (double) one.get("count").asInt());
		if (onRedis()) {
			add(Measure.ENQUEUE_COMMANDS, used.commands() / (double) one.get("count").asInt());
		}
		add(Measure.ENQUEUE_8, rate(this.producer.ask("enqueue 8 " + this.options.enqueueMillis())));
	}

	private void startWorker() throws IOException, InterruptedException {
		int jobs = this.options.warmUpJobs(this.system);
		clear();
		this.producer.ask("bulk " + jobs);
		this.worker = start("worker");
		expect(jobs);
		this.worker.ask("start " + this.system.concurrency());
		JsonNode drained = await(0, "the drain of " + jobs + " jobs to warm up");
		add(Measure.START, (drained.get("first").asLong() - this.worker.startMicros()) / MICROS);
		this.worker.ask("halt");
	}

	private void drain() throws IOException, InterruptedException {
		int jobs = this.options.drainJobs(this.system);
		long memoryBefore = memory();
		JsonNode filled = this.producer.ask("bulk " + jobs);
		if (this.features.get("bulk").asBoolean() && !this.system.brief()) {
			add(Measure.ENQUEUE_ALL, rate(filled));
		}
		if (onRedis()) {
			add(Measure.WAITING_BYTES, (memory() - memoryBefore) / (double) jobs);
		}
		expect(jobs);
		StoreUsage before = usage();
		long cpuBefore = this.worker.cpuMicros();
		long allocatedBefore = allocated();
		this.worker.ask("start " + this.system.concurrency());
		JsonNode drained = await(0, "the drain of " + jobs + " jobs");
		double done = drained.get("count").asInt();
		StoreUsage used = usage().since(before);
		this.drainRate = drainRate(drained);
		add(Measure.DRAIN, this.drainRate);
		add(Measure.WORKER_CPU, (this.worker.cpuMicros() - cpuBefore) / done);
		add(Measure.RESIDENT, this.worker.residentBytes() / (double) MEGABYTE);
		add(Measure.STORE_CPU, used.cpuMicros() / done);
		if (allocatedBefore >= 0) {
			add(Measure.ALLOCATED, (allocated() - allocatedBefore) / done);
		}
		if (onRedis()) {
			add(Measure.COMMANDS, used.commands() / done);
			add(Measure.ROUND_TRIPS, used.reads() / done);
			add(Measure.FINISHED_BYTES, Math.max(0, memory() - memoryBefore) / done);
		}
	}

	private void endToEnd() throws IOException, InterruptedException {
		expect(ANY);
		JsonNode sent = this.producer.ask("enqueue 8 " + this.options.endToEndMillis());
		int jobs = sent.get("count").asInt();
		JsonNode worked = await(jobs, "the " + jobs + " jobs produced meanwhile");
		long end = worked.get("last").asLong();
		add(Measure.END_TO_END, worked.get("count").asInt() * MICROS / (end - sent.get("start").asLong()));
	}

	private void pickup() throws IOException, InterruptedException {
		expect(ANY);
		JsonNode sent = this.producer.ask("pace " + this.options.pickupRate() + " " + this.options.pickupMillis());
		await(sent.get("count").asInt(), "jobs at " + this.options.pickupRate() + " per second");
		add(LatencyMeasure.PICKUP, latencies()[0]);
	}

	private void load() throws IOException, InterruptedException {
		expect(ANY);
		int rate = (int) (this.drainRate / 2);
		JsonNode sent = this.producer.ask("load " + rate + " " + this.options.loadMillis());
		await(sent.get("count").asInt(), "jobs at " + rate + " per second");
		add(Measure.LOAD, rate(sent));
		add(LatencyMeasure.LOADED, latencies()[0]);
	}

	/**
	 * Measures how late scheduled jobs and retries are, both in the same seconds.
	 */
	private void measureSchedule() throws IOException, InterruptedException {
		if (this.system.brief() || !this.features.get("schedule").asBoolean()) {
			return;
		}
		this.worker.ask("scheduling");
		expect(ANY);
		int jobs = this.options.scheduledJobs();
		this.producer.ask("schedule " + jobs + " " + this.options.scheduleMillis());
		if (this.features.get("retry").asBoolean()) {
			int retried = this.options.retriedJobs();
			this.producer.ask("retry " + retried + " " + this.options.scheduleMillis() * 3 / 4);
			jobs += retried;
		}
		await(jobs, "scheduled and retried jobs");
		Latencies[] latencies = latencies();
		add(LatencyMeasure.SCHEDULED, latencies[0]);
		add(LatencyMeasure.RETRIED, latencies[1]);
	}

	/**
	 * Measures how the length of a queue changes the rate at which it is drained.
	 */
	void measureBacklog() throws IOException, InterruptedException {
		clear();
		int portion = this.options.backlogWaiting() / 10;
		int small = portion / 10;
		double micros = 0;
		for (int i = 0; i < 10; i++) {
			this.producer.ask("bulk " + small);
			micros += small / drainPart(small) * MICROS;
		}
		add(Measure.BACKLOG_SHORT, portion * MICROS / micros);
		clear();
		long before = memory();
		this.producer.ask("bulk " + this.options.backlogWaiting());
		add(Measure.BACKLOG_LONG_BYTES, (memory() - before) / (double) MEGABYTE);
		add(Measure.BACKLOG_LONG, drainPart(portion));
		clear();
		before = memory();
		this.producer.ask("later " + this.options.backlogScheduled());
		add(Measure.BACKLOG_SCHEDULED_BYTES, (memory() - before) / (double) MEGABYTE);
		this.producer.ask("bulk " + portion);
		add(Measure.BACKLOG_SCHEDULED, drainPart(portion));
	}

	/**
	 * Measures what Redis alone needs for the same calls: records those of a drain and
	 * plays them again. Clients have to send scripts anew that Redis does not know.
	 */
	void measureScripts() throws IOException, InterruptedException {
		startWorker();
		clear();
		int jobs = this.options.replayedJobs();
		this.redis.connection().call("SCRIPT", "FLUSH");
		try (Recording recording = new Recording(this.redis.port())) {
			this.producer.ask("bulk " + jobs);
			List<byte[][]> enqueueing = recording.take();
			drainPart(jobs);
			new PhysicalLimit(this.options, this.results).replay(jobs, enqueueing, recording.take());
		}
	}

	private double drainPart(int jobs) throws IOException, InterruptedException {
		expect(jobs);
		this.worker.ask("start " + this.system.concurrency());
		double rate = drainRate(await(0, "the drain of " + jobs + " jobs"));
		this.worker.ask("halt");
		return rate;
	}

	private void expect(int jobs) throws IOException, InterruptedException {
		this.worker.ask("expect " + jobs);
	}

	/**
	 * Waits for the expected jobs or, if a number is given, for so many.
	 */
	private JsonNode await(int jobs, String what) throws IOException, InterruptedException {
		int patience = this.options.patienceMillis();
		JsonNode done = this.worker.ask("await " + jobs + " " + patience, patience + 10_000L);
		if (done.get("last").asLong() == 0) {
			String text = done.get("count").asInt() + " done when the time for " + what + " was over";
			if (done.get("first").asLong() == 0) {
				throw new IOException(text);
			}
			this.results.remark(this.round, this.system, text);
		}
		return done;
	}

	/**
	 * Returns the latencies of timed and those of retried jobs.
	 */
	private Latencies[] latencies() throws IOException, InterruptedException {
		Path timed = this.logs.resolve("timed.txt");
		Path retried = this.logs.resolve("retried.txt");
		this.worker.ask("latencies " + timed + " " + retried);
		return new Latencies[] { Latencies.read(timed), Latencies.read(retried) };
	}

	private static double rate(JsonNode sent) {
		return sent.get("count").asInt() * MICROS / sent.get("micros").asLong();
	}

	private static double drainRate(JsonNode drained) {
		long last = drained.get("last").asLong();
		long end = (last > 0) ? last : System.currentTimeMillis() * 1_000;
		return drained.get("count").asInt() * MICROS / (end - drained.get("first").asLong());
	}

	private long allocated() throws IOException, InterruptedException {
		return this.worker.ask("stats").path("allocated").asLong(-1);
	}

	private boolean onRedis() {
		return this.system.store() == Store.REDIS;
	}

	private StoreUsage usage() throws IOException {
		return onRedis() ? this.redis.usage() : this.postgres.usage();
	}

	private long memory() throws IOException {
		return this.redis.usedMemory();
	}

	private void clear() throws IOException, InterruptedException {
		this.producer.ask("clear");
		this.redis.flush();
	}

	private void add(Measure measure, double value) {
		this.results.add(this.round, this.system, measure, value);
	}

	private void add(LatencyMeasure measure, Latencies latencies) {
		this.results.add(this.round, this.system, measure, latencies);
	}

	@Override
	public void close() {
		try {
			thaw();
		}
		catch (IOException ex) {
			// What has ended already cannot go on.
		}
		if (this.worker != null) {
			this.worker.close();
		}
		this.producer.close();
		this.redis.close();
	}

}
