package io.rq.chaos;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.rq.test.RedisClients;
import io.rq.test.RequiresPythonRq;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What becomes of jobs while faults strike in an order that a seed decides.
 * {@code -Dchaos.seed=7} or {@code -Dchaos.seeds=1..100} choose seeds,
 * {@code -Dchaos.short} small runs, and {@code -Dchaos.report=<file>} where the tables
 * go.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "sends POSIX signals")
class ChaosTests {

	private static final String DEFAULT_SEED = "1";

	private static final Report report = new Report();

	static LongStream seeds() {
		String[] ends = System.getProperty("chaos.seeds", System.getProperty("chaos.seed", DEFAULT_SEED))
			.split("\\.\\.");
		return LongStream.rangeClosed(Long.parseLong(ends[0]), Long.parseLong(ends[ends.length - 1]));
	}

	private static Form form() {
		return (System.getProperty("chaos.short") != null) ? Form.SHORT : Form.FULL;
	}

	@ParameterizedTest(name = "seed {0}")
	@MethodSource("seeds")
	void nothingIsLostOnOneServer(long seed) {
		run(seed, OneServer::new);
	}

	@Tag("long")
	@ParameterizedTest(name = "seed {0}")
	@MethodSource("seeds")
	void nothingIsLostWithSentinel(long seed) {
		run(seed, SentinelServers::new);
	}

	@Tag("long")
	@ParameterizedTest(name = "seed {0}")
	@MethodSource("seeds")
	void nothingIsLostOnACluster(long seed) {
		run(seed, ClusterServers::new);
	}

	@Tag("long")
	@RequiresPythonRq
	@ParameterizedTest(name = "seed {0}")
	@MethodSource("seeds")
	void nothingIsLostBesidePython(long seed) {
		run(seed, ServerWithPython::new);
	}

	private static void run(long seed, Supplier<Ground> grounds) {
		Ground ground = grounds.get();
		String name = "seed %d, %s, %s, %s threads".formatted(seed, ground.name(), client(seed),
				isVirtual(seed) ? "virtual" : "platform");
		System.out.println(name);
		try (Chaos chaos = new Chaos(name.replaceAll("\\W+", "-"), ground, properties(seed))) {
			chaos.start(form());
			new Plan(seed, form(), ground.faults()).forEachRemaining(chaos::strike);
			ChaosAudit audit = chaos.audit();
			report.add(name, audit, chaos.strikes());
			report.write(Path.of(System.getProperty("chaos.report", "target/chaos.md")));
			assertThat(audit.failures(chaos.strikes())).as(name).isEmpty();
		}
	}

	/** What else the seed decides: each of four seeds in a row differs in it. */
	private static List<String> properties(long seed) {
		return List.of("--spring.threads.virtual.enabled=" + isVirtual(seed),
				"--" + RedisClients.PROPERTY + "=" + client(seed));
	}

	static boolean isVirtual(long seed) {
		return Runtime.version().feature() >= 25 && seed % 2 == 0;
	}

	/** The client that the build was told, or the one of the seed. */
	static String client(long seed) {
		return System.getProperty("test.client", (seed / 2 % 2 == 0) ? "jedis" : "lettuce");
	}

}
