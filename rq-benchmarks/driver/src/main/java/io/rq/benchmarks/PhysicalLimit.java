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

	private final Options options;

	private final Results results;

	PhysicalLimit(Options options, Results results) {
		this.options = options;
		this.results = results;
	}

	void measure(int round) throws IOException, InterruptedException {
		try (RedisServer redis = new RedisServer(this.options.output().resolve("logs/redis.log"))) {
			RespConnection connection = redis.connection();
			pings(connection, this.options.quick() ? 2_000 : 10_000);
			Latencies latencies = pings(connection, this.options.quick() ? 5_000 : 20_000);
			this.results.add(round, SPEC, LatencyMeasure.PING, latencies);
			this.results.add(round, SPEC, Measure.PING, 1_000 / latencies.millisAt(50));
			this.results.add(round, SPEC, Measure.PING_PIPELINED, pipelined(connection));
		}
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
