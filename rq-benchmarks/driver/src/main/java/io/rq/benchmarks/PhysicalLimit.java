package io.rq.benchmarks;

import java.io.IOException;
import java.util.List;

/**
 * What Redis and the loopback of this machine can do without any job system.
 */
final class PhysicalLimit {

	/**
	 * The results of the limit are kept like those of a system.
	 */
	static final SystemSpec SPEC = new SystemSpec("limit", "Redis alone", SystemSpec.Store.REDIS, List.of(), 1, 0,
			true);

	private static final int PIPELINE = 100;

	private static final int SCRIPT_PIPELINE = 8;

	private final Options options;

	private final Results results;

	PhysicalLimit(Options options, Results results) {
		this.options = options;
		this.results = results;
	}

	void measure(int round) throws IOException, InterruptedException {
		try (RedisServer redis = new RedisServer(this.options.output().resolve("logs/redis.log"), RedisServer.TUNED)) {
			RespConnection connection = redis.connection();
			pings(connection, this.options.quick() ? 2_000 : 10_000);
			Latencies latencies = pings(connection, this.options.quick() ? 5_000 : 20_000);
			this.results.add(round, SPEC, LatencyMeasure.PING, latencies);
			this.results.add(round, SPEC, Measure.PING, 1_000 / latencies.millisAt(50));
			this.results.add(round, SPEC, Measure.PING_PIPELINED, pipelined(connection));
		}
	}

	/**
	 * Records the script calls of ours and plays them again, without any client between.
	 * Clients have to send scripts anew that Redis does not know.
	 */
	void measureScripts(Session session) throws IOException, InterruptedException {
		int jobs = this.options.replayedJobs();
		session.startWorker();
		session.clear();
		session.redis().connection().call("SCRIPT", "FLUSH");
		try (Recording recording = new Recording(session.redis().port())) {
			session.producer().ask("bulk " + jobs);
			List<byte[][]> enqueueing = recording.take();
			session.drainPart(jobs);
			List<byte[][]> working = recording.take();
			for (int i = 1; i <= this.options.replays(); i++) {
				replay(i, jobs, enqueueing, working);
			}
		}
	}

	/**
	 * Plays recorded calls again, pipelined, on a Redis that holds nothing else.
	 */
	private void replay(int round, int jobs, List<byte[][]> enqueueing, List<byte[][]> working)
			throws IOException, InterruptedException {
		try (RedisServer redis = new RedisServer(this.options.output().resolve("logs/redis.log"), RedisServer.TUNED)) {
			this.results.add(round, SPEC, Measure.SCRIPTS_ENQUEUE, jobs / seconds(redis.connection(), enqueueing));
			StoreUsage before = redis.usage();
			this.results.add(round, SPEC, Measure.SCRIPTS_DRAIN, jobs / seconds(redis.connection(), working));
			this.results.add(round, SPEC, Measure.SCRIPTS_DRAIN_CPU,
					redis.usage().since(before).cpuMicros() / (double) jobs);
		}
	}

	private static double seconds(RespConnection connection, List<byte[][]> calls) throws IOException {
		long start = System.nanoTime();
		for (int i = 0; i < calls.size(); i += SCRIPT_PIPELINE) {
			int end = Math.min(calls.size(), i + SCRIPT_PIPELINE);
			for (byte[][] call : calls.subList(i, end)) {
				connection.send(call);
			}
			connection.flush();
			for (int j = i; j < end; j++) {
				connection.receiveAny();
			}
		}
		return (System.nanoTime() - start) / 1e9;
	}

	private static Latencies pings(RespConnection connection, int calls) throws IOException {
		Latencies latencies = new Latencies();
		for (int i = 0; i < calls; i++) {
			long start = System.nanoTime();
			connection.call("PING");
			latencies.add((System.nanoTime() - start) / 1_000);
		}
		return latencies;
	}

	private static double pipelined(RespConnection connection) throws IOException {
		int rounds = 2_000;
		long start = System.nanoTime();
		for (int i = 0; i < rounds; i++) {
			for (int j = 0; j < PIPELINE; j++) {
				connection.send("PING");
			}
			connection.flush();
			for (int j = 0; j < PIPELINE; j++) {
				connection.receive();
			}
		}
		return rounds * PIPELINE * 1e9 / (System.nanoTime() - start);
	}

}
