package io.rq.scheduler;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.rq.lifecycle.HostName;
import io.rq.lifecycle.Listeners;
import io.rq.lifecycle.TimeSource;
import io.rq.log.SafeLog;
import io.rq.redis.SchedulerStore;
import io.rq.redis.SchedulerStore.SchedulerIdentity;
import io.rq.redis.SchedulerStore.Seat;

/**
 * Takes and renews the locks of the queues, and knows of which queues this process is the
 * scheduler. Used by one thread, except where a method says otherwise.
 */
final class Leadership implements Election {

	private static final SafeLog log = SafeLog.of(Leadership.class);

	/** Long enough to cost nothing, and short enough to notice that nothing is heard. */
	private static final long LONGEST_PERIOD = Duration.ofSeconds(3).toNanos();

	private final SchedulerOptions options;

	private final SchedulerStore store;

	private final TimeSource time;

	private final Supplier<@Nullable String> probe;

	private final Listeners<SchedulerListener> listeners;

	private final Map<String, Hold> holds = new ConcurrentHashMap<>();

	private final long lease;

	private final long period;

	/** For how long after the start of a renewal the locks are believed in. */
	private final long trust;

	private Looks looks = new Looks(0, Instant.MIN, Map.of());

	private volatile String name = SchedulerIdentity.newName();

	private @Nullable SchedulerIdentity identity;

	private volatile boolean urgent = true;

	private long nextAttempt;

	/**
	 * Creates the leadership of no queue.
	 * @param options what is to be led
	 * @param store holds the elections
	 * @param time the time
	 * @param probe gets the channel on which somebody waits for a sign of each election
	 * @param listeners hear of its changes
	 */
	Leadership(SchedulerOptions options, SchedulerStore store, TimeSource time, Supplier<@Nullable String> probe,
			Listeners<SchedulerListener> listeners) {
		this.options = options;
		this.store = store;
		this.time = time;
		this.probe = probe;
		this.listeners = listeners;
		this.lease = options.lockLease().toNanos();
		this.period = Math.min(this.lease / 3, LONGEST_PERIOD);
		this.trust = this.lease - this.lease / 10;
	}

	/**
	 * Renews what is held and tries to take the rest, if it is time.
	 * @param early how much earlier it may be, in nanoseconds
	 */
	void tend(long early) {
		if (untilNextAttempt() <= Math.min(early, this.period / 3)) {
			attempt();
		}
	}

	/**
	 * Renews what is held and tries to take the rest.
	 */
	@Override
	public void attempt() {
		giveUpExpired();
		this.urgent = false;
		long start = this.time.nanoTime();
		this.nextAttempt = start;
		Map<String, Seat> seats = this.store.lead(identity(), this.options.queues(), this.options.lockLease(),
				this.probe.get());
		this.nextAttempt = start + Math.min(jittered(this.period), untilFree(seats.values()));
		List<String> gained = new ArrayList<>();
		List<String> lost = new ArrayList<>();
		seats.forEach((queue, seat) -> {
			if (set(queue, seat.held(), start + this.trust)) {
				(seat.held() ? gained : lost).add(queue);
			}
		});
		this.looks = new Looks(start, this.time.instant(), seats);
		log(gained, lost);
	}

	/** Until a lock of another would be free: who has died renews it no more. */
	private static long untilFree(Collection<Seat> seats) {
		return seats.stream()
			.map(Seat::untilFree)
			.filter(Objects::nonNull)
			.mapToLong((free) -> free.plusMillis(1).toNanos())
			.min()
			.orElse(Long.MAX_VALUE);
	}

	private static long jittered(long nanos) {
		return nanos - ThreadLocalRandom.current().nextLong(nanos / 5);
	}

	/** The time until {@link #tend(long)} has something to do, in nanoseconds. */
	long untilNextAttempt() {
		return this.urgent ? 0 : this.nextAttempt - this.time.nanoTime();
	}

	/** What the last election has seen of the queues it was held for. */
	Looks looks() {
		return this.looks;
	}

	/** Whether this process may move the jobs of a queue now. For any thread. */
	@Override
	public boolean leads(String queue) {
		Hold hold = this.holds.get(queue);
		return hold != null && leads(hold);
	}

	private boolean leads(Hold hold) {
		return hold.leader && this.time.nanoTime() - hold.trustedUntil < 0;
	}

	@Override
	public @Nullable String holder(String queue) {
		Seat seat = this.looks.seats().get(queue);
		return (seat != null) ? seat.holder() : null;
	}

	@Override
	public void lost(String queue) {
		if (set(queue, false, this.time.nanoTime())) {
			log(List.of(), List.of(queue));
		}
		this.urgent = true;
	}

	/** Tells that the lock of a queue may be free. For any thread. */
	boolean vacant(String queue) {
		if (!this.options.queues().contains(queue) || leads(queue)) {
			return false;
		}
		this.urgent = true;
		return true;
	}

	/** Gives back all locks. The next election is under another name. */
	void resign() {
		SchedulerIdentity current = this.identity;
		if (current == null) {
			return;
		}
		try {
			this.store.resign(current, this.options.queues());
		}
		catch (RuntimeException ex) {
			log.warn("Scheduler {} could not give its locks back; they expire within {}", this.name,
					this.options.lockLease(), ex);
		}
		finally {
			this.holds.keySet().forEach((queue) -> set(queue, false, this.time.nanoTime()));
			this.identity = null;
			this.name = SchedulerIdentity.newName();
			this.urgent = true;
		}
	}

	private void giveUpExpired() {
		List<String> expired = new ArrayList<>();
		this.holds.forEach((queue, hold) -> {
			if (hold.leader && !leads(hold) && set(queue, false, hold.trustedUntil)) {
				expired.add(queue);
			}
		});
		log(List.of(), expired);
	}

	/** Notes who leads, and returns whether leadership was gained or lost. */
	private boolean set(String queue, boolean leader, long trustedUntil) {
		Hold before = this.holds.get(queue);
		if (before != null && before.leader == leader) {
			this.holds.put(queue, new Hold(leader, trustedUntil, before.since));
			return false;
		}
		this.holds.put(queue, new Hold(leader, trustedUntil, this.time.instant()));
		if (!leader && before == null) {
			return false;
		}
		this.listeners.tell((listener) -> listener.leadershipChanged(queue, leader));
		return true;
	}

	private void log(List<String> gained, List<String> lost) {
		if (!gained.isEmpty()) {
			log.info("Scheduler {} leads queues {}", this.name, gained);
		}
		if (!lost.isEmpty()) {
			log.warn("Scheduler {} leads queues {} no longer", this.name, lost);
		}
	}

	/** The identity of the current term. */
	@Override
	public SchedulerIdentity identity() {
		SchedulerIdentity current = this.identity;
		if (current == null) {
			current = new SchedulerIdentity(this.name, HostName.orElse("localhost"), ProcessHandle.current().pid(),
					this.time.instant());
			this.identity = current;
		}
		return current;
	}

	/** The name of the current term. For any thread. */
	String name() {
		return this.name;
	}

	/** Since when this process is leader or standby of a queue. For any thread. */
	@Nullable Instant since(String queue) {
		Hold hold = this.holds.get(queue);
		return (hold != null) ? hold.since : null;
	}

	/**
	 * What the last election said of a queue.
	 *
	 * @param leader whether this process has the lock
	 * @param trustedUntil until when that may be believed, as a value of the nano time
	 * @param since when {@code leader} changed last
	 */
	private record Hold(boolean leader, long trustedUntil, Instant since) {

	}

	/**
	 * What an election has seen.
	 *
	 * @param at when it began, as a value of the nano time
	 * @param time when it was over, for people
	 * @param seats what was found for each queue
	 */
	record Looks(long at, Instant time, Map<String, Seat> seats) {

	}

}
