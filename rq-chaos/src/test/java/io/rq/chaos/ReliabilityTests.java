package io.rq.chaos;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.args.ClientType;
import redis.clients.jedis.params.ClientKillParams;

import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.job.JobStatus;
import io.rq.template.JobTemplate;
import io.rq.test.FaultProxy;
import io.rq.test.JavaProcess;
import io.rq.test.TestRedis;
import io.rq.test.TestSentinel;

import static io.rq.chaos.Scenario.PATIENCE;
import static io.rq.chaos.Scenario.port;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What happens to jobs when something goes wrong, fault by fault: the figures of
 * docs/reliability.md.
 */
@Tag("long")
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "sends POSIX signals")
class ReliabilityTests {

	private static final String[] SHORT_LEASE = { "--rq.worker.lease=5s", "--rq.worker.heartbeat-interval=1s",
			"--rq.worker.maintenance-interval=1s" };

	private static final Duration SHORT_LEASE_DURATION = Duration.ofSeconds(5);

	private static final Duration LONG_JOB = Duration.ofSeconds(8);

	private static final int PLACES = 10;

	/**
	 * Jobs that a former primary may take until its clients hear of its successor: two
	 * seconds of load, where one that is not left takes ten.
	 */
	private static final int FEW = 400;

	@Test
	void jobsOfAKilledWorkerRunAgain() {
		killedWorker("killed worker, lease 5 s", Duration.ofSeconds(12), SHORT_LEASE);
	}

	@Test
	void jobsOfAKilledWorkerRunAgainWithTheDefaults() {
		killedWorker("killed worker", Duration.ofSeconds(50));
	}

	private void killedWorker(String fault, Duration limit, String... properties) {
		try (TestRedis redis = TestRedis.start(); Scenario scenario = new Scenario("killed", port(redis.port()))) {
			JavaProcess victim = scenario.worker("victim", properties);
			scenario.worker("survivor", properties);
			scenario.awaitWorking("victim", "survivor");
			scenario.enqueue(2 * PLACES, LONG_JOB);
			scenario.awaitRunning("victim", PLACES);
			victim.signal("KILL");
			long killed = System.currentTimeMillis();
			Audit audit = scenario.audit();
			Duration recovery = audit.restarted("victim", killed);
			Figures.add(fault, audit, audit.doubled().size(), recovery);
			assertThat(audit.lost()).isEmpty();
			assertThat(audit.doubled((run) -> run.process().equals("victim") && run.isRunningAt(killed))).isEmpty();
			assertThat(recovery).isBetween(Duration.ofMillis(1), limit);
		}
	}

	@Test
	void jobsOfAFrozenWorkerRunAgainAndCountOnce() {
		try (TestRedis redis = TestRedis.start(); Scenario scenario = new Scenario("frozen", port(redis.port()))) {
			JavaProcess victim = scenario.worker("victim", SHORT_LEASE);
			scenario.worker("survivor", SHORT_LEASE);
			scenario.awaitWorking("victim", "survivor");
			List<Job> jobs = scenario.enqueue(2 * PLACES, LONG_JOB);
			scenario.awaitRunning("victim", PLACES);
			victim.signal("STOP");
			long frozen = System.currentTimeMillis();
			await().atMost(PATIENCE)
				.until(() -> scenario.audit().restarted("victim", frozen).compareTo(SHORT_LEASE_DURATION) > 0);
			victim.signal("CONT");
			Audit audit = scenario.audit();
			Duration recovery = audit.restarted("victim", frozen);
			Figures.add("frozen worker, lease 5 s", audit, audit.doubled().size(), recovery);
			assertThat(audit.lost()).isEmpty();
			assertThat(audit.doubled((run) -> run.process().equals("victim") && run.isRunningAt(frozen))).isEmpty();
			await().atMost(PATIENCE)
				.untilAsserted(() -> assertThat(jobs)
					.allMatch((job) -> scenario.jobs().find(job.id()).orElseThrow().status() == JobStatus.FINISHED));
		}
	}

	@Test
	void anotherSchedulerLeadsWhenTheLeaderIsKilled() {
		try (TestRedis redis = TestRedis.start(); Scenario scenario = new Scenario("leader", port(redis.port()))) {
			JavaProcess leader = scenario.worker("leader", "--rq.worker.with-scheduler=true",
					"--rq.worker.concurrency=1");
			scenario.startLoad(Duration.ofMillis(100),
					() -> scenario.jobs().enqueueIn(Duration.ofMillis(200), ChaosJobs.WORK, 1));
			scenario.awaitStarts(5);
			scenario.worker("standby", "--rq.worker.with-scheduler=true");
			await().atMost(PATIENCE)
				.until(() -> scenario.runs().stream().anyMatch((run) -> run.process().equals("standby")));
			leader.signal("KILL");
			long killed = System.currentTimeMillis();
			Duration recovery = scenario.awaitStartAfter(killed + 1_000).plusSeconds(1);
			scenario.stopLoad();
			Audit audit = scenario.audit();
			Figures.add("leading scheduler killed", audit, audit.doubled().size(), recovery);
			assertThat(audit.lost()).isEmpty();
			assertThat(audit.doubled((run) -> run.process().equals("leader") && run.isRunningAt(killed))).isEmpty();
			assertThat(recovery).isLessThan(Duration.ofSeconds(25));
		}
	}

	@Test
	void nothingIsLostWhenRedisWithAnAppendOnlyFileIsRestarted() {
		try (TestRedis redis = TestRedis.start("--appendonly", "yes");
				Scenario scenario = new Scenario("restart", port(redis.port()))) {
			underLoad("Redis with append-only file stopped and started", scenario, () -> {
				redis.stop();
				redis.restart();
			});
		}
	}

	@Test
	void nothingIsLostWhenRedisWithAnAppendOnlyFileIsKilled() {
		try (TestRedis redis = TestRedis.start(SingleServer.DURABLE);
				Scenario scenario = new Scenario("killed-redis", port(redis.port()))) {
			underLoad("Redis with append-only file killed and started", scenario, () -> {
				redis.kill();
				redis.restart();
			});
		}
	}

	@Test
	void nothingIsDoubledWhenRedisIsAwayForLongerThanTheLease() {
		try (TestRedis redis = TestRedis.start("--appendonly", "yes");
				Scenario scenario = new Scenario("away", port(redis.port()))) {
			underLoad("Redis away for 3 × lease", scenario, () -> {
				redis.stop();
				pause(SHORT_LEASE_DURATION.multipliedBy(3));
				redis.restart();
			});
		}
	}

	@Test
	void nothingIsDoubledWhenRedisHangsForLongerThanTheLease() {
		try (TestRedis redis = TestRedis.start(); Scenario scenario = new Scenario("paused", port(redis.port()))) {
			underLoad("Redis frozen for 3 × lease", scenario, () -> {
				redis.pause();
				pause(SHORT_LEASE_DURATION.multipliedBy(3));
				redis.resume();
			});
		}
	}

	@Test
	void nothingIsDoubledWhenConnectionsAreKilled() {
		try (TestRedis redis = TestRedis.start(); Scenario scenario = new Scenario("kills", port(redis.port()))) {
			underLoad("all connections killed every 300 ms for 10 s", scenario, () -> {
				try (Jedis jedis = new Jedis("127.0.0.1", redis.port())) {
					for (int i = 0; i < 33; i++) {
						jedis.clientKill(new ClientKillParams().type(ClientType.NORMAL));
						jedis.clientKill(new ClientKillParams().type(ClientType.PUBSUB));
						pause(Duration.ofMillis(300));
					}
				}
			});
		}
	}

	@Test
	void workGoesOnWhenConnectionsAreHalfOpen() {
		try (TestRedis redis = TestRedis.start();
				FaultProxy proxy = FaultProxy.to(redis);
				Scenario scenario = new Scenario("half-open", port(proxy.port()))) {
			underLoad("half-open connections", scenario, proxy::goDeaf);
		}
	}

	@Test
	void nothingIsDoubledWhenRepliesAreLost() {
		Random random = new Random(42);
		try (TestRedis redis = TestRedis.start();
				FaultProxy proxy = FaultProxy.to(redis);
				Scenario scenario = new Scenario("replies", port(proxy.port()))) {
			underLoad("3 % of replies lost for 20 s", scenario, () -> {
				proxy.loseReplyTo((request) -> {
					synchronized (random) {
						return random.nextInt(100) < 3;
					}
				});
				pause(Duration.ofSeconds(20));
				proxy.loseReplyTo(null);
			});
			assertThat(proxy.faults()).isPositive();
		}
	}

	/**
	 * Two workers, long jobs and a stream of short ones while a fault happens that harms
	 * no process: nothing may be lost and nothing may run twice.
	 */
	private void underLoad(String fault, Scenario scenario, Runnable harm) {
		scenario.enqueue(PLACES, Duration.ofSeconds(30));
		scenario.worker("first", SHORT_LEASE);
		scenario.awaitRunning("first", PLACES);
		scenario.worker("second", SHORT_LEASE);
		scenario.startLoad();
		scenario.awaitStarts(50);
		harm.run();
		long over = System.currentTimeMillis();
		Duration recovery = scenario.awaitStartAfter(over);
		scenario.awaitStarts(50);
		scenario.stopLoad();
		Audit audit = scenario.audit();
		Set<String> doubled = audit.doubled();
		Figures.add(fault, audit, doubled.size(), recovery);
		assertThat(audit.lost()).isEmpty();
		assertThat(doubled).isEmpty();
	}

	private static void pause(Duration length) {
		await().pollDelay(length).atMost(length.plus(PATIENCE)).until(() -> true);
	}

	@Test
	void aFullRedisDrains() {
		try (TestRedis redis = TestRedis.start(); Scenario scenario = new Scenario("full", port(redis.port()))) {
			scenario.enqueue(5_000, Duration.ofMillis(1));
			scenario.enqueue(2, Duration.ofSeconds(15));
			try (Jedis jedis = new Jedis("127.0.0.1", redis.port())) {
				jedis.configSet("maxmemory", "1mb");
			}
			scenario.worker("first", SHORT_LEASE);
			scenario.worker("second", SHORT_LEASE);
			Audit audit = scenario.audit();
			Figures.add("Redis full", audit, audit.doubled().size(), null);
			assertThat(audit.lost()).isEmpty();
			assertThat(audit.doubled()).isEmpty();
		}
	}

	@Test
	void aRollingRestartDoublesNothing() {
		try (TestRedis redis = TestRedis.start(); Scenario scenario = new Scenario("rolling", port(redis.port()))) {
			JavaProcess current = scenario.worker("worker-0");
			scenario.startLoad();
			for (int i = 1; i <= 6; i++) {
				scenario.awaitStarts(50);
				JavaProcess next = scenario.worker("worker-" + i);
				String name = "worker-" + i;
				await().atMost(PATIENCE)
					.until(() -> scenario.runs().stream().anyMatch((run) -> run.process().equals(name)));
				current.signal("TERM");
				current.awaitEnd();
				current = next;
			}
			scenario.stopLoad();
			Audit audit = scenario.audit();
			Figures.add("six rolling restarts", audit, audit.doubled().size(), null);
			assertThat(audit.lost()).isEmpty();
			assertThat(audit.doubled()).isEmpty();
		}
	}

	@Test
	void clocksThatDifferByHoursHarmNothing() {
		try (TestRedis redis = TestRedis.start(); Scenario scenario = new Scenario("clocks", port(redis.port()))) {
			scenario.worker("ahead", "--clock.offset=1h", "--rq.worker.with-scheduler=true");
			scenario.worker("behind", "--clock.offset=-1h", "--rq.worker.with-scheduler=true");
			scenario.startLoad(Duration.ofMillis(50),
					() -> scenario.jobs().enqueueIn(Duration.ofMillis(500), ChaosJobs.WORK, 50));
			scenario.awaitStarts(200);
			scenario.stopLoad();
			Audit audit = scenario.audit();
			Figures.add("clocks two hours apart", audit, audit.doubled().size(), null);
			assertThat(audit.lost()).isEmpty();
			assertThat(audit.doubled()).isEmpty();
		}
	}

	@Test
	void workGoesOnAfterAFailoverOfSentinel() {
		failover("primary killed, Sentinel", TestRedis::kill, (primary) -> {
		}, Integer.MAX_VALUE);
	}

	@Test
	void workGoesOnWhenThePrimaryFreezesAndSentinelReplacesIt() {
		failover("primary frozen, Sentinel", TestRedis::pause, (primary) -> {
		}, Integer.MAX_VALUE);
	}

	@Test
	void aFrozenPrimaryThatGoesOnWhenItHasBeenReplacedTakesNoMoreJobs() {
		failover("primary frozen until Sentinel has replaced it", TestRedis::pause, TestRedis::resume, FEW);
	}

	@Test
	void noAcknowledgedJobIsLostInAFailoverWhenReplicasAreWaitedFor() {
		failover("primary killed, Sentinel, rq.template.min-replicas 1", TestRedis::kill, (primary) -> {
		}, 0, "--rq.template.min-replicas=1");
	}

	@Test
	void noAcknowledgedJobIsLostToAFrozenPrimaryThatGoesOnWhenReplicasAreWaitedFor() {
		failover("primary frozen until Sentinel has replaced it, rq.template.min-replicas 1", TestRedis::pause,
				TestRedis::resume, 0, "--rq.template.min-replicas=1");
	}

	/**
	 * Replication lags: what the primary has not passed on when it goes is lost, unless
	 * the producer has waited for it.
	 */
	private void failover(String fault, Consumer<TestRedis> harm, Consumer<TestRedis> afterwards, int mayBeLost,
			String... producer) {
		try (TestRedis primary = TestRedis.start();
				TestRedis replica = TestRedis.start("--replicaof", "127.0.0.1", String.valueOf(primary.port()));
				TestSentinel sentinel = TestSentinel.watch(primary);
				Scenario scenario = new Scenario("failover",
						"--spring.data.redis.sentinel.master=" + TestSentinel.MASTER,
						"--spring.data.redis.sentinel.nodes=127.0.0.1:" + sentinel.port())) {
			JobTemplate jobs = scenario.jobs(producer);
			scenario.worker("first", SHORT_LEASE);
			scenario.worker("second", SHORT_LEASE);
			scenario.startLoad(Duration.ofMillis(5), () -> jobs.enqueue(ChaosJobs.WORK, 20));
			scenario.awaitStarts(100);
			harm.accept(primary);
			long gone = System.currentTimeMillis();
			sentinel.awaitFailover(primary);
			afterwards.accept(primary);
			long over = System.currentTimeMillis();
			Duration recovery = scenario.awaitStartAfter(over);
			pause(Duration.ofSeconds(10));
			scenario.stopLoad();
			Audit audit = scenario.audit();
			Figures.add(fault, audit, audit.doubled().size(), recovery);
			assertThat(audit.lost()).hasSizeLessThanOrEqualTo(mayBeLost);
			assertThat(audit
				.doubled((run) -> run.start() <= over + 1_000 && (run.end() == null || run.end() >= gone - 1_000)))
				.isEmpty();
			assertThat(sentinel.primaryPort()).isEqualTo(replica.port());
		}
	}

	@Test
	void aPrimaryThatIsCutOffTakesJobsThatVanish() {
		cutOff("primary cut off from its successor for 10 s", Integer.MAX_VALUE);
	}

	@Test
	void aPrimaryThatIsCutOffRefusesJobsWhenItWantsReplicas() {
		cutOff("primary cut off from its successor for 10 s, min-replicas-to-write 1, min-replicas-max-lag 1", 1_000,
				"--min-replicas-to-write", "1", "--min-replicas-max-lag", "1");
	}

	/**
	 * The replica is promoted while nothing reaches the primary but its clients, until it
	 * learns of that. Jobs that it has taken meanwhile exist nowhere else.
	 */
	private void cutOff(String fault, int mayBeLost, String... options) {
		try (TestRedis primary = TestRedis.start(options);
				FaultProxy link = FaultProxy.to(primary);
				TestRedis replica = TestRedis.start("--replicaof", "127.0.0.1", String.valueOf(link.port()));
				FaultProxy address = FaultProxy.to(primary);
				Scenario scenario = new Scenario("cut-off", port(address.port()), "--spring.data.redis.timeout=2s")) {
			await().atMost(PATIENCE).until(() -> isFollowing(replica));
			scenario.worker("first", SHORT_LEASE);
			scenario.worker("second", SHORT_LEASE);
			scenario.startLoad(Duration.ofMillis(5), () -> scenario.jobs().enqueue(ChaosJobs.WORK, 20));
			scenario.awaitStarts(100);
			link.goDeaf();
			address.moveTo(replica);
			long cut = System.currentTimeMillis();
			follow(replica, "NO", "ONE");
			pause(Duration.ofSeconds(10));
			long over = System.currentTimeMillis();
			follow(primary, "127.0.0.1", String.valueOf(replica.port()));
			Duration recovery = scenario.awaitStartAfter(over);
			scenario.awaitStarts(100);
			scenario.stopLoad();
			Audit audit = scenario.audit();
			Figures.add(fault, audit, audit.doubled().size(), recovery);
			assertThat(audit.lost()).hasSizeLessThanOrEqualTo(mayBeLost);
			assertThat(audit.doubled((run) -> run.start() >= cut - 1_000 && run.start() <= over + 1_000)).isEmpty();
		}
	}

	private static boolean isFollowing(TestRedis replica) {
		try (Jedis jedis = new Jedis("127.0.0.1", replica.port())) {
			return jedis.info("replication").contains("master_link_status:up");
		}
	}

	private static void follow(TestRedis redis, String host, String port) {
		try (Jedis jedis = new Jedis("127.0.0.1", redis.port())) {
			jedis.sendCommand(Protocol.Command.REPLICAOF, host, port);
		}
	}

	@Test
	void aJobThatKillsItsWorkersEndsFailed() {
		try (TestRedis redis = TestRedis.start(); Scenario scenario = new Scenario("poison", port(redis.port()))) {
			JobTemplate jobs = scenario.jobs();
			Job poison = jobs.enqueue(JobRequest.of(ChaosJobs.POISON).queue("default"));

			JavaProcess worker = scenario.worker("suicidal", SHORT_LEASE);
			int deaths = 0;
			while (jobs.find(poison.id()).orElseThrow().status() != JobStatus.FAILED) {
				assertThat(deaths).isLessThan(10);
				JavaProcess running = worker;
				await().atMost(PATIENCE)
					.until(() -> !running.isAlive()
							|| jobs.find(poison.id()).orElseThrow().status() == JobStatus.FAILED);
				if (!running.isAlive()) {
					deaths++;
					worker = scenario.worker("suicidal-" + deaths, SHORT_LEASE);
				}
			}
			assertThat(scenario.runs()).hasSize(4);
			assertThat(deaths).isEqualTo(4);
			Audit audit = scenario.audit();
			Figures.add("job that kills its worker, max-reclaims 3", audit, 1, null);
			scenario.enqueue(PLACES, Duration.ofMillis(1));
			assertThat(scenario.audit().lost()).isEmpty();
		}
	}

}
