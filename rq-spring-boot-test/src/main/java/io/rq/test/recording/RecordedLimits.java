package io.rq.test.recording;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import io.rq.job.Job;
import io.rq.job.RateLimit;

/**
 * The rate limits: which jobs have a place in them, and which wait for one. Guarded by
 * who has it.
 */
final class RecordedLimits {

	private final Map<String, Places> places = new HashMap<>();

	/**
	 * Gives a job a place in its limit, if it has one. The last job that comes decides
	 * how many there are.
	 * @return whether it may go to its queue; else it waits
	 */
	boolean enter(Job job, Instant now) {
		RateLimit limit = job.rateLimit();
		if (limit == null) {
			return true;
		}
		Places of = this.places.computeIfAbsent(limit.key(), (key) -> new Places());
		of.limit = limit;
		return of.enter(job.id(), now);
	}

	/** A job begins to run. */
	void started(Job job, Instant now) {
		RateLimit limit = job.rateLimit();
		if (limit != null && limit.window() != null) {
			this.places.computeIfAbsent(limit.key(), (key) -> new Places()).started(job.id(), limit, now);
		}
	}

	/** A job has ended, or is not to run any more. */
	void left(Job job) {
		RateLimit limit = job.rateLimit();
		Places of = (limit != null) ? this.places.get(limit.key()) : null;
		if (of != null) {
			of.left(job.id());
		}
	}

	/**
	 * Returns the jobs that wait for a place which is free now, and takes it for them.
	 */
	List<String> freed(Instant now) {
		List<String> freed = new ArrayList<>();
		this.places.values().forEach((of) -> of.addFreed(freed, now));
		return freed;
	}

	/** Returns when the next place is free for a job that waits, if time frees it. */
	@Nullable Instant nextFree() {
		return this.places.values()
			.stream()
			.filter((of) -> !of.waiting.isEmpty())
			.flatMap((of) -> of.holders.values().stream().filter((free) -> free != Instant.MAX))
			.min(Comparator.naturalOrder())
			.orElse(null);
	}

	void clear() {
		this.places.clear();
	}

	/**
	 * The places of one limit.
	 */
	private static final class Places {

		/** Until when the jobs that have a place keep it. */
		private final Map<String, Instant> holders = new LinkedHashMap<>();

		private final Deque<String> waiting = new ArrayDeque<>();

		private @Nullable RateLimit limit;

		private Instant last = Instant.MIN;

		boolean enter(String id, Instant now) {
			this.waiting.remove(id);
			if (this.waiting.isEmpty() && isFree(now)) {
				this.holders.put(id, Instant.MAX);
				return true;
			}
			this.waiting.add(id);
			return false;
		}

		private boolean isFree(Instant now) {
			RateLimit current = Objects.requireNonNull(this.limit);
			Integer burst = current.burst();
			this.holders.values().removeIf((free) -> !free.isAfter(now));
			return this.holders.size() < ((burst != null) ? burst : current.jobs());
		}

		void started(String id, RateLimit started, Instant now) {
			Duration window = Objects.requireNonNull(started.window());
			if (started.burst() == null) {
				this.holders.put(id, now.plus(window));
				return;
			}
			// evenly: each place is free some time after the one before
			this.last = (this.last.isAfter(now) ? this.last : now).plus(window.dividedBy(started.jobs()));
			this.holders.put(id, this.last);
		}

		void left(String id) {
			this.waiting.remove(id);
			this.holders.remove(id, Instant.MAX);
		}

		void addFreed(List<String> freed, Instant now) {
			while (!this.waiting.isEmpty() && isFree(now)) {
				String id = this.waiting.remove();
				this.holders.put(id, Instant.MAX);
				freed.add(id);
			}
		}

	}

}
