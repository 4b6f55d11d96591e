package io.rq.chaos;

import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BinaryOperator;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisException;

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

	/**
	 * Waits until each worker has started a job after a moment, and returns how long
	 * after that moment the last of them did.
	 */
	Duration awaitStarts(long moment) {
		Set<String> workers = this.fleet.members(Fleet.Role.WORKER)
			.stream()
			.map(Fleet.Member::name)
			.collect(Collectors.toCollection(TreeSet::new));
		comes(() -> firstStarts(moment).keySet().containsAll(workers));
		Map<String, Long> starts = firstStarts(moment);
		starts.keySet().retainAll(workers);
		return (starts.size() == workers.size()) ? Duration.ofMillis(Collections.max(starts.values()) - moment)
				: PATIENCE;
	}

	private Map<String, Long> firstStarts(long moment) {
		return this.ledger.runs()
			.stream()
			.filter((run) -> run.start() > moment)
			.collect(Collectors.toMap(Ledger.Run::process, Ledger.Run::start, Math::min));
	}

	/** Waits until a process runs a job that its end would cut short. */
	void awaitBusy(Fleet.Member member) {
		if (!comes(() -> this.ledger.runs()
			.stream()
			.anyMatch((run) -> run.process().equals(member.name()) && run.end() == null))) {
			throw new AssertionError("Worker that takes no jobs: " + member.name());
		}
	}

	/** Waits until a producer has enqueued a job whose id tells that it was that one. */
	void awaitEnqueuing(Fleet.Member producer) {
		if (!comes(() -> this.ledger.acknowledged()
			.stream()
			.anyMatch((job) -> job.subject().startsWith(producer.name() + "-")))) {
			throw new AssertionError("Producer that enqueues no jobs: " + producer.name());
		}
	}

	/**
	 * Waits until all that a process was running at a moment has started elsewhere, and
	 * returns how long after that moment, or {@code null} if it was running nothing. What
	 * was taken from it before is elsewhere already.
	 */
	@Nullable Duration awaitReturn(Fleet.Member victim, long moment) {
		List<Ledger.Run> orphans = this.ledger.runs()
			.stream()
			.filter((run) -> run.process().equals(victim.name()) && run.end() == null && run.start() <= moment)
			.toList();
		if (orphans.isEmpty()) {
			return null;
		}
		if (!comes(() -> restarts(orphans).size() == orphans.size())) {
			return PATIENCE;
		}
		return Duration
			.ofMillis(restarts(orphans).stream().mapToLong((start) -> Math.max(0, start - moment)).max().orElse(0));
	}

	private List<Long> restarts(List<Ledger.Run> orphans) {
		Map<String, List<Ledger.Run>> runs = this.ledger.runs()
			.stream()
			.collect(Collectors.groupingBy(Ledger.Run::jobId));
		return orphans.stream()
			.map((orphan) -> runs.get(orphan.jobId())
				.stream()
				.map(Ledger.Run::start)
				.filter((start) -> start > orphan.start())
				.min(Comparator.naturalOrder()))
			.flatMap(Optional::stream)
			.toList();
	}

	/**
	 * Waits until each worker has started a job after this moment, and what had ended by
	 * then is recorded: a worker that dies before that has it in flight still.
	 */
	void awaitAllAtWork() {
		long now = System.currentTimeMillis();
		awaitWorkers(now);
		if (!comes(() -> isRecorded(now))) {
			throw new AssertionError("Jobs whose end is not recorded: " + unrecorded(now));
		}
	}

	private boolean isRecorded(long moment) {
		try {
			return unrecorded(moment).isEmpty();
		}
		catch (JedisException ex) {
			// a node may be away
			return false;
		}
	}

	private Set<String> unrecorded(long moment) {
		Set<String> unrecorded = new TreeSet<>();
		try (UnifiedJedis redis = this.ground.connect()) {
			for (String queue : Shape.QUEUES) {
				redis.zrange(this.ground.key(queue, "wip:" + queue), 0, -1)
					.forEach((run) -> unrecorded.add(run.replaceFirst(":.*", "")));
			}
		}
		Map<String, Ledger.Run> latest = this.ledger.runs()
			.stream()
			.filter((run) -> unrecorded.contains(run.jobId()))
			.collect(Collectors.toMap(Ledger.Run::jobId, Function.identity(),
					BinaryOperator.maxBy(Comparator.comparingLong(Ledger.Run::start))));
		unrecorded.removeIf((job) -> {
			Ledger.Run run = latest.get(job);
			return run == null || run.end() == null || run.end() > moment;
		});
		return unrecorded;
	}

	private void awaitWorkers(long now) {
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
		return Stream
			.concat(this.ground.others().stream(),
					this.fleet.members(Fleet.Role.WORKER).stream().map(Fleet.Member::name))
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

	/**
	 * Waits until a scheduler leads whose process is there: one that was killed with a
	 * worker still has the lock for a while.
	 */
	Leader leading() {
		AtomicReference<@Nullable Leader> leader = new AtomicReference<>();
		comes(() -> {
			leader.set(living());
			return leader.get() != null;
		});
		return Objects.requireNonNull(leader.get(), "No scheduler leads");
	}

	private @Nullable Leader living() {
		String name = leader();
		Fleet.Member process = (name != null) ? process(name) : null;
		return (process != null) ? new Leader(name, process) : null;
	}

	private Fleet.@Nullable Member process(String scheduler) {
		try (UnifiedJedis redis = this.ground.connect()) {
			String pid = redis.hget(this.ground.key(Shape.QUEUE, "scheduler:" + scheduler), "pid");
			return (pid != null) ? this.fleet.withPid(Long.parseLong(pid)) : null;
		}
	}

	/** Waits until another scheduler leads, and returns how long that was after now. */
	Duration awaitOtherThan(String former) {
		long since = System.nanoTime();
		comes(() -> {
			String leader = leader();
			return leader != null && !leader.equals(former);
		});
		return Duration.ofNanos(System.nanoTime() - since);
	}

	/**
	 * A scheduler that leads.
	 *
	 * @param name its name
	 * @param process the process that it is part of
	 */
	record Leader(String name, Fleet.Member process) {

	}

}
