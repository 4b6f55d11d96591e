package io.rq.autoconfigure.metrics;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.ReturnType;

import io.rq.autoconfigure.RqAutoConfiguration;
import io.rq.autoconfigure.health.RqHealthContributorAutoConfiguration;
import io.rq.history.HistoryRange;
import io.rq.operations.JobFilter;
import io.rq.operations.RqOperations;
import io.rq.queue.Registry;
import io.rq.redis.MaintenanceStore;
import io.rq.redis.Retention;
import io.rq.redis.Retention.Bounds;
import io.rq.redis.WorkerLease;
import io.rq.test.OneRedis;
import io.rq.test.TestRedis;
import io.rq.test.TestStores;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what maintenance, health, the endpoint and the meters ask of Redis where very
 * many jobs are in every registry: no more than where there are few.
 */
@OneRedis("counts the commands of a server of its own")
class CrowdedApplicationTests {

	private static final int FEW = 1_000;

	private static final int MANY = 30_000;

	private static final int VERY_MANY = 1_000_000;

	private static final int CHUNK = 1_000;

	/** What one script drops of all registries together, while nobody else is served. */
	private static final int LARGEST_BATCH = 1_000;

	/** In how many seconds jobs are due that are not yet. */
	private static final int AHEAD = 1_000_000;

	/** What each may ask. */
	private static final long MOST_COMMANDS = 20_000;

	/** The scheduler beside them asks now and then. */
	private static final long BY_THE_WAY = 40;

	private static final String CROWD = """
			local far = redis.call('TIME')[1] + ARGV[2]
			for i = 1, 1000 do
			  local id = 'filler-' .. ARGV[1] .. '-' .. i
			  redis.call('RPUSH', 'rq:queue:default', id)
			  for _, registry in ipairs({ 'scheduled', 'deferred', 'finished', 'failed', 'canceled' }) do
			    redis.call('ZADD', 'rq:' .. registry .. ':default', far + i, id)
			  end
			  redis.call('ZADD', 'rq:wip:default', far, id .. ':1')
			end
			redis.call('SADD', 'rq:queues', 'rq:queue:default')""";

	private final TestRedis redis = TestRedis.start();

	private int chunks;

	private int dropped;

	@AfterEach
	void close() {
		this.redis.close();
	}

	private void fillUpTo(int size) {
		fillUpTo(size, AHEAD);
	}

	/** Puts in jobs whose time is so many seconds from now. */
	private void fillUpTo(int size, int seconds) {
		try (RedisConnection connection = this.redis.connectionFactory().getConnection()) {
			for (; this.chunks < size / CHUNK; this.chunks++) {
				connection.scriptingCommands()
					.eval(CROWD.getBytes(StandardCharsets.UTF_8), ReturnType.STATUS, 0,
							Integer.toString(this.chunks).getBytes(StandardCharsets.UTF_8),
							Integer.toString(seconds).getBytes(StandardCharsets.UTF_8));
			}
		}
	}

	/** How many commands Redis carried out during a call, those in scripts too. */
	private long commands(Runnable work) {
		return commands("", work);
	}

	private long commands(String beginning, Runnable work) {
		try (RedisConnection connection = this.redis.connectionFactory().getConnection()) {
			connection.serverCommands().resetConfigStats();
			work.run();
			Properties info = connection.serverCommands().info("commandstats");
			assertThat(info).isNotNull();
			return info.entrySet()
				.stream()
				.filter((command) -> command.getKey().toString().startsWith("cmdstat_" + beginning))
				.mapToLong(
						(command) -> Long.parseLong(command.getValue().toString().replaceAll("calls=(\\d+),.*", "$1")))
				.sum();
		}
	}

	/** What searches, and is bounded by how many jobs it looks at, is left out. */
	private static void read(RqOperations operations) {
		operations.overview();
		operations.queue("default");
		for (Registry registry : Registry.values()) {
			operations.jobs("default", registry, JobFilter.ALL, null, 20);
		}
		operations.doctor();
		operations.history("default", null, HistoryRange.HOUR);
	}

	private MaintenanceStore maintenance() {
		return new MaintenanceStore(TestStores.scripts(this.redis.connectionFactory()), Clock.systemUTC(),
				new WorkerLease("w1", Duration.ofSeconds(30), Duration.ofSeconds(10)));
	}

	private static Retention keeping(int count) {
		Bounds bounds = new Bounds(count, Duration.ofDays(365), 1L << 40);
		return new Retention(bounds, bounds, bounds);
	}

	private void maintain(int size) {
		this.dropped += 300;
		Retention retention = keeping(size - this.dropped);
		MaintenanceStore maintenance = maintenance();
		assertThat(maintenance.chores(List.of("default"), 500, retention).get("default"))
			.contains(MaintenanceStore.Chore.TRIM);
		assertThat(maintenance.trim("default", retention))
			.isEqualTo(Map.of(Registry.FINISHED, 300L, Registry.FAILED, 300L, Registry.CANCELED, 300L));
		maintenance.expire("default", 500);
		maintenance.reclaim("default", 3, 500, null);
		maintenance.restoreTaken("default");
		maintenance.releaseDependents("default");
		maintenance.enqueueReady("default");
		maintenance.forgetWorkers("default");
		maintenance.freeSlots("default");
		maintenance.ungroup();
	}

	private Map<String, Long> costs(int size) {
		fillUpTo(size);
		Map<String, Long> costs = new TreeMap<>();
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, JacksonAutoConfiguration.class,
					RqAutoConfiguration.class, RqHealthContributorAutoConfiguration.class,
					RqMetricsAutoConfiguration.class, HealthContributorAutoConfiguration.class,
					HealthContributorRegistryAutoConfiguration.class))
			.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
			.withPropertyValues("spring.data.redis.url=" + this.redis.url(), "rq.worker.enabled=false",
					"rq.worker.with-scheduler=true", "rq.scheduler.queues=default", "rq.scheduler.interval=1m",
					"rq.doctor.enabled=false", "rq.operations.bulk.enabled=false")
			.run((context) -> {
				HealthIndicator health = context.getBean("rqHealthContributor", HealthIndicator.class);
				List<Meter> meters = context.getBean(MeterRegistry.class).getMeters();
				assertThat(meters).extracting((meter) -> meter.getId().getName()).contains("rq.queue.size");
				costs.put("health", commands(health::health));
				costs.put("meters", commands(
						() -> meters.forEach((meter) -> meter.measure().forEach((value) -> value.getValue()))));
				costs.put("endpoint", commands(() -> read(context.getBean(RqOperations.class))));
			});
		costs.put("maintenance", commands(() -> maintain(size)));
		return costs;
	}

	private void assertSame(Map<String, Long> few, Map<String, Long> many) {
		assertThat(many.values()).allSatisfy((commands) -> assertThat(commands).isBetween(1L, MOST_COMMANDS));
		assertThat(many).as("beside " + few)
			.allSatisfy((face, commands) -> assertThat(commands)
				.isLessThanOrEqualTo(few.getOrDefault(face, 0L) + few.getOrDefault(face, 0L) / 4 + BY_THE_WAY));
	}

	@Test
	void manyJobsCostNoMoreCommandsThanFew() {
		assertSame(costs(FEW), costs(MANY));
	}

	private long ended() {
		try (RedisConnection connection = this.redis.connectionFactory().getConnection()) {
			return Stream.of("finished", "failed", "canceled")
				.mapToLong((registry) -> connection.zSetCommands()
					.zCard(("rq:" + registry + ":default").getBytes(StandardCharsets.UTF_8)))
				.sum();
		}
	}

	/** Repeats a chore until it finds no more, and counts the scripts that it takes. */
	private void assertSmallBatches(Runnable chore) {
		long before;
		do {
			before = ended();
			long scripts = commands("eval", chore);
			assertThat(before - ended()).isLessThanOrEqualTo(scripts * LARGEST_BATCH);
		}
		while (ended() < before);
	}

	private void dropMany(int size) {
		fillUpTo(size, -AHEAD);
		assertSmallBatches(() -> maintenance().expire("default", AHEAD / 2));
		assertThat(ended()).as("that are due").isZero();
		this.chunks = 0;
		fillUpTo(size);
		assertSmallBatches(() -> maintenance().trim("default", keeping(FEW)));
		assertThat(ended()).as("that are kept").isEqualTo(3 * FEW);
	}

	@Test
	void manyJobsAreDroppedInSmallBatches() {
		dropMany(MANY);
	}

	@Test
	@Tag("long")
	void aMillionJobsAreDroppedInSmallBatches() {
		dropMany(VERY_MANY);
	}

	@Test
	@Tag("long")
	void aMillionJobsCostNoMoreCommandsThanFew() {
		assertSame(costs(FEW), costs(VERY_MANY));
	}

}
