package io.rq.scheduler;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.core.NestedExceptionUtils;

import io.rq.lifecycle.Listeners;
import io.rq.lifecycle.TimeSource;
import io.rq.log.SafeLog;
import io.rq.redis.SchedulerStore;
import io.rq.redis.SchedulerStore.Promotion;

/**
 * Moves due jobs of the queues that this process leads, and knows when the next ones are
 * due. Used by one thread, except where a method says otherwise.
 */
final class DueJobPromoter implements Duty {

	private static final SafeLog log = SafeLog.of(DueJobPromoter.class);

	private static final int BATCH_SIZE = 1000;

	/** So that a job that becomes due need not wait for the looks at many queues. */
	private static final int MOST_IDLE_LOOKS = 100;

	private final List<String> queues;

	private final Map<String, Watch> watches = new HashMap<>();

	private final SchedulerStore store;

	private final Leadership leadership;

	private final TimeSource time;

	private final Listeners<SchedulerListener> listeners;

	private final long interval;

	private final Turn awaited = new Turn(true, Integer.MAX_VALUE);

	private final Turn others = new Turn(false, MOST_IDLE_LOOKS);

	DueJobPromoter(SchedulerOptions options, SchedulerStore store, Leadership leadership, TimeSource time,
			Listeners<SchedulerListener> listeners) {
		this.store = store;
		this.leadership = leadership;
		this.time = time;
		this.listeners = listeners;
		this.interval = options.interval().toNanos();
		this.queues = options.queues();
		this.queues.forEach((queue) -> this.watches.put(queue, new Watch()));
	}

	/**
	 * Moves one batch of each led queue that is known to have due jobs, then of some of
	 * those that may have, until it is time for an election: where Redis is slow the
	 * locks do not wait for the looks. The next pass begins where this one ends, so that
	 * all queues have their turn.
	 */
	@Override
	public void perform() {
		heedElection();
		if (lookAround(this.awaited)) {
			lookAround(this.others);
		}
	}

	/** Returns whether there is time left until an election. */
	private boolean lookAround(Turn turn) {
		int begin = turn.next;
		int looks = 0;
		for (int i = 0; i < this.queues.size() && looks < turn.most; i++) {
			int at = (begin + i) % this.queues.size();
			String queue = this.queues.get(at);
			Watch watch = Objects.requireNonNull(this.watches.get(queue));
			if (!this.leadership.leads(queue)) {
				watch.woken = true;
			}
			else if (watch.isAwaited() == turn.awaited && until(watch) <= 0) {
				turn.next = at + 1;
				look(queue, watch);
				looks++;
				if (this.leadership.untilNextAttempt() <= 0) {
					return false;
				}
			}
		}
		return true;
	}

	/** An election has looked at all queues: only what is due needs another look. */
	private void heedElection() {
		Leadership.Looks looks = this.leadership.looks();
		looks.seats().forEach((queue, seat) -> {
			Watch watch = this.watches.get(queue);
			if (watch != null && seat.held() && !watch.woken && watch.passes.failure() == null
					&& looks.at() - watch.lookedAt > 0) {
				plan(watch, looks.at(), seat.untilNext());
				if (!Duration.ZERO.equals(seat.untilNext())) {
					watch.passes = watch.passes.nothingDue(looks.time());
				}
			}
		});
	}

	@Override
	public long untilNext() {
		return led().mapToLong(this::until).min().orElse(Long.MAX_VALUE);
	}

	/** Whether it is time to look, only to see whether there is anything new. */
	boolean isAboutToLook() {
		List<Watch> due = led().filter((watch) -> until(watch) <= 0).toList();
		return !due.isEmpty() && due.stream().noneMatch(Watch::isAwaited);
	}

	private Stream<Watch> led() {
		return this.watches.entrySet()
			.stream()
			.filter((entry) -> this.leadership.leads(entry.getKey()))
			.map(Map.Entry::getValue);
	}

	private long until(Watch watch) {
		return watch.woken ? 0 : watch.next - this.time.nanoTime();
	}

	/**
	 * Asks for a look at a queue at the next occasion. For any thread.
	 * @return whether the queue is led by this process
	 */
	boolean wake(String queue) {
		Watch watch = this.watches.get(queue);
		if (watch == null || !this.leadership.leads(queue)) {
			return false;
		}
		watch.woken = true;
		return true;
	}

	@Override
	public void wakeAll() {
		this.watches.values().forEach((watch) -> watch.woken = true);
	}

	private void look(String queue, Watch watch) {
		watch.woken = false;
		long start = this.time.nanoTime();
		plan(watch, start, null);
		try {
			Promotion promotion = this.store.promote(queue, this.leadership.identity(), BATCH_SIZE);
			if (promotion == null) {
				this.leadership.lost(queue);
				return;
			}
			plan(watch, start, promotion.untilNext());
			seen(queue, watch, promotion);
		}
		catch (RuntimeException ex) {
			// if Redis is away, this fails too and the queue is not to blame
			this.leadership.attempt();
			failed(queue, watch, ex);
		}
	}

	private void plan(Watch watch, long start, @Nullable Duration untilNext) {
		watch.lookedAt = start;
		watch.expectant = false;
		watch.next = start + this.interval;
		if (untilNext != null && untilNext.compareTo(Duration.ofNanos(this.interval)) <= 0) {
			watch.expectant = true;
			watch.next = start + untilNext.toNanos();
		}
	}

	private void seen(String queue, Watch watch, Promotion promotion) {
		QueueLeadership.Passes before = watch.passes;
		if (before.failure() != null) {
			log.info("Scheduled jobs of queue {} can be moved again", queue);
		}
		boolean moved = promotion.moved() > 0;
		watch.passes = new QueueLeadership.Passes(this.time.instant(), moved ? promotion.lateness() : before.lateness(),
				promotion.oldestLateness(), before.moved() + promotion.moved(), null);
		if (moved) {
			PromotedJobs jobs = new PromotedJobs(promotion.moved(), promotion.lateness(), promotion.oldestLateness());
			this.listeners.tell((listener) -> listener.promoted(queue, jobs));
		}
		List<String> missing = promotion.missing();
		if (!missing.isEmpty()) {
			log.warn("Queue {} had {} due jobs that have expired or were deleted; dropped from the schedule: {}", queue,
					missing.size(), missing);
		}
	}

	private void failed(String queue, Watch watch, RuntimeException failure) {
		QueueLeadership.Passes before = watch.passes;
		if (before.failure() == null) {
			log.warn("Scheduled jobs of queue {} cannot be moved; trying again until they can", queue, failure);
		}
		Instant now = this.time.instant();
		watch.passes = new QueueLeadership.Passes(now, before.lateness(), before.oldestOverdue(), before.moved(),
				NestedExceptionUtils.getMostSpecificCause(failure).toString());
	}

	/** What was seen of a queue. For any thread. */
	QueueLeadership.Passes passes(String queue) {
		Watch watch = this.watches.get(queue);
		return (watch != null) ? watch.passes : QueueLeadership.Passes.NONE;
	}

	/**
	 * Where in the queues the next looks at some of them begin.
	 */
	private static final class Turn {

		/** Whether these are the queues that are known to have something. */
		private final boolean awaited;

		private final int most;

		private int next;

		Turn(boolean awaited, int most) {
			this.awaited = awaited;
			this.most = most;
		}

	}

	/**
	 * One queue and when to look at it next.
	 */
	private static final class Watch {

		private volatile boolean woken = true;

		private volatile QueueLeadership.Passes passes = QueueLeadership.Passes.NONE;

		private long lookedAt;

		/** Whether a job is due at the next look. */
		private boolean expectant;

		private long next;

		/** Whether more than the time since the last look asks for one. */
		boolean isAwaited() {
			return this.woken || this.expectant;
		}

	}

}
