package io.rq.cron;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.data.redis.connection.RedisConnectionFactory;

import io.rq.job.JobRequest;
import io.rq.scheduler.SchedulerContainer;
import io.rq.test.JavaProcess;
import io.rq.test.OneRedis;
import io.rq.test.RedisClients;
import io.rq.test.TestRedis;

import static io.rq.test.TestStores.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for cron jobs on several schedulers (W32): whoever dies, whatever the clocks say,
 * an occurrence is fired once, and those of a restart are known.
 */
@Timeout(120)
@OneRedis("restarts a server of its own")
class CronSchedulingTests {

	private static final Duration LEASE = Duration.ofSeconds(1);

	private static final Duration LONG = Duration.ofSeconds(60);

	@TempDir
	private Path directory;

	private final TestRedis redis = TestRedis.start("--appendonly", "yes", "--appendfsync", "always");

	private final RedisConnectionFactory connections = RedisClients.connect(this.redis.host(), this.redis.port(),
			Duration.ofSeconds(2));

	private final CronFixture fixture = new CronFixture(this.connections);

	private final List<CronFire> fires = new CopyOnWriteArrayList<>();

	@AfterEach
	void close() {
		this.fixture.close();
		RedisClients.close(this.connections);
		this.redis.close();
	}

	private static CronJobs everySecond(CronFixture fixture) {
		CronJobs jobs = fixture.jobs();
		jobs.register(CronJob.of("tick", JobRequest.of("tasks.tick"), Schedule.every(Duration.ofSeconds(1)))
			.misfire(MisfirePolicy.ALL));
		return jobs;
	}

	private SchedulerContainer start(Clock clock) {
		SchedulerContainer container = this.fixture.container(everySecond(this.fixture), clock, LEASE, this.fires::add);
		container.start();
		return container;
	}

	/** All occurrences from the first to the last were fired, each once, in order. */
	private void assertEachSecondOnce() {
		List<String> queued = this.fixture.queued();
		List<Long> times = queued.stream().map((id) -> Long.valueOf(id.substring(id.lastIndexOf('-') + 1))).toList();
		assertThat(queued).doesNotHaveDuplicates();
		for (int i = 1; i < times.size(); i++) {
			assertThat(times.get(i) - times.get(i - 1)).isEqualTo(1000);
		}
	}

	/** W32. */
	@Test
	void severalSchedulersWithClocksApartFireEachOccurrenceOnceWithinMilliseconds() {
		SchedulerContainer first = start(Clock.systemUTC());
		start(Clock.offset(Clock.systemUTC(), Duration.ofHours(-3)));
		start(Clock.offset(Clock.systemUTC(), Duration.ofDays(400)));
		await().atMost(LONG).until(() -> this.fires.size() >= 3);
		first.stop();
		int before = this.fires.size();
		await().atMost(LONG).until(() -> this.fires.size() >= before + 3);
		this.fixture.close();
		assertEachSecondOnce();
		assertThat(this.fixture.queued()).hasSameSizeAs(this.fires);
		assertThat(this.fires).allMatch((fire) -> fire.outcome() == CronFire.Outcome.FIRED);
		assertThat(this.fires.stream().map(CronFire::lateness).min(Duration::compareTo).orElseThrow())
			.isLessThan(Duration.ofMillis(200));
	}

	/** W32. */
	@Test
	void whatALeaderThatIsKilledLeavesUndoneTheNextOneMakesUpFor() {
		try (JavaProcess process = process()) {
			await().atMost(LONG).until(() -> this.fixture.queued().size() >= 2);
			start(Clock.systemUTC());
			process.signal("KILL");
			int before = this.fixture.queued().size();
			await().atMost(LONG).until(() -> this.fires.size() >= 2 && this.fixture.queued().size() >= before + 3);
		}
		this.fixture.close();
		assertEachSecondOnce();
	}

	@Test
	void aRestartOfRedisForgetsNoOccurrence() {
		start(Clock.systemUTC());
		await().atMost(LONG).until(() -> this.fires.size() >= 2);
		this.redis.kill();
		this.redis.restart();
		int before = this.fires.size();
		await().atMost(LONG).until(() -> this.fires.size() >= before + 3);
		this.fixture.close();
		assertEachSecondOnce();
	}

	/** W32. */
	@Test
	void aRestartOfTheApplicationNeitherFiresAtOnceNorForgets() {
		SchedulerContainer first = start(Clock.systemUTC());
		await().atMost(LONG).until(() -> !this.fires.isEmpty());
		first.stop();
		assertThat(this.fixture.keys()).doesNotContain(key("rq:cron_schedulers"));
		Instant last = this.fixture.last("tick");
		int before = this.fires.size();
		first.start();
		await().atMost(LONG).until(() -> this.fires.size() > before);
		assertThat(this.fires.get(before).occurrence()).isEqualTo(last.plusSeconds(1));
		this.fixture.close();
		assertEachSecondOnce();
	}

	private JavaProcess process() {
		return JavaProcess.start(CronSchedulingTests.class, this.directory.resolve("scheduler.log"), this.redis.host(),
				String.valueOf(this.redis.port()));
	}

	/**
	 * Runs a scheduler until the process is killed or alone.
	 * @param args host and port
	 * @throws IOException if the input cannot be read
	 */
	public static void main(String[] args) throws IOException {
		CronFixture fixture = new CronFixture(
				RedisClients.connect(args[0], Integer.parseInt(args[1]), Duration.ofSeconds(10)));
		fixture.container(everySecond(fixture), Clock.systemUTC(), LEASE, (fire) -> {
		}).start();
		JavaProcess.endWithParent();
	}

}
