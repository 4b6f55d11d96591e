package io.rq.benchmarks;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * What a run was asked to do, from system properties.
 *
 * @param quick whether to measure less of everything
 * @param rounds how often each system is measured
 * @param systems names of the systems to measure; empty for all
 * @param backlogSystems names of the systems whose backlog is measured
 * @param micro whether to run the JMH benchmarks too
 * @param jvmFlags flags of every Java process
 * @param directory where the modules of the benchmarks are
 * @param output where results go
 */
record Options(boolean quick, int rounds, Set<String> systems, Set<String> backlogSystems, boolean micro,
		List<String> jvmFlags, Path directory, Path output) {

	private static final int MOST_WARM_UP_JOBS = 50_000;

	private static final int SLOW_DRAIN_JOBS = 10_000;

	static Options fromSystemProperties() {
		boolean quick = flag("quick");
		Path directory = Path.of(System.getProperty("benchmarks.directory", "rq-benchmarks"))
			.toAbsolutePath()
			.normalize();
		return new Options(quick, Integer.getInteger("benchmarks.rounds", quick ? 1 : 5),
				names("benchmarks.systems", ""), names("benchmarks.backlog", quick ? "" : "rq"),
				flag("benchmarks.micro"),
				List.of(System.getProperty("benchmarks.jvm", "-Xms128m -Xmx512m -XX:MetaspaceSize=96m -XX:+UseSerialGC")
					.split(" ")),
				directory,
				Path.of(System.getProperty("benchmarks.output", directory.resolve("target/report").toString())));
	}

	private static boolean flag(String name) {
		String value = System.getProperty(name);
		return value != null && !value.equals("false");
	}

	private static Set<String> names(String property, String defaults) {
		String value = System.getProperty(property, defaults);
		return value.isBlank() ? Set.of() : Set.copyOf(Arrays.asList(value.split(",")));
	}

	boolean includes(SystemSpec system) {
		return this.systems.isEmpty() || this.systems.contains(system.name());
	}

	/**
	 * How long single calls are measured.
	 */
	int enqueueMillis() {
		return this.quick ? 400 : 600;
	}

	/**
	 * How long single calls go on before they are measured.
	 */
	int warmUpMillis() {
		return this.quick ? 500 : 1_500;
	}

	int drainJobs(SystemSpec system) {
		return this.quick ? system.drainJobs() / 8 : system.drainJobs();
	}

	int warmUpJobs(SystemSpec system) {
		return Math.min(drainJobs(system) / 2, MOST_WARM_UP_JOBS);
	}

	/**
	 * How long jobs are produced while they are worked. What is not done by then takes
	 * slow systems many times as long.
	 */
	int endToEndMillis(SystemSpec system) {
		if (this.quick) {
			return 300;
		}
		return (system.drainJobs() < SLOW_DRAIN_JOBS) ? 500 : 1_000;
	}

	int pickupRate() {
		return 50;
	}

	int pickupMillis() {
		return this.quick ? 1_000 : 7_000;
	}

	int loadMillis() {
		return 5_000;
	}

	int scheduledJobs() {
		return this.quick ? 100 : 1_000;
	}

	int scheduleMillis() {
		return this.quick ? 2_000 : 20_000;
	}

	int retriedJobs() {
		return this.quick ? 20 : 500;
	}

	/**
	 * The wait for what must come at last.
	 */
	int patienceMillis() {
		return this.quick ? 20_000 : 60_000;
	}

	/**
	 * How long workers are left alone before it counts what they do when idle.
	 */
	int restSeconds() {
		return this.quick ? 1 : 5;
	}

	int idleSeconds() {
		return this.quick ? 2 : 20;
	}

	int replayedJobs() {
		return this.quick ? 10_000 : 50_000;
	}

	/**
	 * How often recorded calls are played again.
	 */
	int replays() {
		return this.quick ? 1 : 3;
	}

	int backlogWaiting() {
		return this.quick ? 100_000 : 1_000_000;
	}

	int backlogScheduled() {
		return this.quick ? 20_000 : 100_000;
	}

}
