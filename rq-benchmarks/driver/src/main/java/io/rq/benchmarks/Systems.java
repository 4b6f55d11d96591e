package io.rq.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.rq.benchmarks.SystemSpec.Store;

/**
 * The systems that can be measured here. One that cannot start is kept with the reason.
 */
final class Systems {

	static final String OURS = "rq";

	static final String OURS_INSTALLED = "rq-installed";

	private static final String OURS_ON_LETTUCE = "rq-lettuce";

	private static final String OURS_FOR_CLUSTERS = "rq-cluster";

	private final Options options;

	private final List<SystemSpec> available = new ArrayList<>();

	private final List<SystemSpec> installed = new ArrayList<>();

	private final List<SystemSpec> grown = new ArrayList<>();

	private final Map<String, String> absent = new LinkedHashMap<>();

	Systems(Options options) {
		this.options = options;
		ours(OURS, "RQ for Spring Boot", "jedis");
		if (options.systems().contains(OURS_ON_LETTUCE)) {
			ours(OURS_ON_LETTUCE, "RQ for Spring Boot on Lettuce", "lettuce");
		}
		if (options.systems().contains(OURS_FOR_CLUSTERS)) {
			ours(OURS_FOR_CLUSTERS, "RQ for Spring Boot in the layout for clusters", "jedis", "-Drq.layout=cluster");
		}
		bullmq();
		findInstalled();
		findGrown();
		java("db-scheduler", "db-scheduler", "peers/db-scheduler", "io.rq.benchmarks.dbscheduler.DbSchedulerSystem",
				Store.POSTGRES, 32, 25_000);
		java("jesque", "Jesque", "peers/jesque", "io.rq.benchmarks.jesque.JesqueSystem", Store.REDIS, 8, 25_000);
		java("jobrunr", "JobRunr", "peers/jobrunr", "io.rq.benchmarks.jobrunr.JobRunrSystem", Store.POSTGRES, 16,
				1_500);
		java("redisson", "Redisson", "peers/redisson", "io.rq.benchmarks.redisson.RedissonSystem", Store.REDIS, 16,
				8_000);
		java("rqueue", "Rqueue", "peers/rqueue", "io.rq.benchmarks.rqueue.RqueueSystem", Store.REDIS, 50, 4_000);
		python("SimpleWorker", "rq-simple", "Python RQ, SimpleWorker", 2_000, false);
		python("Worker", "rq-fork", "Python RQ, Worker", 300, true);
	}

	List<SystemSpec> available() {
		return this.available;
	}

	/**
	 * Returns the systems that are measured as installed: ours with its defaults, and the
	 * peer with as many jobs at a time as suits it best.
	 */
	List<SystemSpec> installed() {
		return this.installed;
	}

	/**
	 * Returns ours in growing numbers.
	 */
	List<SystemSpec> grown() {
		return this.grown;
	}

	/**
	 * Returns the reasons by the titles of the systems that cannot be measured.
	 */
	Map<String, String> absent() {
		return this.absent;
	}

	void setAbsent(SystemSpec system, String reason) {
		this.available.remove(system);
		this.absent.putIfAbsent(system.title(), reason);
	}

	private void ours(String name, String title, String client, String... options) {
		java(name, title, "rq", "io.rq.benchmarks.rq.RqSystem", Store.REDIS, 100, 200_000,
				Stream.concat(Stream.of("-Dspring.data.redis.client-type=" + client), Stream.of(options))
					.toArray(String[]::new));
	}

	private void findInstalled() {
		for (SystemSpec system : this.available) {
			if (system.name().equals(OURS)) {
				this.installed.add(withDefaults(system, OURS_INSTALLED, system.title() + ", defaults", 10));
				this.installed.add(withDefaults(system, OURS + "-one", system.title() + ", `concurrency: 1`", 1));
			}
			else if (system.name().equals("bullmq")) {
				this.installed.add(new SystemSpec("bullmq-installed", system.title(), system.store(), system.command(),
						system.concurrency(), system.drainJobs(), true));
			}
		}
	}

	private void findGrown() {
		this.available.stream().filter((system) -> system.name().equals(OURS)).forEach((system) -> {
			this.grown.add(withDefaults(system, OURS + "-alone", "one worker, one queue", 10));
			this.grown.add(withDefaults(system, OURS + "-queues", "one worker, 100 queues", 10, "-Dbench.queues=100"));
			this.grown.add(withDefaults(system, OURS + "-workers", "50 workers, one queue", 10, "-Dbench.workers=50"));
			this.grown.add(withDefaults(system, OURS + "-many", "50 workers, 100 queues", 10, "-Dbench.queues=100",
					"-Dbench.workers=50"));
		});
	}

	private static SystemSpec withDefaults(SystemSpec system, String name, String title, int concurrency,
			String... properties) {
		List<String> command = new ArrayList<>(system.command());
		command.add(1, "-Dspring.threads.virtual.enabled=false");
		command.addAll(1, List.of(properties));
		return new SystemSpec(name, title, system.store(), command, concurrency, system.drainJobs() / 2, true);
	}

	private void java(String name, String title, String module, String main, Store store, int concurrency,
			int drainJobs, String... properties) {
		add(new SystemSpec(name, title, store, List.of(), concurrency, drainJobs, false),
				() -> javaCommand(module, main, properties));
	}

	private List<String> javaCommand(String module, String main, String... properties) throws IOException {
		Path target = this.options.directory().resolve(module).resolve("target");
		Path classpath = target.resolve("classpath.txt");
		if (!Files.exists(classpath)) {
			throw new IOException("its module has not been built");
		}
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(this.options.jvmFlags());
		command.addAll(List.of(properties));
		command.add("-cp");
		command.add(target.resolve("classes") + File.pathSeparator + Files.readString(classpath).trim());
		command.add(main);
		return command;
	}

	private void bullmq() {
		Path directory = this.options.directory().resolve("peers/bullmq");
		add(new SystemSpec("bullmq", "BullMQ", Store.REDIS, List.of(), 100, 100_000, false), () -> {
			Shell.output(List.of("node", "--version"));
			if (!Files.exists(directory.resolve("node_modules/bullmq"))) {
				Shell.output(List.of("npm", "install", "--no-package-lock", "--prefix", directory.toString(),
						"--ignore-scripts", "--no-audit", "--no-fund"));
			}
			return List.of("node", directory.resolve("bullmq.mjs").toString());
		});
	}

	private void python(String workerClass, String name, String title, int drainJobs, boolean brief) {
		Path script = this.options.directory().resolve("peers/python-rq/rq_bench.py");
		add(new SystemSpec(name, title, Store.REDIS, List.of(), 2, drainJobs, brief),
				() -> List.of(pythonWithRq(), "-B", script.toString(), workerClass));
	}

	private static String pythonWithRq() throws IOException {
		return Stream.of("/usr/bin/python3", "python3")
			.filter((python) -> Shell.succeeds(List.of(python, "-c", "import rq")))
			.findFirst()
			.orElseThrow(() -> new IOException("no python3 with the rq module"));
	}

	private void add(SystemSpec system, CommandSource source) {
		if (!this.options.includes(system)) {
			return;
		}
		try {
			this.available.add(new SystemSpec(system.name(), system.title(), system.store(), source.command(),
					Integer.getInteger("benchmarks.concurrency." + system.name(), system.concurrency()),
					Integer.getInteger("benchmarks.drain." + system.name(), system.drainJobs()), system.brief()));
		}
		catch (IOException ex) {
			this.absent.put(system.title(), ex.getMessage());
		}
	}

	/**
	 * Finds the command of a system, or says why there is none.
	 */
	@FunctionalInterface
	private interface CommandSource {

		List<String> command() throws IOException;

	}

}
