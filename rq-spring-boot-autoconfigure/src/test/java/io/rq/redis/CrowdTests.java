package io.rq.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.ReturnType;

import io.rq.job.Dependency;
import io.rq.queue.QueueSnapshot;
import io.rq.redis.WorkerStore.WorkerIdentity;
import io.rq.test.TestStores;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what the scripts cost where very many jobs wait, are scheduled, run or have
 * ended, and very many workers are on record: no more than where there are few.
 */
class CrowdTests extends AbstractStoreTests {

	private static final int FEW = 1_000;

	private static final int MANY = 100_000;

	private static final int VERY_MANY = 1_000_000;

	private static final int CHUNK_SIZE = 1_000;

	private static final int BATCH = 500;

	/** The scripts that walk through sets. */
	private static final Set<String> WALKS = Set.of("forget", "restore");

	/** Entries of others, none of which is due or has run out. */
	private static final String CROWD = """
			local far = redis.call('TIME')[1] + 1000000
			for i = 1, 1000 do
			  local id = 'filler-' .. ARGV[1] .. '-' .. i
			  redis.call('RPUSH', 'rq:queue:default', id)
			  for _, registry in ipairs({ 'scheduled', 'deferred', 'finished', 'failed', 'canceled' }) do
			    redis.call('ZADD', 'rq:' .. registry .. ':default', far, id)
			  end
			  redis.call('ZADD', 'rq:wip:default', far, id .. ':1')
			  redis.call('SADD', 'rq:takers:default', id)
			  redis.call('SADD', 'rq:workers', 'rq:worker:' .. id)
			  redis.call('SADD', 'rq:workers:default', 'rq:worker:' .. id)
			end""";

	/** Jobs that are gone or due, as many as one call takes. */
	private static final String DUE = """
			local now = redis.call('TIME')[1]
			for i = 1, 500 do
			  local id = ARGV[1] .. '-' .. i
			  redis.call('HSET', 'rq:job:s-' .. id, 'status', 'scheduled', 'data', 'x', 'origin', 'default')
			  redis.call('ZADD', 'rq:scheduled:default', now - 100, 's-' .. id)
			  redis.call('HSET', 'rq:job:w-' .. id, 'status', 'started', 'data', 'x', 'origin', 'default')
			  redis.call('ZADD', 'rq:wip:default', now - 100, 'w-' .. id .. ':1')
			  redis.call('HSET', 'rq:job:c-' .. id, 'status', 'canceled', 'data', 'x', 'origin', 'default')
			  redis.call('ZADD', 'rq:canceled:default', now - 100, 'c-' .. id)
			  redis.call('ZADD', 'rq:finished:default', now - 100, 'f-' .. id)
			  redis.call('ZADD', 'rq:failed:default', now - 100, 'f-' .. id)
			end""";

	private static final String CHILDREN = """
			for i = 1, 1000 do
			  local id = 'child-' .. ARGV[1] .. '-' .. i
			  redis.call('HSET', 'rq:job:' .. id, 'status', 'deferred', 'data', 'x', 'origin', 'default')
			  redis.call('SADD', 'rq:job::' .. id .. ':dependencies', 'parent')
			  redis.call('SADD', 'rq:job:parent:dependents', id)
			end""";

	private final SchedulerStore.SchedulerIdentity scheduler = new SchedulerStore.SchedulerIdentity("1", "host", 1,
			NOW);

	private void fill(String chunk, int size) {
		try (RedisConnection connection = this.redis.connectionFactory().getConnection()) {
			for (int i = 0; i < Math.max(1, size / CHUNK_SIZE); i++) {
				connection.scriptingCommands().eval(bytes(chunk), ReturnType.STATUS, 0, bytes(i + "-" + size));
			}
		}
	}

	/** What Redis did in scripts during a call: calls of commands, and its time. */
	private Cost cost(Runnable work) {
		try (RedisConnection connection = this.redis.connectionFactory().getConnection()) {
			connection.serverCommands().resetConfigStats();
			work.run();
			Properties info = connection.serverCommands().info("commandstats");
			assertThat(info).isNotNull();
			Map<String, Long> calls = new TreeMap<>();
			info.stringPropertyNames()
				.stream()
				.filter((name) -> !name.matches("cmdstat_(config|info|script|eval|hello|client|select|ping).*"))
				.forEach((name) -> calls.put(name.substring("cmdstat_".length()), number(info, name, "calls")));
			long micros = Stream.of("cmdstat_eval", "cmdstat_evalsha")
				.filter(info::containsKey)
				.mapToLong((name) -> number(info, name, "usec"))
				.sum();
			return new Cost(calls, micros);
		}
	}

	private static long number(Properties info, String command, String name) {
		return Long.parseLong(info.getProperty(command).replaceAll("^(?:.*,)?" + name + "=(\\d+).*$", "$1"));
	}

	/** The costs of each script in its turn, among so many others. */
	private Map<String, Cost> costs(int round) {
		fill(DUE, round);
		Map<String, Cost> costs = new TreeMap<>();
		List<Execution> taken = new ArrayList<>();
		costs.put("enqueue", cost(() -> this.jobs
			.enqueue(IntStream.range(0, 2 * BATCH).mapToObj((i) -> front(job("job-" + round + "-" + i))).toList())));
		costs.put("claim", cost(() -> taken.addAll(claim(BATCH))));
		costs.put("beat", cost(() -> this.executions.beat("busy", List.of("default"),
				taken.stream().map((run) -> new ExecutionStore.Run(run, NOW)).toList())));
		List<Execution> first = taken.subList(0, BATCH / 2);
		List<Execution> second = taken.subList(BATCH / 2, BATCH);
		costs.put("finish",
				cost(() -> this.executions.finish(IntStream.range(0, BATCH / 2)
					.mapToObj((i) -> (i % 2 == 0) ? success(first.get(i), 500) : failure(first.get(i), 500))
					.toList())));
		costs.put("retry", cost(
				() -> this.executions.retry(second.stream().map((run) -> retry(run, 60, false, null, null)).toList())));
		List<Execution> unbegun = claim(BATCH);
		costs.put("release", cost(() -> this.executions.release(unbegun)));
		UnansweredClaims unanswered = unanswered();
		new RedisScripts(this.redis.connectionFactory()).run(Script.CLAIM, giveUp(unanswered).arguments());
		costs.put("disown", cost(() -> unanswered.settle(List.of("default"))));
		this.executions.claim(List.of("default"), BATCH, false);
		costs.put("reclaim", cost(() -> steadily(() -> this.maintenance.reclaim("default", 3, 500, null))));
		this.schedulers.lead(this.scheduler, List.of("default"), LEASE, null);
		costs.put("promote", cost(() -> this.schedulers.promote("default", this.scheduler, BATCH)));
		costs.put("expire and purge", cost(() -> this.maintenance.expire("default", 50)));
		costs.put("census", cost(() -> this.queues.census(List.of("default"))));
		return costs;
	}

	/** Sets are looked at in parts whose size Redis chooses. */
	private Map<String, Cost> costsOfSets() {
		return Map.of("restore", cost(() -> this.maintenance.restoreTaken("default")), "forget",
				cost(() -> this.maintenance.forgetWorkers("default")));
	}

	@Test
	void scriptsMakeAsManyCallsAmongManyAsAmongFew() {
		fill(CROWD, FEW);
		Map<String, Cost> few = costs(1);
		Map<String, Cost> fewInSets = costsOfSets();
		this.redis.flush();
		fill(CROWD, MANY);
		Map<String, Cost> many = costs(1);
		Map<String, Cost> manyInSets = costsOfSets();
		few.forEach((script, cost) -> assertThat(many.get(script).calls()).as(script).isEqualTo(cost.calls()));
		fewInSets.forEach((script, cost) -> assertThat(manyInSets.get(script).total()).as(script)
			.isLessThan(cost.total() * 3 / 2));
	}

	/**
	 * The bounds leave room for a loaded machine and for what a processor's cache cannot
	 * hold of a million entries: a quiet machine shows up to twice the time where jobs
	 * are concerned, up to three times where a set is walked. What grew with the entries
	 * would take hundreds of times as long.
	 */
	@Test
	@Tag("long")
	void scriptsTakeNoLongerAmongAMillion() {
		fill(CROWD, FEW);
		costs(0);
		Map<String, Double> few = times(FEW);
		this.redis.flush();
		fill(CROWD, VERY_MANY);
		costs(0);
		Map<String, Double> many = times(VERY_MANY);
		few.forEach((script, micros) -> assertThat(many.get(script)).as(script + " of " + few + " and " + many)
			.isLessThan((WALKS.contains(script) ? 5 : 3) * micros));
	}

	/** The median of the microseconds that each script takes for each call it makes. */
	private Map<String, Double> times(int crowd) {
		Map<String, List<Double>> all = new TreeMap<>();
		for (int round = 1; round <= 9; round++) {
			Map<String, Cost> costs = new TreeMap<>(costs(round));
			if (crowd == FEW) {
				fill(CROWD, FEW);
			}
			costs.putAll(costsOfSets());
			costs.forEach((script, cost) -> all.computeIfAbsent(script, (name) -> new ArrayList<>())
				.add((double) cost.micros() / cost.total()));
		}
		Map<String, Double> medians = new TreeMap<>();
		all.forEach(
				(script, micros) -> medians.put(script, micros.stream().sorted().skip(4).findFirst().orElseThrow()));
		return medians;
	}

	private Map<String, Cost> costsOfDependents(int children) {
		this.redis.flush();
		fill(CHILDREN, children);
		Execution parent = started("parent");
		Map<String, Cost> costs = new TreeMap<>();
		costs.put("finish", cost(() -> this.executions.finish(List.of(success(parent, 500)))));
		costs.put("dependents", cost(this::releaseOnce));
		return costs;
	}

	private void releaseOnce() {
		new RedisScripts(this.redis.connectionFactory()).run(Script.DEPENDENTS,
				ScriptArguments.keys(KeyLayout.RQ.of("default").releasing()).add("default").add(STAMP));
	}

	@Test
	void jobsWithManyDependentsLetThemGoInParts() {
		Map<String, Cost> few = costsOfDependents(5 * FEW);
		Map<String, Cost> many = costsOfDependents(20 * FEW);
		few.forEach((script, cost) -> assertThat(many.get(script).total()).as(script).isLessThan(cost.total() * 3 / 2));
		this.maintenance.releaseDependents("default");
		assertThat(this.jobs.count("default")).isEqualTo(20 * FEW);
	}

	/**
	 * W42: a call looks at a thousand jobs and their parents, which takes 7 to 10 ms.
	 * What counts is the time of the processor: on a loaded machine calls take many times
	 * as long by any clock.
	 */
	@Test
	@Tag("long")
	void aMillionDependentsBlockRedisAtNoTime() {
		this.redis.flush();
		fill(CHILDREN, VERY_MANY);
		Execution parent = started("parent");
		List<Double> millis = new ArrayList<>();
		try (RedisConnection connection = this.redis.connectionFactory().getConnection()) {
			millis.add(processorMillis(connection,
					() -> enqueue(DependencyTests.after(job("one-more"), Dependency.on("parent")))));
			millis.add(processorMillis(connection, () -> this.executions.finish(List.of(success(parent, 500)))));
			while (Boolean.TRUE.equals(this.template.hasKey("rq:releasing:default"))) {
				millis.add(processorMillis(connection, this::releaseOnce));
			}
		}
		assertThat(millis).allMatch((time) -> time < 50);
		assertThat(millis.stream().mapToDouble(Double::doubleValue).sum() / millis.size()).as("mean")
			.isBetween(1.0, 20.0);
		assertThat(this.jobs.count("default")).isEqualTo(VERY_MANY + 1);
		assertThat(this.template.hasKey("rq:job:parent:dependents")).isFalse();
	}

	/** The time of the processor that Redis takes for a call. */
	private static double processorMillis(RedisConnection connection, Runnable call) {
		double before = processorMillis(connection);
		call.run();
		return processorMillis(connection) - before;
	}

	private static double processorMillis(RedisConnection connection) {
		Properties info = connection.serverCommands().info("cpu");
		assertThat(info).isNotNull();
		return 1000 * Stream.of("used_cpu_user", "used_cpu_sys")
			.mapToDouble((name) -> Double.parseDouble(info.getProperty(name)))
			.sum();
	}

	/** W42: what one worker does while nobody is gone does not grow with the others. */
	@Test
	void maintenanceMakesNoMoreCallsAmongManyWorkersThanAmongAHundred() {
		Cost few = costOfIdleRound(100);
		Cost many = costOfIdleRound(500);
		assertThat(many.total()).as(many + " and " + few).isEqualTo(few.total()).isLessThan(50);
	}

	private Cost costOfIdleRound(int workers) {
		for (int i = 0; i < workers; i++) {
			this.workers.register(
					new WorkerIdentity("w" + i, List.of("default"), "host-1", 42, NOW, "0.1.0", "Java 17"),
					TestStores.UNTOLD, LEASE);
		}
		this.maintenance.chores(List.of("default"), 500, Retention.NONE);
		return cost(() -> assertThat(this.maintenance.chores(List.of("default"), 500, Retention.NONE).get("default"))
			.isEmpty());
	}

	@Test
	void leasesAreReadOnceForAllJobsOfACall() {
		List<String> ids = IntStream.range(0, 50).mapToObj((i) -> "job-" + i).toList();
		ids.forEach((id) -> {
			hash("rq:job:" + id, "status", "canceled", "data", "x", "origin", "default");
			zadd("rq:wip:default", now() + 60, id + ":1");
			zadd("rq:wip:default", now() + 60, id + ":2");
		});
		zadd("rq:wip:default", now() + 60, "other:1");
		Cost cost = cost(() -> assertThat(this.control.requeueAll(ids)).isEqualTo(50));
		assertThat(cost.calls()).containsEntry("zcard", 1L).doesNotContainKey("zscan");
		assertThat(this.redis.state().zset("rq:wip:default")).containsOnlyKeys("other:1");
	}

	@Test
	void queuesAndWorkersAreReadInParts() {
		String[] queues = IntStream.range(0, 250).mapToObj((i) -> "rq:queue:q" + i).toArray(String[]::new);
		this.template.opsForSet().add("rq:queues", queues);
		fill(CROWD, 5 * FEW);
		List<QueueSnapshot> counted = new ArrayList<>();
		Cost cost = cost(() -> {
			counted.addAll(this.queues.census(this.queues.names()));
			assertThat(this.workers.workers()).isEmpty();
		});
		assertThat(counted).extracting(QueueSnapshot::name).hasSize(250).isSorted().doesNotHaveDuplicates();
		assertThat(cost.calls()).containsKey("sscan").doesNotContainKey("smembers").containsEntry("llen", 250L);
	}

	@Test
	void maintenanceOfManyComesToItsEndWhenItIsInterrupted() {
		for (int round = 0; round < 6; round++) {
			fill(DUE, round);
		}
		Thread.currentThread().interrupt();
		try {
			this.maintenance.expire("default", 50);
		}
		catch (DataAccessException ex) {
			// Lettuce makes no call for an interrupted thread
		}
		finally {
			assertThat(Thread.interrupted()).isTrue();
		}
		assertThat(this.template.opsForZSet().size("rq:finished:default")).isGreaterThanOrEqualTo(5 * BATCH);
		assertThat(this.template.opsForZSet().size("rq:canceled:default")).isGreaterThanOrEqualTo(5 * BATCH);
	}

	/**
	 * What a piece of work cost.
	 *
	 * @param calls how often which command was called
	 * @param micros how long scripts took
	 */
	private record Cost(Map<String, Long> calls, long micros) {

		long total() {
			return this.calls.values().stream().mapToLong(Long::longValue).sum();
		}

	}

}
