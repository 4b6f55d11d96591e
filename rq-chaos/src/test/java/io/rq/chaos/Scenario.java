package io.rq.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.template.JobTemplate;
import io.rq.test.JavaProcess;
import io.rq.test.RedisClients;
import io.rq.test.TestRedis;

import static org.awaitility.Awaitility.await;

/**
 * Applications on a Redis that is going to suffer, a producer, and the ledger of what
 * ran.
 */
final class Scenario implements AutoCloseable {

	static final Duration PATIENCE = Duration.ofMinutes(2);

	private static final Path LOGS = Path.of("target", "reliability");

	private final String name;

	private final String[] connection;

	private final TestRedis record = TestRedis.start();

	private final Ledger ledger = new Ledger(this.record.port());

	private final Map<String, JavaProcess> workers = new ConcurrentHashMap<>();

	private final List<String> acknowledged = new CopyOnWriteArrayList<>();

	private final AtomicInteger refused = new AtomicInteger();

	private final ScheduledExecutorService load = Executors.newSingleThreadScheduledExecutor();

	private @Nullable ConfigurableApplicationContext producer;

	/**
	 * Prepares a scenario.
	 * @param name names its logs
	 * @param connection how applications reach their Redis: Spring Boot properties
	 */
	Scenario(String name, String... connection) {
		this.name = name;
		this.connection = connection;
		try {
			Files.createDirectories(LOGS);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static String port(int port) {
		return "--spring.data.redis.port=" + port;
	}

	/** Starts an application with a worker and waits until it is on record. */
	JavaProcess worker(String worker, String... properties) {
		List<String> arguments = new ArrayList<>(Arrays.asList(this.connection));
		arguments.addAll(List.of("--spring.application.name=" + worker, "--rq.worker.name=" + worker,
				"--rq.worker.queues=default", "--rq.cron.enabled=false", "--ledger.port=" + this.record.port()));
		arguments.addAll(Arrays.asList(properties));
		JavaProcess process = JavaProcess.start(ChaosApplication.class, LOGS.resolve(this.name + "-" + worker + ".log"),
				arguments.toArray(String[]::new));
		this.workers.put(worker, process);
		return process;
	}

	JobTemplate jobs(String... properties) {
		ConfigurableApplicationContext context = this.producer;
		if (context == null) {
			List<String> arguments = new ArrayList<>(Arrays.asList(this.connection));
			arguments.addAll(List.of("--rq.worker.enabled=false", "--spring.main.banner-mode=off"));
			arguments.add("--" + RedisClients.PROPERTY + "=" + RedisClients.name());
			arguments.addAll(Arrays.asList(properties));
			context = new SpringApplicationBuilder(Producer.class).web(WebApplicationType.NONE)
				.run(arguments.toArray(String[]::new));
			this.producer = context;
		}
		return context.getBean(JobTemplate.class);
	}

	List<Job> enqueue(int count, Duration length) {
		List<JobRequest> requests = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			requests.add(JobRequest.of(ChaosJobs.WORK, length.toMillis()));
		}
		List<Job> stored = jobs().enqueueAll(requests);
		stored.forEach((job) -> this.acknowledged.add(job.id()));
		return stored;
	}

	/** Enqueues short jobs one by one until told to stop. */
	void startLoad(Duration every, Supplier<Job> enqueue) {
		jobs();
		this.load.scheduleAtFixedRate(() -> {
			try {
				this.acknowledged.add(enqueue.get().id());
			}
			catch (RuntimeException ex) {
				this.refused.incrementAndGet();
			}
		}, 0, every.toMillis(), TimeUnit.MILLISECONDS);
	}

	void startLoad() {
		startLoad(Duration.ofMillis(20), () -> jobs().enqueue(ChaosJobs.WORK, 50));
	}

	void stopLoad() {
		this.load.shutdown();
		try {
			this.load.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Waits until each of some processes has run a job. */
	void awaitWorking(String... workers) {
		await().atMost(PATIENCE).until(() -> {
			enqueue(1, Duration.ofMillis(1));
			return this.ledger.runs()
				.stream()
				.map(Ledger.Run::process)
				.distinct()
				.toList()
				.containsAll(List.of(workers));
		});
	}

	/** Waits until so many more runs have started. */
	void awaitStarts(int more) {
		int before = this.ledger.runs().size();
		await().atMost(PATIENCE).until(() -> this.ledger.runs().size() >= before + more);
	}

	/** Waits until a process runs so many jobs. */
	void awaitRunning(String worker, int count) {
		await().atMost(PATIENCE)
			.until(() -> this.ledger.runs()
				.stream()
				.filter((run) -> run.process().equals(worker) && run.end() == null)
				.count() == count);
	}

	/** Waits until a run has started after a moment, and returns how long after. */
	Duration awaitStartAfter(long moment) {
		return Duration.ofMillis(await().atMost(PATIENCE)
			.until(() -> this.ledger.runs()
				.stream()
				.mapToLong(Ledger.Run::start)
				.filter((at) -> at > moment)
				.findFirst(), (start) -> start.isPresent())
			.getAsLong() - moment);
	}

	List<Ledger.Run> runs() {
		return this.ledger.runs();
	}

	/** Waits until every acknowledged job has ended, or can no more, and counts. */
	Audit audit() {
		return Audit.of(this.acknowledged, this.refused.get(), this.ledger::runs);
	}

	@Override
	public void close() {
		this.load.shutdownNow();
		this.workers.values().forEach(JavaProcess::close);
		if (this.producer != null) {
			this.producer.close();
		}
		this.ledger.close();
		this.record.close();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(exclude = DataSourceAutoConfiguration.class)
	static class Producer {

	}

}
