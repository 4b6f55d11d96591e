package io.rq.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import io.rq.benchmarks.SystemSpec.Store;

/**
 * Measures all systems in turns (A B C, B C A, …), so that what else the machine does
 * meets each of them alike, and writes the report.
 */
public final class Benchmarks {

	private final Options options;

	private final Systems systems;

	private final Results results;

	private PostgresServer postgres;

	private Benchmarks(Options options) throws IOException {
		this.options = options;
		Files.createDirectories(options.output().resolve("logs"));
		this.systems = new Systems(options);
		this.results = new Results(options.output().resolve("results.jsonl"));
	}

	/**
	 * Runs the benchmarks.
	 * @param args none; options are system properties
	 * @throws Exception if they cannot run at all
	 */
	public static void main(String[] args) throws Exception {
		new Benchmarks(Options.fromSystemProperties()).run();
	}

	private void run() throws IOException, InterruptedException {
		long start = System.nanoTime();
		startPostgres();
		try {
			for (int round = 1; round <= this.options.rounds(); round++) {
				measure(round);
			}
			for (SystemSpec system : List.copyOf(this.systems.available())) {
				measureOnce(system);
			}
			List<String> micro = this.options.micro() ? new MicroBenchmarks(this.options).run() : List.of();
			Duration duration = Duration.ofNanos(System.nanoTime() - start);
			Path report = new Report(this.options, this.systems, this.results, duration).write(micro);
			System.out.println("Measured for " + duration.toSeconds() + " s, see " + report);
		}
		finally {
			this.results.close();
			if (this.postgres != null) {
				this.postgres.close();
			}
		}
	}

	private void startPostgres() {
		List<SystemSpec> needing = this.systems.available()
			.stream()
			.filter((system) -> system.store() == Store.POSTGRES)
			.toList();
		try {
			this.postgres = needing.isEmpty() ? null : new PostgresServer(this.options.output());
		}
		catch (IOException | RuntimeException ex) {
			needing.forEach((system) -> this.systems.setAbsent(system, "PostgreSQL does not start: " + ex));
		}
	}

	private void measure(int round) throws IOException, InterruptedException {
		new PhysicalLimit(this.options, this.results).measure(round);
		List<SystemSpec> order = new ArrayList<>(this.systems.available());
		Collections.rotate(order, 1 - round);
		for (SystemSpec system : order) {
			session(system, round, "round " + round, (session) -> {
				session.measure();
				if (round == 1) {
					session.measureSchedule();
				}
			});
		}
	}

	private void measureOnce(SystemSpec system) throws InterruptedException {
		if (system.name().equals(Systems.OURS)) {
			session(system, 1, "scripts", Session::measureScripts);
		}
		if (this.options.backlogSystems().contains(system.name())) {
			session(system, 1, "backlog", Session::measureBacklog);
		}
	}

	private void session(SystemSpec system, int round, String label, Part part) throws InterruptedException {
		long start = System.nanoTime();
		try (Session session = new Session(system, round, this.options, this.results, this.postgres)) {
			session.open();
			part.measure(session);
		}
		catch (IOException ex) {
			this.results.remark(round, system, ex.getMessage());
			if (this.results.spread(system.name(), Measure.DRAIN).isEmpty()) {
				this.systems.setAbsent(system, ex.getMessage());
			}
		}
		System.out.printf("  %-8s  %-24s %5.1f s%n", label, system.title(), (System.nanoTime() - start) / 1e9);
	}

	/**
	 * A part of what is measured of a system.
	 */
	@FunctionalInterface
	private interface Part {

		void measure(Session session) throws IOException, InterruptedException;

	}

}
