package io.rq.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.rq.benchmarks.SystemSpec.Store;

/**
 * Measures all systems in turns (A B C, B C A, …), so that what else the machine does
 * meets each of them alike, and writes the report.
 */
public final class Benchmarks {

	private final Options options;

	private final Systems systems;

	private final Results results;

	private final Map<SystemSpec, Session> sessions = new HashMap<>();

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
				measureInstalled(round);
				measure(round);
			}
			measureBacklogs();
			measureGrowth();
			closeSessions();
			measureScripts();
			List<String> micro = this.options.micro() ? new MicroBenchmarks(this.options).run() : List.of();
			Duration duration = Duration.ofNanos(System.nanoTime() - start);
			Path report = new Report(this.options, this.systems, this.results, duration).write(micro);
			System.out.println("Measured for " + duration.toSeconds() + " s, see " + report);
		}
		finally {
			closeSessions();
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

	private void measureInstalled(int round) throws InterruptedException {
		List<SystemSpec> order = new ArrayList<>(this.systems.installed());
		Collections.rotate(order, 1 - round);
		for (SystemSpec system : order) {
			timed(system, round, "installed " + round, () -> {
				try (Session session = open(system, RedisServer.INSTALLED)) {
					new InstalledMeasurement(session, this.options).measure(round);
				}
			});
			if (round == this.options.rounds()) {
				measureLateness(system, round);
			}
		}
	}

	private void measureLateness(SystemSpec system, int round) throws InterruptedException {
		timed(system, round, "lateness", () -> {
			try (Session session = open(system, RedisServer.INSTALLED)) {
				session.begin(round);
				session.startWorkerProcess();
				session.work();
				new LatenessMeasurement(session, this.options).measure(LatencyMeasure.COLD_SCHEDULED,
						LatencyMeasure.COLD_RETRIED);
				session.halt();
			}
		});
	}

	private void measureGrowth() throws InterruptedException {
		for (SystemSpec system : this.systems.grown()) {
			timed(system, 1, "growth", () -> {
				try (Session session = open(system, RedisServer.INSTALLED)) {
					new GrowthMeasurement(session, this.options).measure();
				}
			});
		}
	}

	private void measure(int round) throws IOException, InterruptedException {
		new PhysicalLimit(this.options, this.results).measure(round);
		List<SystemSpec> order = new ArrayList<>(this.systems.available());
		Collections.rotate(order, 1 - round);
		for (SystemSpec system : order) {
			timed(system, round, "round " + round, () -> {
				Session session = this.sessions.get(system);
				if (session == null) {
					session = open(system, RedisServer.TUNED);
					this.sessions.put(system, session);
				}
				else {
					session.thaw();
				}
				new RoundMeasurement(session, this.options).measure(round);
				session.freeze();
			});
		}
	}

	private Session open(SystemSpec system, List<String> redisSettings) throws IOException, InterruptedException {
		Session session = new Session(system, this.options, this.results, this.postgres, redisSettings);
		try {
			session.open();
			return session;
		}
		catch (IOException ex) {
			session.close();
			throw ex;
		}
	}

	private void measureBacklogs() throws InterruptedException {
		for (Map.Entry<SystemSpec, Session> entry : Map.copyOf(this.sessions).entrySet()) {
			if (this.options.backlogSystems().contains(entry.getKey().name())) {
				Session session = entry.getValue();
				timed(entry.getKey(), 1, "backlog", () -> {
					session.thaw();
					new BacklogMeasurement(session, this.options).measure();
					session.freeze();
				});
			}
		}
	}

	private void measureScripts() throws InterruptedException {
		for (SystemSpec system : this.systems.available()) {
			if (system.name().equals(Systems.OURS)) {
				timed(system, 1, "scripts", () -> {
					try (Session session = open(system, RedisServer.TUNED)) {
						new PhysicalLimit(this.options, this.results).measureScripts(session);
					}
				});
			}
		}
	}

	private void timed(SystemSpec system, int round, String label, Part part) throws InterruptedException {
		long start = System.nanoTime();
		try {
			part.measure();
		}
		catch (IOException ex) {
			this.results.remark(round, system, ex.getMessage());
			if (this.systems.available().contains(system)
					&& this.results.spread(system.name(), Measure.DRAIN).isEmpty()) {
				this.systems.setAbsent(system, ex.getMessage());
			}
			Session failed = this.sessions.remove(system);
			if (failed != null) {
				failed.close();
			}
		}
		System.out.printf("  %-8s  %-24s %5.1f s%n", label, system.title(), (System.nanoTime() - start) / 1e9);
	}

	private void closeSessions() {
		this.sessions.values().forEach(Session::close);
		this.sessions.clear();
	}

	/**
	 * A part of the measurement.
	 */
	@FunctionalInterface
	private interface Part {

		void measure() throws IOException, InterruptedException;

	}

}
