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

	static final double MICROS = 1_000_000;

	static final double MEGABYTE = 1_000_000;

	/** More jobs than there are: the worker counts on. */
	static final int ANY = Integer.MAX_VALUE;

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

	Session(SystemSpec system, Options options, Results results, PostgresServer postgres, List<String> redisSettings)
			throws IOException, InterruptedException {
		this.system = system;
		this.options = options;
		this.results = results;
		this.logs = options.output().resolve("logs");
		this.postgres = postgres;
		this.redis = new RedisServer(this.logs.resolve("redis.log"), redisSettings);
		this.producer = start("producer");
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
	 * Connects the producer and learns what the system offers.
	 */
	void open() throws IOException, InterruptedException {
		this.features = this.producer.ask("open");
		this.results.version(this.system, this.features.get("version").asString());
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

	/**
	 * Begins a round with an empty store.
	 * @param next the number of the round, noted with every value
	 */
	void begin(int next) throws IOException, InterruptedException {
		this.round = next;
		clear();
	}

	SystemSpec system() {
		return this.system;
	}

	SystemProcess producer() {
		return this.producer;
	}

	SystemProcess worker() {
		return this.worker;
	}

	boolean offers(String feature) {
		return this.features.get(feature).asBoolean();
	}

	boolean isCold() {
		return this.worker == null;
	}

	/**
	 * Starts the working process, measures how long it takes to its first job, and lets
	 * it drain some more.
	 */
	void startWorker() throws IOException, InterruptedException {
		int jobs = this.options.warmUpJobs(this.system);
		clear();
		this.producer.ask("bulk " + jobs);
		startWorkerProcess();
		expect(jobs);
		work();
		JsonNode drained = await(0, "the drain of " + jobs + " jobs to warm up");
		add(Measure.START, (drained.get("first").asLong() - this.worker.startMicros()) / MICROS);
		halt();
	}

	void startWorkerProcess() throws IOException {
		this.worker = start("worker");
	}

	/**
	 * Lets the worker take jobs.
	 */
	void work() throws IOException, InterruptedException {
		this.worker.ask("start " + this.system.concurrency());
	}

	/**
	 * Ends what {@link #work()} began. The process goes on.
	 */
	void halt() throws IOException, InterruptedException {
		this.worker.ask("halt");
	}

	/**
	 * Drains so many jobs, which may be a part of those that wait.
	 * @return jobs per second
	 */
	double drainPart(int jobs) throws IOException, InterruptedException {
		expect(jobs);
		work();
		double rate = drainRate(await(0, "the drain of " + jobs + " jobs"));
		halt();
		return rate;
	}

	/**
	 * Lets the worker count anew.
	 * @param jobs how many jobs it has to wait for
	 */
	void expect(int jobs) throws IOException, InterruptedException {
		this.worker.ask("expect " + jobs);
	}

	/**
	 * Waits for the expected jobs or, if a number is given, for so many.
	 */
	JsonNode await(int jobs, String what) throws IOException, InterruptedException {
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
	Latencies[] latencies() throws IOException, InterruptedException {
		Path timed = this.logs.resolve("timed.txt");
		Path retried = this.logs.resolve("retried.txt");
		this.worker.ask("latencies " + timed + " " + retried);
		return new Latencies[] { Latencies.read(timed), Latencies.read(retried) };
	}

	static double rate(JsonNode sent) {
		return sent.get("count").asInt() * MICROS / sent.get("micros").asLong();
	}

	static double drainRate(JsonNode drained) {
		long last = drained.get("last").asLong();
		long end = (last > 0) ? last : System.currentTimeMillis() * 1_000;
		return drained.get("count").asInt() * MICROS / (end - drained.get("first").asLong());
	}

	boolean onRedis() {
		return this.system.store() == Store.REDIS;
	}

	StoreUsage usage() throws IOException {
		return onRedis() ? this.redis.usage() : this.postgres.usage();
	}

	RedisServer redis() {
		return this.redis;
	}

	/**
	 * Returns the bytes that Redis uses.
	 */
	long memory() throws IOException {
		return this.redis.usedMemory();
	}

	void clear() throws IOException, InterruptedException {
		this.producer.ask("clear");
		this.redis.flush();
	}

	void add(Measure measure, double value) {
		this.results.add(this.round, this.system, measure, value);
	}

	void add(LatencyMeasure measure, Latencies latencies) {
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
