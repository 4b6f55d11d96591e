package io.rq.chaos;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.UnifiedJedis;

import static org.awaitility.Awaitility.await;

/**
 * Where faults strike, and what can be seen of it.
 *
 * @param ground the Redis under the processes
 * @param fleet the processes
 * @param ledger what they say they have done
 */
record Stage(Ground ground, Fleet fleet, Ledger ledger) {

	static final Duration LEASE = Duration.ofSeconds(5);

	static final Duration LOCK_LEASE = Duration.ofSeconds(5);

	/** How long a command may take. */
	static final Duration TIMEOUT = Duration.ofSeconds(2);

	static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final Duration TICK = Duration.ofMillis(20);

	/** Lets a fault last. */
	static void pause(Duration length) {
		await().pollDelay(length).atMost(length.plus(PATIENCE)).until(() -> true);
	}

	/** Waits for something at most as long as anything here is waited for. */
	static boolean comes(BooleanSupplier condition) {
		try {
			await().pollDelay(Duration.ZERO).pollInterval(TICK).atMost(PATIENCE).until(condition::getAsBoolean);
			return true;
		}
		catch (ConditionTimeoutException ex) {
			return false;
		}
	}

	/** Waits until a run has started after a moment, and returns how long after. */
	Duration awaitStart(long moment) {
		comes(() -> untilStart(moment) != null);
		Duration found = untilStart(moment);
		return (found != null) ? found : PATIENCE;
	}

	private @Nullable Duration untilStart(long moment) {
		return this.ledger.runs()
			.stream()
			.map(Ledger.Run::start)
			.filter((start) -> start > moment)
			.findFirst()
			.map((start) -> Duration.ofMillis(start - moment))
			.orElse(null);
	}

	/**
	 * Waits until all that a process was running at a moment has started elsewhere, and
	 * returns how long after that moment.
	 */
	Duration awaitReturn(Fleet.Member victim, long moment) {
		Set<String> jobs = this.ledger.runs()
			.stream()
			.filter((run) -> run.process().equals(victim.name()) && run.end() == null && run.start() <= moment)
			.map(Ledger.Run::jobId)
			.collect(Collectors.toSet());
		if (!comes(() -> restarts(jobs, moment).size() == jobs.size())) {
			return PATIENCE;
		}
		return Duration.ofMillis(restarts(jobs, moment).stream().mapToLong((start) -> start - moment).max().orElse(0));
	}

	private List<Long> restarts(Set<String> jobs, long moment) {
		return this.ledger.runs()
			.stream()
			.filter((run) -> jobs.contains(run.jobId()) && run.start() > moment)
			.collect(Collectors.groupingBy(Ledger.Run::jobId,
					Collectors.reducing(Long.MAX_VALUE, Ledger.Run::start, Math::min)))
			.values()
			.stream()
			.toList();
	}

	/** Waits until each worker has started a job after this moment. */
	void awaitAllAtWork() {
		long now = System.currentTimeMillis();
		Set<String> idle = workers();
		if (!comes(() -> {
			this.ledger.runs()
				.stream()
				.filter((run) -> run.start() > now)
				.map(Ledger.Run::process)
				.forEach(idle::remove);
			return idle.isEmpty();
		})) {
			throw new AssertionError("Workers that take no jobs: " + idle);
		}
	}

	private Set<String> workers() {
		return this.fleet.members(Fleet.Role.WORKER)
			.stream()
			.map(Fleet.Member::name)
			.collect(Collectors.toCollection(TreeSet::new));
	}

	/** How many keys there are. */
	long keys() {
		try (UnifiedJedis redis = this.ground.connect()) {
			return redis.dbSize();
		}
	}

	/** The status of a job, or {@code null} if there is no such job. */
	@Nullable String status(String queue, String job) {
		try (UnifiedJedis redis = this.ground.connect()) {
			return redis.hget(this.ground.key(queue, "job:" + job), "status");
		}
	}

	/** The name of the scheduler that leads, or {@code null} if none does. */
	@Nullable String leader() {
		try (UnifiedJedis redis = this.ground.connect()) {
			return redis.get(this.ground.key(Shape.QUEUE, "scheduler-lock:" + Shape.QUEUE));
		}
	}

	/** The process of the scheduler that leads. */
	Fleet.Member leading() {
		comes(() -> leader() != null);
		String name = Objects.requireNonNull(leader(), "No scheduler leads");
		try (UnifiedJedis redis = this.ground.connect()) {
			String pid = redis.hget(this.ground.key(Shape.QUEUE, "scheduler:" + name), "pid");
			return this.fleet.withPid(Long.parseLong(pid));
		}
	}

	/** Waits until another scheduler leads, and returns how long that was after now. */
	Duration awaitOtherThan(@Nullable String former) {
		long since = System.nanoTime();
		comes(() -> {
			String leader = leader();
			return leader != null && !leader.equals(former);
		});
		return Duration.ofNanos(System.nanoTime() - since);
	}

}
