package io.rq.redis;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

import io.rq.job.Dependency;
import io.rq.job.IllegalJobStateException;
import io.rq.job.Job;
import io.rq.job.JobResult;
import io.rq.job.JobStatus;
import io.rq.job.NewJob;
import io.rq.job.NoJobResultException;
import io.rq.queue.QueuePosition;
import io.rq.queue.QueueSnapshot;
import io.rq.queue.RateLimitSnapshot;
import io.rq.queue.Registry;
import io.rq.redis.ExecutionStore.Run;
import io.rq.redis.SchedulerStore.SchedulerIdentity;
import io.rq.redis.WorkerStore.WorkerIdentity;
import io.rq.test.FaultProxy;
import io.rq.test.OneRedis;
import io.rq.test.RedisClients;
import io.rq.test.RedisState;
import io.rq.test.TestRedis;
import io.rq.test.TestStores;

import static io.rq.redis.AbstractStoreTests.BEATS;
import static io.rq.redis.AbstractStoreTests.LEASE;
import static io.rq.redis.AbstractStoreTests.NOW;
import static io.rq.redis.AbstractStoreTests.failure;
import static io.rq.redis.AbstractStoreTests.given;
import static io.rq.redis.AbstractStoreTests.in;
import static io.rq.redis.AbstractStoreTests.job;
import static io.rq.redis.AbstractStoreTests.on;
import static io.rq.redis.AbstractStoreTests.retry;
import static io.rq.redis.AbstractStoreTests.success;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the {@linkplain KeyLayout#tagged tagged} layout, on a server in cluster mode,
 * which refuses a script that touches keys of another slot than its first.
 */
@EnabledIf(value = "isRedis7", disabledReason = "Redis before 7 has no scripts that are held to one slot")
class TaggedLayoutTests {

	private static final KeyLayout TAGGED = KeyLayout.tagged("rq");

	private static final WorkerIdentity WORKER = new WorkerIdentity("w1", List.of("mail", "print"), "host-1", 42, NOW,
			"0.1.0", "Java 17");

	private static final SchedulerIdentity SCHEDULER = new SchedulerIdentity("one", "host-1", 42, NOW);

	private static TestRedis redis;

	private final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);

	private final StringRedisTemplate template = new StringRedisTemplate(redis.connectionFactory());

	private final Stores tagged = new Stores(redis, TAGGED);

	@BeforeAll
	static void start() {
		redis = TestRedis.start("--cluster-enabled", "yes", "--maxmemory-policy", "noeviction");
		command("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
		await().until(() -> new String((byte[]) command("CLUSTER", "INFO"), StandardCharsets.UTF_8)
			.contains("cluster_state:ok"));
	}

	@AfterAll
	static void stop() {
		if (redis != null) {
			redis.close();
		}
	}

	static boolean isRedis7() {
		return TestRedis.shared().isAtLeast(7);
	}

	private static Object command(String name, String... arguments) {
		try (RedisConnection connection = redis.connectionFactory().getConnection()) {
			return connection.execute(name, Stream.of(arguments).map(AbstractStoreTests::bytes).toArray(byte[][]::new));
		}
	}

	@BeforeEach
	void makeRoom() {
		command("CONFIG", "SET", "maxmemory", "0");
		redis.flush();
	}

	@Test
	void workersAreListedBeforeTheirQueuesHaveHadAJob() {
		assertThat(this.tagged.workers.register(WORKER, TestStores.UNTOLD, Duration.ofSeconds(60))).isTrue();
		assertThat(this.tagged.workers.workers()).singleElement()
			.satisfies((worker) -> assertThat(worker.queues()).containsExactly("mail", "print"));
	}

	@Test
	void aSuspensionReachesQueuesThatComeLater() {
		this.tagged.control.suspend(LEASE);
		assertThat(this.tagged.workers.isSuspended()).isTrue();
		this.tagged.workers.register(WORKER, TestStores.UNTOLD, Duration.ofSeconds(60));
		this.tagged.enqueue(on("mail", job("m")), on("late", job("l")));
		assertThat(this.tagged.claim("mail", 1)).isEmpty();
		assertThat(this.tagged.claim("late", 1)).isEmpty();
		assertThat(this.template.getExpire("rq:{late}:suspended")).isBetween(1L, LEASE.toSeconds());
		assertThat(this.tagged.control.resume()).isTrue();
		assertThat(this.tagged.workers.isSuspended()).isFalse();
		assertThat(this.tagged.control.resume()).isFalse();
		assertThat(this.tagged.claim("mail", 1)).hasSize(1);
		assertThat(this.tagged.claim("late", 1)).hasSize(1);
	}

	@Test
	void aSuspensionReachesQueuesThatComeWhileItBegins() {
		try (FaultProxy proxy = FaultProxy.to(redis)) {
			RedisConnectionFactory connections = proxy.connect(Duration.ofSeconds(20));
			QueueControl control = new QueueControl(new RedisScripts(connections, TAGGED), Clock.systemUTC());
			control.suspend(null);
			redis.flush();
			int faults = proxy.faults();
			proxy.hold((request) -> request.contains(TAGGED.suspended()));
			CompletableFuture<?> suspension = CompletableFuture.runAsync(() -> control.suspend(null),
					new SimpleAsyncTaskExecutor());
			await().until(() -> proxy.faults() > faults);
			this.tagged.workers.register(WORKER, TestStores.UNTOLD, Duration.ofSeconds(60));
			proxy.release();
			suspension.join();
			RedisClients.close(connections);
		}
		assertThat(this.template.hasKey("rq:{mail}:suspended")).isTrue();
		assertThat(this.template.hasKey("rq:{print}:suspended")).isTrue();
	}

	@Test
	void aSuspensionThatIsLongerStaysSo() {
		this.tagged.control.suspend(LEASE);
		this.tagged.enqueue(on("mail", job("m")));
		this.template.persist("rq:{mail}:suspended");
		this.tagged.workers.register(WORKER, TestStores.UNTOLD, Duration.ofSeconds(60));
		assertThat(this.template.getExpire("rq:{mail}:suspended")).isEqualTo(-1);
	}

	@Test
	void aPauseIsShownBeforeTheQueueHasHadAJob() {
		this.tagged.control.pause("new", "why");
		assertThat(this.tagged.queues.pauses()).containsOnlyKeys("new");
		assertThat(this.tagged.control.unpause("new")).isTrue();
		assertThat(this.tagged.queues.pauses()).isEmpty();
	}

	@Test
	void aJobOnAKnownQueueIsEnqueuedWithOneCommand() {
		this.tagged.enqueue(job("first"));
		command("CONFIG", "RESETSTAT");
		this.tagged.enqueue(job("second"));
		try (RedisConnection connection = redis.connectionFactory().getConnection()) {
			Properties counts = Objects.requireNonNull(connection.serverCommands().info("commandstats"));
			assertThat(counts.getProperty("cmdstat_evalsha")).startsWith("calls=1,");
			assertThat(counts).doesNotContainKey("cmdstat_lrange");
		}
	}

	@Test
	@OneRedis("compares both layouts on one server")
	void everyScriptLeavesTheSameInBothLayouts() {
		Consumer<Stores> life = (stores) -> {
			stores.workers.register(new WorkerIdentity("w1", List.of("mail"), "host-1", 42, NOW, "0.1.0", "Java 17"),
					TestStores.UNTOLD, LEASE);
			stores.workers.register(new WorkerIdentity("w2", List.of("mail"), "host-1", 43, NOW, "0.1.0", "Java 17"),
					TestStores.UNTOLD, LEASE);
			stores.enqueue(job("plain"));
			stores.enqueue(job("a"), job("b"), job("c"), in(job("later"), 60), given(job("chosen")));
			stores.enqueue(given(job("chosen")));
			stores.enqueue(after("child", "plain"), after("grandchild", "child"));
			List<Execution> runs = stores.claim("mail", 4);
			stores.executions.beat("busy", List.of("mail", "print"),
					runs.stream().map((run) -> new Run(run, NOW)).toList());
			stores.executions.finish(List.of(success(runs.get(0), 500), failure(runs.get(1), 500)));
			stores.executions.retry(List.of(retry(runs.get(2), 60, false, null, null)));
			stores.executions.release(List.of(runs.get(3)));
			stores.jobs.changeMeta("mail", "c", null, (meta) -> AbstractStoreTests.bytes("{}"));
			assertThat(stores.jobs.changeMeta("a", (meta) -> AbstractStoreTests.bytes("{\"k\":1}"))).isTrue();
			assertThat(stores.jobs.findAll(List.of("c", "none", "a"))).extracting(Job::id).containsExactly("c", "a");
			assertThat(stores.jobs.exists("c")).isTrue();
			assertThat(stores.jobs.executions("c")).isEmpty();
			stores.schedulers.lead(SCHEDULER, List.of("mail"), Duration.ofSeconds(30), null);
			CronStore cron = new CronStore(stores.scripts, this.clock);
			CronStore.Listed report = new CronStore.Listed("report", "0 0 7 * * * in Z", on("mail", job("x")),
					new CronStore.Shown("0 7 * * *", null, null, null, null));
			cron.beat(SCHEDULER, List.of(report));
			stores.template.opsForHash().put(stores.keys("mail").cron("report"), "last", "1000");
			assertThat(cron
				.settle(SCHEDULER,
						new CronStore.Occurrence("report", "mail", Instant.ofEpochSecond(1), NOW, NOW,
								CronStore.Unended.CANCEL, on("mail", job("fired"))))
				.outcome()).isEqualTo(CronStore.Outcome.ENQUEUED);
			cron.pause("mail", "report", "why");
			stores.due("mail", "later");
			assertThat(stores.schedulers.promote("mail", SCHEDULER, 10).moved()).isEqualTo(1);
			stores.schedulers.resign(SCHEDULER, List.of("mail"));
			stores.template.opsForList().rightPush(stores.keys("mail").taken("w1"), "taken");
			stores.executions.restoreTaken(List.of("mail"));
			stores.maintenance.restoreTaken("mail");
			stores.claim("mail", 1);
			stores.expireLeases("mail");
			stores.beating("mail");
			stores.maintenance.reclaim("mail", 3, 500, null);
			stores.disown("mail");
			stores.template.opsForZSet().add(stores.keys("mail").canceled(), "old", 1);
			stores.maintenance.expire("mail", 500);
			DeletedJobs deleted = new DeletedJobs(stores.scripts, this.clock);
			stores.enqueue(job("undone"), job("thrown"));
			assertThat(deleted.delete("undone", false, LEASE, null)).isEqualTo(DeletedJobs.Outcome.KEPT);
			assertThat(deleted.queue("undone")).isEqualTo("mail");
			assertThat(deleted.restore("undone")).isTrue();
			assertThat(stores.jobs.control().delete("undone", false)).isTrue();
			assertThat(deleted.delete("thrown", false, LEASE, "bulk")).isEqualTo(DeletedJobs.Outcome.KEPT);
			stores.maintenance.releaseDependents("mail");
			stores.maintenance.forgetWorkers("mail");
			stores.workers.unregister(new WorkerIdentity("w2", List.of("mail"), "", 43, NOW, "", ""));
		};
		life.accept(this.tagged);
		assertThat(this.tagged.queues.census(List.of("mail")).get(0).sizes())
			.isEqualTo(Map.of(Registry.QUEUED, 5L, Registry.STARTED, 0L, Registry.SCHEDULED, 1L, Registry.DEFERRED, 1L,
					Registry.READY, 0L, Registry.FINISHED, 1L, Registry.FAILED, 1L, Registry.CANCELED, 0L));
		Set<String> found = this.tagged.state();
		Set<String> keys = redis.state().keys().keySet();
		assertThat(keys).allMatch((key) -> key.equals("rq:queues") || key.startsWith("rq:{mail}:"));
		Stores plain = new Stores(TestRedis.shared(), KeyLayout.RQ);
		plain.server.flush();
		life.accept(plain);
		assertThat(found).isEqualTo(plain.state());
	}

	@Test
	@OneRedis("compares both layouts on one server")
	void controlLeavesTheSameInBothLayouts() {
		Consumer<Stores> life = (stores) -> {
			JobControl control = stores.jobs.control();
			stores.enqueue(job("a"), job("b"), job("c"), job("d"), job("e"), job("f"), in(job("later"), 60));
			List<Execution> runs = stores.claim("mail", 2);
			stores.executions.beat("busy", List.of("mail"), runs.stream().map((run) -> new Run(run, NOW)).toList());
			stores.executions.finish(List.of(failure(runs.get(0), 500)));
			assertThat(control.requeue("a", true)).isTrue();
			assertThat(control.cancel("b", false)).isTrue();
			assertThat(control.cancel("later", true)).isTrue();
			assertThat(control.requeue("b", false)).isTrue();
			assertThat(control.cancel("none", true)).isFalse();
			assertThat(stores.control.position("mail", "d")).contains(new QueuePosition(2, true));
			assertThat(
					new SurroundingsStore(stores.scripts).look("mail", "d", "f", null, List.of("a")).places().before())
				.isEqualTo(2);
			assertThat(stores.control.remove("mail", "d")).isTrue();
			assertThat(control.delete("c", true)).isTrue();
			assertThat(control.requeueAll("mail")).isZero();
			stores.template.opsForList().rightPush(stores.keys("mail").queue(), "gone");
			assertThat(stores.control.compact("mail")).isEqualTo(1);
			stores.enqueue(in(job("soon"), 60), in(job("now"), 60));
			assertThat(stores.jobs.changes().runNow("now", true)).isTrue();
			assertThat(stores.jobs.changes().reschedule("soon", Instant.ofEpochSecond(4_000_000_000L))).isTrue();
			assertThat(stores.jobs.changes().runNow("none", false)).isFalse();
			assertThat(stores.jobs.changeCall("now",
					(data, description) -> new JobChanges.ChangedCall(AbstractStoreTests.bytes("[]"), "new")))
				.isTrue();
			stores.control.pause("mail", "why");
			assertThat(stores.claim("mail", 1)).isEmpty();
			assertThat(stores.queues.pauses()).containsOnlyKeys("mail");
			assertThat(stores.queues.census(List.of("mail")).get(0).pause()).isNotNull();
			assertThat(stores.control.unpause("mail")).isTrue();
			stores.control.suspend(LEASE);
			assertThat(stores.claim("mail", 1)).isEmpty();
			assertThat(stores.control.resume()).isTrue();
			stores.waits("child", "mail", "e");
			stores.dependents("mail", "e", "child");
			assertThat(stores.control.empty("mail", 500)).isEqualTo(5);
		};
		life.accept(this.tagged);
		Set<String> found = this.tagged.state();
		Stores plain = new Stores(TestRedis.shared(), KeyLayout.RQ);
		plain.server.flush();
		life.accept(plain);
		assertThat(found).isEqualTo(plain.state());
	}

	@Test
	void historyLiesWithItsQueueAndThatOfAllByItself() {
		HistoryStore history = new HistoryStore(this.tagged.scripts);
		List<HistoryStore.Series> series = List.of(new HistoryStore.Series("mail", "mail.send"),
				new HistoryStore.Series("mail", ""), new HistoryStore.Series("print", ""),
				new HistoryStore.Series(HistoryStore.ALL, ""));
		this.tagged.enqueue(on("mail", job("m")), on("print", job("p")));
		history.calls(series.stream().map((of) -> HistoryStoreTests.tally(of, 0, 5)).toList()).forEach(history::add);
		assertThat(history.read(series, HistoryStore.Unit.HOURS, 30, 2).series()).hasSize(4)
			.allSatisfy((points) -> assertThat(points.get(points.lastKey())[1]).isEqualTo(5));
		assertThat(history.functions("mail")).containsExactly(series.get(0));
		assertThat(history.functions(HistoryStore.ALL)).containsExactly(series.get(0));
		assertThat(history.functions("print")).isEmpty();
	}

	@Test
	void aJobIsMovedToAnotherSlotWithAllThatIsItsOwn() {
		this.tagged.enqueue(on("print", job("p")), on("mail", GroupTests.in("g", job("a"))), on("mail", job("b")));
		Execution run = this.tagged.claim("mail", 1).get(0);
		this.tagged.executions.finish(List.of(failure(run, 500)));
		Map<String, String> before = redis.state().hash("rq:{mail}:job:a");
		List<RedisState.StreamEntry> results = redis.state().stream("rq:{mail}:results:a");
		double score = redis.state().zset("rq:{mail}:failed:mail").get("a");
		assertThat(this.tagged.jobs.changes().move("a", "print")).isTrue();
		Map<String, String> after = new HashMap<>(before);
		after.put("origin", "print");
		assertThat(redis.state().hash("rq:{print}:job:a")).isEqualTo(after);
		assertThat(redis.state().stream("rq:{print}:results:a")).isEqualTo(results).isNotEmpty();
		assertThat(redis.state().ttl("rq:{print}:job:a")).isBetween(490L, 500L);
		assertThat(redis.state().zset("rq:{print}:failed:print")).isEqualTo(Map.of("a", score));
		assertThat(redis.state().set("rq:group:g")).containsExactly("print:a");
		assertThat(redis.state().keys().keySet()).noneMatch((key) -> key.startsWith("rq:{mail}:") && key.contains("a:")
				|| key.contains("moving") || key.endsWith(":deliveries") || key.startsWith("rq:{mail}:failed"));
		assertThat(this.tagged.jobs.find("a").orElseThrow().queue()).isEqualTo("print");
	}

	@Test
	void waitingAndScheduledJobsAreMovedToTheirPlaces() {
		this.tagged.enqueue(on("print", job("p")), on("mail", job("a")), on("mail", in(job("later"), 60)));
		double due = redis.state().zset("rq:{mail}:scheduled:mail").get("later");
		assertThat(this.tagged.jobs.changes().move("a", "print")).isTrue();
		assertThat(this.tagged.jobs.changes().move("a", "print")).isTrue();
		assertThat(this.tagged.jobs.changes().move("later", "new")).isTrue();
		assertThat(this.tagged.jobs.changes().move("none", "print")).isFalse();
		assertThat(redis.state().list("rq:{print}:queue:print")).containsExactly("p", "a");
		assertThat(redis.state().zset("rq:{new}:scheduled:new")).isEqualTo(Map.of("later", due));
		assertThat(this.tagged.queues.names()).containsExactly("mail", "new", "print");
		assertThat(this.tagged.claim("print", 5)).extracting(Execution::jobId).containsExactly("p", "a");
		assertThat(this.tagged.claim("mail", 5)).isEmpty();
	}

	@Test
	void jobsWithTiesStayOnTheirNode() {
		this.tagged.enqueue(on("mail", job("parent")), on("mail", RateLimitTests.limited("api", 1, job("limited"))),
				on("mail", given(job("twin"))), on("print", given(job("twin"))));
		this.tagged.enqueue(on("mail", after("child", "parent")));
		Set<String> before = this.tagged.state();
		Map.of("parent", "wait for it", "child", "waits for other jobs", "limited", "rate limit", "twin", "same id")
			.forEach((id, reason) -> assertThatExceptionOfType(IllegalJobStateException.class)
				.isThrownBy(() -> this.tagged.jobs.changes().move(id, "print"))
				.withMessageContainingAll("'" + id + "'", "not moved", reason));
		assertThat(this.tagged.state()).isEqualTo(before);
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void maintenanceEndsAMoveThatACrashHasLeft(boolean arrived) {
		this.tagged.enqueue(on("mail", job("a")), on("print", job("p")));
		moveOut("a", "print");
		assertThat(this.tagged.jobs.find("a")).isEmpty();
		assertThat(this.tagged.jobs.control().cancel("a", false)).isFalse();
		if (arrived) {
			List<?> job = this.tagged.scripts.run(Script.MOVING,
					ScriptArguments.keys("rq:{mail}:moving:move").add("a").add("move"));
			ScriptArguments arrival = ScriptArguments.keys("rq:{print}:queue:print")
				.add("a")
				.add("print")
				.add("now")
				.add("move")
				.add("-");
			job.forEach((value) -> arrival.addAll(List.of((byte[]) value)));
			this.tagged.scripts.run(Script.MOVE_IN, arrival);
			this.tagged.executions
				.finish(this.tagged.claim("print", 2).stream().map((run) -> success(run, 0)).toList());
		}
		this.tagged.maintenance.releaseDependents("mail");
		assertThat(redis.state().keys().keySet())
			.noneMatch((key) -> key.contains("moving") || key.contains("deliveries"));
		assertThat(this.tagged.claim("print", 5)).extracting(Execution::jobId)
			.containsExactlyElementsOf(arrived ? List.of() : List.of("p", "a"));
	}

	@Test
	void aJobOnItsWayWaitsForTheEndOfANamesakeAndKeepsNothingElseFromArriving() {
		this.tagged.enqueue(on("mail", given(job("a"))), on("mail", job("b")));
		moveOut("a", "print");
		this.tagged.enqueue(on("print", given(job("a"))));
		this.tagged.jobs.changes().move("b", "print");
		assertThat(redis.state().list("rq:{print}:queue:print")).containsExactly("a", "b");
		assertThat(redis.state().list("rq:{mail}:deliveries")).hasSize(1);
		this.tagged.executions.finish(this.tagged.claim("print", 2).stream().map((run) -> success(run, 0)).toList());
		this.tagged.maintenance.releaseDependents("mail");
		assertThat(redis.state().list("rq:{print}:queue:print")).containsExactly("a");
		assertThat(redis.state().keys()).doesNotContainKey("rq:{mail}:deliveries");
	}

	@Test
	void whatCannotBeDeliveredToOneQueueDoesNotKeepThatFromOthers() {
		this.tagged.enqueue(on("mail", job("a")), on("mail", job("b")));
		this.template.opsForValue().set("rq:{print}:queue:print", "of another type");
		moveOut("a", "print");
		assertThat(this.tagged.jobs.changes().move("b", "sms")).isTrue();
		assertThat(redis.state().list("rq:{sms}:queue:sms")).containsExactly("b");
		assertThatExceptionOfType(ScriptRefusedException.class)
			.isThrownBy(() -> this.tagged.maintenance.releaseDependents("mail"));
		this.template.delete("rq:{print}:queue:print");
		this.tagged.maintenance.releaseDependents("mail");
		assertThat(redis.state().list("rq:{print}:queue:print")).containsExactly("a");
	}

	/** The first step of a move, after which its caller is gone. */
	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aJobThatIsOnItsWayIsWaitedFor(boolean before) throws Exception {
		this.tagged.enqueue(on("mail", job("a")), on("print", job("p")));
		try (AwaitedResults results = new AwaitedResults(() -> this.tagged.scripts, () -> Duration.ofSeconds(4),
				Duration.ofMillis(300))) {
			CompletableFuture<JobResult> early = before ? results.await("a") : new CompletableFuture<>();
			await().until(() -> results.reading() == (before ? 1 : 0));
			moveOut("a", "print");
			CompletableFuture<JobResult> outcome = before ? early : results.await("a");
			await().until(() -> results.reading() == 0);
			this.tagged.maintenance.releaseDependents("mail");
			await().until(() -> results.reading() == 1);
			this.tagged.executions
				.finish(this.tagged.claim("print", 2).stream().map((run) -> success(run, 500)).toList());
			assertThat(outcome.get(20, TimeUnit.SECONDS).type()).isEqualTo(JobResult.Type.SUCCESSFUL);
			assertThat(results.await("none")).failsWithin(Duration.ofSeconds(20))
				.withThrowableThat()
				.withCauseInstanceOf(NoJobResultException.class);
		}
	}

	private void moveOut(String id, String queue) {
		this.tagged.scripts.run(Script.MOVE_OUT,
				ScriptArguments.keys("rq:{mail}:job:" + id).add(id).add(queue).add("0").add("move"));
	}

	@Test
	void jobsThatWaitOnOtherQueuesGoWithTheirParentOrGoOn() {
		this.tagged.enqueue(on("mail", job("m")), on("mail", job("n")), on("mail", job("o")));
		waits("gone", "print", "mail:m");
		waits("too", "print", "gone");
		dependents("mail", "m", "print:gone");
		dependents("print", "gone", "too");
		assertThat(this.tagged.jobs.control().delete("m", true)).isTrue();
		waits("freed", "print", "mail:n");
		dependents("mail", "n", "print:freed");
		assertThat(this.tagged.jobs.control().cancel("n", true)).isTrue();
		waits("mild", "print", "mail:o");
		this.template.opsForHash().put("rq:{print}:job:mild", "allow_dependency_failures", "1");
		dependents("mail", "o", "print:mild");
		assertThat(this.tagged.control.delete("mail", 500)).isTrue();
		this.tagged.maintenance.releaseDependents("print");
		assertThat(redis.state().list("rq:{print}:queue:print")).containsExactly("freed", "mild");
		assertThat(redis.state().keys()).doesNotContainKeys("rq:{print}:job:gone", "rq:{print}:job:too");
		assertThat(this.tagged.queues.names()).containsExactly("print");
	}

	@Test
	void aWorkerOfTwoQueuesTakesFromBothAndRecordsInBoth() {
		this.tagged.workers.register(WORKER, TestStores.UNTOLD, LEASE);
		this.tagged.enqueue(on("mail", job("m1")), on("print", job("p1")), on("mail", job("m2")),
				on("print", job("p2")));
		List<Execution> first = this.tagged.claim(List.of("mail", "print"), 3, false);
		assertThat(first).extracting(Execution::jobId).containsExactly("m1", "m2", "p1");
		List<Execution> all = new ArrayList<>(first);
		all.addAll(this.tagged.claim(List.of("mail", "print"), 3, true));
		assertThat(this.tagged.executions.beat("busy", List.of("mail", "print"),
				all.stream().map((run) -> new Run(run, NOW)).toList()))
			.isEqualTo(new ExecutionStore.Beat(true, List.of(), List.of()));
		assertThat(this.tagged.executions.retry(List.of(retry(all.get(0), 0, false, null, null)))).isEmpty();
		assertThat(this.tagged.executions.release(List.of(all.get(2)))).isEmpty();
		Execution lost = new Execution("p2", "print", "0123", false, "");
		assertThat(this.tagged.executions
			.finish(List.of(success(lost, 500), success(all.get(1), 500), success(all.get(3), 500))))
			.containsExactly(lost);
		assertThat(this.tagged.queues.census(List.of("print", "mail"))).extracting(QueueSnapshot::name)
			.containsExactly("print", "mail");
		assertThat(this.tagged.queues.names()).containsExactly("mail", "print");
		assertThat(this.tagged.jobs.find("m2"))
			.hasValueSatisfying((job) -> assertThat(job.status()).isEqualTo(JobStatus.FINISHED));
		assertThat(this.tagged.jobs.results("p2")).hasSize(1);
		assertThat(this.tagged.jobs.outcomes("p2").newestFirst()).hasSize(1);
		assertThat(this.tagged.jobs.find("none")).isEmpty();
		assertThat(this.tagged.workers.workers()).singleElement().satisfies((worker) -> {
			assertThat(worker.name()).isEqualTo("w1");
			assertThat(worker.state()).isEqualTo("busy");
		});
		assertThat(this.tagged.schedulers.lead(SCHEDULER, List.of("mail", "print"), LEASE, null)).containsExactly(
				Map.entry("mail", new SchedulerStore.Seat(true, null, null, null)),
				Map.entry("print", new SchedulerStore.Seat(true, null, null, null)));
		assertThat(this.tagged.schedulers.scheduler("one").hostname()).isEqualTo("host-1");
	}

	@Test
	void takingInTurnSharesOutWhatIsWanted() {
		for (int i = 0; i < 10; i++) {
			this.tagged.enqueue(on("mail", job("m" + i)), on("print", job("p" + i)));
		}
		assertThat(this.tagged.claim(List.of("mail", "print"), 4, true)).extracting(Execution::queue)
			.containsExactly("mail", "print", "mail", "print");
	}

	@Test
	void aJobOfAnotherQueueIsReleasedWhenItsLastParentEnds() {
		waits("child", "print", "mail:m", "print:x", "p");
		this.tagged.enqueue(on("mail", job("m")));
		this.tagged.enqueue(on("print", job("p")));
		dependents("mail", "m", "print:child");
		dependents("print", "p", "child");
		List<Execution> runs = this.tagged.claim(List.of("mail", "print"), 2, false);
		this.tagged.executions.finish(List.of(success(runs.get(0), 500)));
		assertThat(status("print", "child")).isEqualTo("deferred");
		this.tagged.executions.finish(List.of(success(runs.get(1), 500)));
		assertThat(status("print", "child")).isEqualTo("deferred");
		// the last one, which the crashed worker of another node has only noted
		this.template.opsForList().rightPush(TAGGED.of("mail").deliveries(), "parent\nprint\nchild\nprint:x\n0");
		this.tagged.maintenance.releaseDependents("mail");
		assertThat(status("print", "child")).isEqualTo("queued");
		assertThat(redis.state().list("rq:{print}:queue:print")).containsExactly("child");
		assertThat(redis.state().keys()).doesNotContainKeys("rq:{mail}:deliveries",
				"rq:{print}:job:child:ended-parents");
	}

	@Test
	void aFailedParentReleasesOnlyWhoAllowsIt() {
		waits("strict", "print", "mail:m");
		waits("mild", "print", "mail:m");
		this.template.opsForHash().put("rq:{print}:job:mild", "allow_dependency_failures", "1");
		this.tagged.enqueue(on("mail", job("m")));
		dependents("mail", "m", "print:strict", "print:mild");
		this.tagged.executions.finish(List.of(failure(this.tagged.claim("mail", 1).get(0), 500)));
		assertThat(status("print", "strict")).isEqualTo("deferred");
		assertThat(status("print", "mild")).isEqualTo("queued");
	}

	@Test
	void aRateLimitLiesWithItsQueue() {
		NewJob[] jobs = Stream.of("a", "b", "c")
			.map((id) -> on("mail", RateLimitTests.limited("api", 1, job(id))))
			.toArray(NewJob[]::new);
		assertThat(this.tagged.enqueue(jobs)).extracting(Job::status)
			.containsExactly(JobStatus.QUEUED, JobStatus.RATE_LIMITED, JobStatus.RATE_LIMITED);
		assertThat(this.tagged.queues.rateLimits(10))
			.containsExactly(new RateLimitSnapshot("api", 1, null, null, 1, 2));
		this.tagged.executions.finish(List.of(success(this.tagged.claim("mail", 5).get(0), 500)));
		assertThat(redis.state().list("rq:{mail}:queue:mail")).containsExactly("b");
		this.template.delete("rq:{mail}:job:b");
		this.template.delete("rq:{mail}:queue:mail");
		assertThat(this.tagged.maintenance.chores(List.of("print", "mail"), 500, Retention.NONE))
			.satisfies((chores) -> assertThat(chores.get("mail")).contains(MaintenanceStore.Chore.FREE_SLOTS))
			.satisfies((chores) -> assertThat(chores.get("print")).doesNotContain(MaintenanceStore.Chore.FREE_SLOTS));
		this.tagged.maintenance.freeSlots("mail");
		assertThat(redis.state().list("rq:{mail}:queue:mail")).containsExactly("c");
		assertThat(redis.state().keys().keySet()).filteredOn((key) -> key.contains("rl"))
			.allMatch((key) -> key.startsWith("rq:{mail}:rl") || key.equals("rq:rl-queue:api"));
	}

	@Test
	void aRateLimitIsForOneQueueOnly() {
		this.tagged.enqueue(on("mail", RateLimitTests.limited("api", 1, job("a"))));
		Set<String> before = this.tagged.state();
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.tagged.enqueue(on("mail", job("b")),
					on("print", RateLimitTests.limited("api", 1, job("c")))))
			.withMessageContaining("'api'")
			.withMessageContaining("'mail'")
			.withMessageContaining("'print'");
		assertThat(this.tagged.state()).isEqualTo(before);
	}

	private static NewJob after(String id, String... parents) {
		return DependencyTests.after(job(id), Dependency.on(parents));
	}

	@Test
	void aJobWaitsForJobsOfOtherQueues() {
		this.tagged.enqueue(on("mail", job("m")), on("print", job("p")));
		List<Job> stored = this.tagged.enqueue(on("print", after("child", "m", "p", "gone")),
				on("mail", after("same", "m")), on("print", after("free", "gone")));
		assertThat(stored).extracting(Job::status)
			.containsExactly(JobStatus.DEFERRED, JobStatus.DEFERRED, JobStatus.QUEUED);
		assertThat(redis.state().set("rq:{mail}:job:m:dependents")).containsExactlyInAnyOrder("print:child", "same");
		assertThat(this.tagged.jobs.dependents("m")).containsExactly("child", "same");
		assertThat(
				new SurroundingsStore(this.tagged.scripts).look("print", "child", null, null, List.of("m", "p", "gone"))
					.parents())
			.isEqualTo(Map.of("m", "queued", "p", "queued", "gone", ""));
		assertThat(this.tagged.jobs.find("child").orElseThrow().dependencyIds()).containsExactly("m", "p", "gone");
		Execution print = this.tagged.claim("print", 1).get(0);
		this.tagged.executions.finish(List.of(success(print, 500)));
		assertThat(status("print", "child")).isEqualTo("deferred");
		this.tagged.executions.finish(List.of(success(this.tagged.claim("mail", 1).get(0), 500)));
		assertThat(status("print", "child")).isEqualTo("queued");
		assertThat(status("mail", "same")).isEqualTo("queued");
		assertThat(redis.state().keys()).doesNotContainKeys("rq:{mail}:deliveries", "rq:{print}:deliveries",
				"rq:{print}:job:child:ended-parents");
	}

	@Test
	void aJobOfAnotherQueueWithoutAStatusIsTakenForGone() {
		this.tagged.enqueue(on("mail", job("m")), on("print", after("child", "m")));
		this.template.opsForHash().delete("rq:{mail}:job:m", "status");
		assertThat(
				new SurroundingsStore(this.tagged.scripts).look("print", "child", null, null, List.of("m")).parents())
			.isEqualTo(Map.of("m", ""));
	}

	@Test
	void whatHasEndedOnAnotherNodeIsNotWaitedFor() {
		this.tagged.enqueue(on("mail", job("good")), on("mail", job("bad")));
		List<Execution> runs = this.tagged.claim("mail", 2);
		this.tagged.executions.finish(List.of(success(runs.get(0), 500), failure(runs.get(1), 500)));
		this.tagged.enqueue(on("print", after("child", "good")), on("print", after("strict", "good", "bad")),
				on("print", DependencyTests.after(job("mild"), Dependency.on("bad", "good").allowFailure())));
		assertThat(status("print", "child")).isEqualTo("queued");
		assertThat(status("print", "mild")).isEqualTo("queued");
		assertThat(status("print", "strict")).isEqualTo("deferred");
		this.template.opsForHash().put("rq:{mail}:job:bad", "status", "queued");
		this.template.opsForList().rightPush("rq:{mail}:queue:mail", "bad");
		this.tagged.executions.finish(List.of(success(this.tagged.claim("mail", 1).get(0), 500)));
		assertThat(status("print", "strict")).isEqualTo("queued");
	}

	@Test
	void jobsOfOneCallWaitForEachOtherAcrossNodes() {
		this.tagged.enqueue(on("mail", after("c", "b")), on("print", given(after("b", "a"))),
				on("mail", given(job("a"))));
		for (String queue : List.of("mail", "print", "mail")) {
			Execution run = this.tagged.claim(queue, 5).get(0);
			this.tagged.executions.finish(List.of(success(run, 500)));
		}
		assertThat(status("mail", "c")).isEqualTo("finished");
	}

	@Test
	void aJobWhoseParentsCouldNotBeAskedYetWaitsForMaintenance() {
		this.tagged.enqueue(on("mail", job("m")));
		this.template.opsForValue().set("rq:{mail}:job:m:dependents", "of another type");
		this.tagged.enqueue(on("print", after("child", "m")));
		assertThat(status("print", "child")).isEqualTo("deferred");
		assertThat(redis.state().list("rq:{print}:deliveries")).contains("child\nmail\nm\nprint\nchild");
		this.template.delete("rq:{mail}:job:m:dependents");
		this.tagged.maintenance.releaseDependents("print");
		this.tagged.executions.finish(List.of(success(this.tagged.claim("mail", 1).get(0), 500)));
		assertThat(status("print", "child")).isEqualTo("queued");
	}

	@Test
	void groupsHaveJobsOfAllQueues() {
		this.tagged.enqueue(on("mail", GroupTests.in("g", job("m"))), on("print", GroupTests.in("g", job("p"))));
		GroupStore groups = this.tagged.jobs.groups();
		assertThat(redis.state().set("rq:group:g")).containsExactlyInAnyOrder("mail:m", "print:p");
		assertThat(groups.names()).containsExactly("g");
		assertThat(groups.ids("g")).containsExactly("m", "p");
		assertThat(groups.counts("g")).isEqualTo(Map.of(JobStatus.QUEUED, 2L));
		this.tagged.executions.finish(List.of(success(this.tagged.claim("mail", 1).get(0), 0)));
		assertThat(groups.ids("g")).containsExactly("p");
		this.template.delete("rq:{print}:job:p");
		assertThat(this.tagged.maintenance.chores(List.of("mail", "print"), 500, Retention.NONE).get("mail"))
			.contains(MaintenanceStore.Chore.UNGROUP);
		this.tagged.maintenance.ungroup();
		assertThat(redis.state().keys()).doesNotContainKeys("rq:groups", "rq:group:g");
	}

	@Test
	void whatIsDeliveredTwiceIsDoneOnce() {
		waits("child", "print", "mail:m");
		for (int i = 0; i < 2; i++) {
			this.template.opsForList().rightPush(TAGGED.of("mail").deliveries(), "parent\nprint\nchild\nmail:m\n0");
		}
		this.template.opsForList().rightPush(TAGGED.of("mail").deliveries(), "queue\nmail");
		this.tagged.maintenance.releaseDependents("mail");
		this.tagged.maintenance.releaseDependents("print");
		assertThat(redis.state().list("rq:{print}:queue:print")).containsExactly("child");
		assertThat(this.tagged.queues.names()).containsExactly("mail", "print");
	}

	@Test
	void whatIsEnqueuedOnceIsKnownOnEachOfItsQueues() {
		List<NewJob> jobs = List.of(on("mail", job("m")), on("print", job("p")), on("mail", job("n")));
		for (int i = 0; i < 2; i++) {
			int call = 0;
			for (List<NewJob> some : this.tagged.jobs.calls(jobs)) {
				this.tagged.jobs.enqueueOnce(some, "one", ++call, Duration.ofDays(7));
			}
			this.tagged.claim("mail", 10);
			this.tagged.claim("print", 10);
			assertThat(this.template.keys("*:queue:*")).isEmpty();
			Stream.of("rq:{mail}:job:m", "rq:{mail}:job:n", "rq:{print}:job:p").forEach(this.template::delete);
		}
		assertThat(this.template.keys("*:job:*")).isEmpty();
		this.tagged.jobs.forgetSoon(jobs, "one", Duration.ofHours(1));
		assertThat(List.of("rq:{mail}:enqueued:one.1", "rq:{print}:enqueued:one.2"))
			.allSatisfy((marker) -> assertThat(redis.state().ttl(marker)).isBetween(3_500L, 3_600L));
	}

	@Test
	void whatFollowsFromAnOutcomeIsEnqueuedOnItsOwnQueueOnce() {
		this.tagged.enqueue(on("mail", job("m")));
		Execution run = this.tagged.claim("mail", 1).get(0);
		this.tagged.executions.finish(List
			.of(success(run, 500).withFollowing(List.of(on("print", job("f")).job(), on("mail", job("g")).job()))));
		assertThat(redis.state().list("rq:{print}:queue:print")).containsExactly("f");
		assertThat(redis.state().list("rq:{mail}:queue:mail")).containsExactly("g");
		assertThat(redis.state().hash("rq:{print}:job:f")).containsEntry("data", "[\"tasks.add\",null,[1],{}]")
			.containsEntry("status", "queued");
		assertThat(this.tagged.queues.names()).containsExactly("mail", "print");
		assertThat(redis.state().keys()).doesNotContainKey("rq:{mail}:deliveries");
		this.template.opsForList().rightPush(TAGGED.of("mail").deliveries(), "job\nprint\nf\nstatus\nqueued");
		this.tagged.maintenance.releaseDependents("mail");
		assertThat(redis.state().list("rq:{print}:queue:print")).containsExactly("f");
	}

	@Test
	void aDeliveryThatFailsWaitsForMaintenanceAndDoesNotFailTheCall() {
		this.template.opsForValue().set("rq:queues", "of another type");
		this.tagged.enqueue(on("mail", job("m")));
		assertThat(redis.state().list("rq:{mail}:deliveries")).hasSize(1);
		this.template.delete("rq:queues");
		this.tagged.maintenance.releaseDependents("mail");
		assertThat(this.tagged.queues.names()).containsExactly("mail");
	}

	@Test
	void aFullRedisRefusesJobsAndLetsTheOthersEnd() {
		this.tagged.enqueue(on("mail", job("a")), on("mail", job("c")), on("mail", job("b")), on("mail", job("d")));
		this.tagged.enqueue(in(job("later"), 60));
		this.tagged.due("mail", "later");
		moveOut("c", "print");
		command("CONFIG", "SET", "maxmemory", "1");
		assertThatExceptionOfType(DataAccessException.class)
			.isThrownBy(() -> this.tagged.maintenance.releaseDependents("mail"))
			.havingRootCause()
			.withMessageContaining("OOM");
		assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> this.tagged.enqueue(job("d")))
			.havingRootCause()
			.withMessageContaining("OOM");
		assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> this.tagged.enqueue(after("d", "gone")))
			.havingRootCause()
			.withMessageContaining("OOM");
		assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> this.tagged.enqueue(job("d"), job("e")))
			.havingRootCause()
			.withMessageContaining("OOM");
		assertThat(this.tagged.workers.register(WORKER, TestStores.UNTOLD, LEASE)).isTrue();
		List<Execution> runs = this.tagged.claim("mail", 3);
		assertThat(this.tagged.executions.finish(List.of(success(runs.get(0), 500)))).isEmpty();
		assertThat(this.tagged.executions.retry(List.of(retry(runs.get(1), 60, false, null, null)))).isEmpty();
		assertThat(this.tagged.executions.release(List.of(runs.get(2)))).isEmpty();
		assertThat(this.tagged.schedulers.lead(SCHEDULER, List.of("mail"), LEASE, null).get("mail").held()).isTrue();
		assertThat(this.tagged.schedulers.promote("mail", SCHEDULER, 10).moved()).isEqualTo(1);
	}

	@Test
	void everyScriptIsHeldToOneSlot() {
		for (Script script : EnumSet.allOf(Script.class)) {
			assertThat(new String(ScriptTexts.of(TAGGED).get(script).bytes(), StandardCharsets.UTF_8))
				.startsWith(script.addsJobs() ? "#!lua\n" : "#!lua flags=allow-oom\n");
		}
	}

	@Test
	void namesThatWouldBreakTheTagsAreRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> TAGGED.of("ma{il")).withMessageContaining("ma{il");
		assertThatIllegalArgumentException().isThrownBy(() -> KeyLayout.tagged("{rq}")).withMessageContaining("{rq}");
		assertThatIllegalArgumentException().isThrownBy(() -> KeyLayout.rq(" "));
		assertThat(KeyLayout.rq("{rq}").of("mail").job("a")).isEqualTo("{rq}:job:a");
		assertThat(KeyLayout.tagged("x").of("mail").job("a")).isEqualTo("x:{mail}:job:a");
	}

	private void waits(String id, String queue, String... parents) {
		this.tagged.waits(id, queue, parents);
	}

	private void dependents(String queue, String id, String... children) {
		this.tagged.dependents(queue, id, children);
	}

	private static String status(String queue, String id) {
		return redis.state().hash(TAGGED.of(queue).job(id)).get("status");
	}

	/**
	 * All stores in one layout.
	 */
	private final class Stores {

		private final TestRedis server;

		private final StringRedisTemplate template;

		private final RedisScripts scripts;

		private final JobStore jobs;

		private final QueueStore queues;

		private final QueueControl control;

		private final ExecutionStore executions;

		private final MaintenanceStore maintenance;

		private final SchedulerStore schedulers;

		private final WorkerStore workers;

		Stores(TestRedis server, KeyLayout layout) {
			this.server = server;
			this.template = new StringRedisTemplate(server.connectionFactory());
			WorkerLease lease = new WorkerLease("w1", LEASE, BEATS);
			Clock clock = TaggedLayoutTests.this.clock;
			this.scripts = new RedisScripts(server.connectionFactory(), layout);
			this.jobs = TestStores.jobs(this.scripts, clock);
			this.queues = new QueueStore(this.scripts);
			this.control = new QueueControl(this.scripts, clock);
			this.executions = new ExecutionStore(this.scripts, clock, lease, TestStores.MAX_PAYLOAD);
			this.maintenance = new MaintenanceStore(this.scripts, clock, lease);
			this.schedulers = new SchedulerStore(this.scripts, clock);
			this.workers = new WorkerStore(this.scripts, clock);
		}

		QueueKeys keys(String queue) {
			return this.scripts.keys(queue);
		}

		void waits(String id, String queue, String... parents) {
			QueueKeys keys = keys(queue);
			this.template.opsForHash().put(keys.job(id), "status", "deferred");
			this.template.opsForHash().put(keys.job(id), "origin", queue);
			this.template.opsForZSet().add(keys.deferred(), id, 1);
			this.template.opsForSet().add(keys.job(":" + id) + ":dependencies", parents);
		}

		void dependents(String queue, String id, String... children) {
			this.template.opsForSet().add(keys(queue).job(id) + ":dependents", children);
		}

		List<Job> enqueue(NewJob... newJobs) {
			return this.jobs.enqueue(Stream.of(newJobs)
				.map((job) -> job.job().queue().equals("default") ? on("mail", job) : job)
				.toList());
		}

		List<Execution> claim(String queue, int max) {
			return claim(List.of(queue), max, false);
		}

		List<Execution> claim(List<String> from, int max, boolean inTurn) {
			return this.executions.claim(from, max, inTurn).claims().stream().map(Claims.Claim::execution).toList();
		}

		void due(String queue, String id) {
			this.template.opsForZSet().add(keys(queue).scheduled(), id, now() - 1);
		}

		void expireLeases(String queue) {
			this.server.state()
				.zset(keys(queue).wip())
				.keySet()
				.forEach((member) -> this.template.opsForZSet().add(keys(queue).wip(), member, now() - 10));
		}

		void beating(String queue) {
			this.template.opsForHash().put(keys(queue).worker("w1"), "beat_at", "" + now());
			this.template.opsForHash().put(keys(queue).worker("w1"), "beating_since", "" + (now() - 60));
		}

		void disown(String queue) {
			UnansweredClaims unanswered = new UnansweredClaims(this.scripts, new WorkerLease("w1", LEASE, BEATS));
			ClaimCall call = new ClaimCall(this.scripts.layout(), unanswered.lessee(), List.of(queue), 1, false, NOW,
					ClaimCall.Largest.of(1));
			unanswered.add(call);
			this.scripts.run(Script.CLAIM, call.arguments());
			assertThat(unanswered.settle(List.of(queue))).isEqualTo(1);
		}

		private double now() {
			try (RedisConnection connection = this.server.connectionFactory().getConnection()) {
				return connection.serverCommands().time() / 1000.0;
			}
		}

		/**
		 * Each key with its content, without the tag; the names of queues are there twice
		 * with it.
		 */
		Set<String> state() {
			String text = StateText.of(this.server.state(), now())
				.replace("rq:{mail}:", "rq:")
				.replaceAll("\\b[EN]\\d+\\b", "#")
				.strip();
			return new TreeSet<>(List.of(text.split("\n(?=rq:)")));
		}

	}

}
