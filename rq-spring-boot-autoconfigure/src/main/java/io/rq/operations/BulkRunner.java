package io.rq.operations;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

import org.springframework.context.SmartLifecycle;

import io.rq.lifecycle.Round;
import io.rq.lifecycle.RoundLoop;
import io.rq.log.SafeLog;
import io.rq.operations.AuditEntry.Outcome;
import io.rq.operations.AuditTrail.Attempt;
import io.rq.operations.BulkOperation.State;
import io.rq.redis.BulkStore;
import io.rq.redis.ScriptRefusedException;
import io.rq.scheduler.SchedulerContainer;

/**
 * Carries out bulk operations, batch by batch, those of this process and those that
 * another has left. Without any it asks Redis now and then, with one command. While Redis
 * is away it waits and goes on by itself.
 */
public class BulkRunner implements SmartLifecycle {

	static final Duration STOP_TIMEOUT = Duration.ofSeconds(1);

	private static final SafeLog log = SafeLog.of(BulkRunner.class);

	private static final Duration STOP_PATIENCE = Duration.ofSeconds(3);

	private static final Duration STOP_GRACE = Duration.ofMillis(500);

	private static final Duration LEFT_ALONE = Duration.ofHours(1);

	/** So many are carried out at a time, in turn. */
	private static final int MOST = 10;

	private final BulkStore store;

	private final BulkBatches batches;

	private final AuditTrail trail;

	private final Settings settings;

	private final String token = UUID.randomUUID().toString();

	private final LongSupplier nanoTime;

	private final RoundLoop loop;

	private final Map<BulkStore.Open, Held> held = new LinkedHashMap<>();

	/**
	 * Open ones that cannot be read here, which other nodes may know how to carry out,
	 * with the time at which that was found.
	 */
	private final Map<BulkStore.Open, Long> left = new HashMap<>();

	private volatile boolean asked;

	private long lookedAt;

	/**
	 * Creates a runner that does not run.
	 * @param parts what carries out the operations
	 * @param trail the record of operations
	 * @param settings how it works
	 */
	public BulkRunner(OperationsParts parts, AuditTrail trail, Settings settings) {
		this(parts, trail, settings, System::nanoTime);
	}

	BulkRunner(OperationsParts parts, AuditTrail trail, Settings settings, LongSupplier nanoTime) {
		this.store = parts.bulk();
		this.batches = parts.batches();
		this.trail = trail;
		this.settings = settings;
		this.nanoTime = nanoTime;
		this.lookedAt = nanoTime.getAsLong();
		this.loop = new RoundLoop("rq-bulk", log, new Round() {

			@Override
			public Duration run() {
				return round();
			}

			@Override
			public void end() {
				giveBack();
			}

		});
	}

	boolean isEnabled() {
		return this.settings.enabled();
	}

	/** There is something to do. For any thread. */
	void wake() {
		this.asked = true;
		this.loop.wake();
	}

	/** One batch of each operation. */
	Duration round() {
		if (this.asked || this.nanoTime.getAsLong() - this.lookedAt >= this.settings.interval().toNanos()) {
			this.asked = false;
			look();
		}
		for (BulkStore.Open open : List.copyOf(this.held.keySet())) {
			advance(open);
		}
		if (!this.held.isEmpty()) {
			return Duration.ZERO;
		}
		long passed = TimeUnit.NANOSECONDS.toMillis(this.nanoTime.getAsLong() - this.lookedAt);
		return Duration.ofMillis(Math.max(1, this.settings.interval().toMillis() - passed));
	}

	private void look() {
		this.lookedAt = this.nanoTime.getAsLong();
		List<BulkStore.Open> all = this.store.open(MOST + this.left.size());
		this.left.keySet().retainAll(all);
		this.left.values().removeIf((since) -> this.lookedAt - since >= LEFT_ALONE.toNanos());
		for (BulkStore.Open open : all) {
			if (!this.left.containsKey(open)) {
				this.held.putIfAbsent(open, new Held());
			}
		}
	}

	private void advance(BulkStore.Open open) {
		Held mine = this.held.computeIfAbsent(open, (absent) -> new Held());
		Map<String, String> fields;
		try {
			fields = this.store.step(open, this.token, this.settings.lease(), mine.note);
		}
		catch (ScriptRefusedException ex) {
			leave(open, ex);
			return;
		}
		mine.note = null;
		if (fields.isEmpty()) {
			this.held.remove(open);
			return;
		}
		BulkRecord stored = new BulkRecord(open.id(), fields);
		RuntimeException trouble = stored.trouble();
		if (trouble != null) {
			leave(open, trouble);
			this.store.step(open, this.token, Duration.ZERO, null);
			return;
		}
		if (!stored.state().isOpen()) {
			this.held.remove(open);
			ended(stored);
			return;
		}
		BulkBatches.Done done = stored.isToEnd() ? null : next(stored, mine, open);
		if (done != null) {
			mine.note = note(stored, done, done.last() ? State.DONE : stored.state());
			if (done.trouble() != null) {
				throw done.trouble();
			}
		}
		else if (mine.note == null) {
			mine.note = end(stored, State.CANCELED, List.of());
		}
	}

	private void leave(BulkStore.Open open, RuntimeException trouble) {
		this.held.remove(open);
		this.left.put(open, this.nanoTime.getAsLong());
		log.warn("Bulk operation {} cannot be read here and is left to other nodes", open.id(), trouble);
	}

	private BulkBatches.@Nullable Done next(BulkRecord stored, Held mine, BulkStore.Open open) {
		try {
			return this.batches.next(stored);
		}
		catch (ScriptRefusedException | IllegalArgumentException ex) {
			log.warn("Bulk operation {} cannot go on", open.id(), ex);
			mine.note = end(stored, State.FAILED, List.of(String.valueOf(ex.getMessage())));
			return null;
		}
	}

	private BulkStore.Batch end(BulkRecord stored, State state, List<String> reasons) {
		String cursor = stored.cursor();
		return note(stored,
				new BulkBatches.Done((cursor != null) ? cursor : "", true, 0, 0, 0, 0, 0, null, reasons, null), state);
	}

	private BulkStore.Batch note(BulkRecord stored, BulkBatches.Done done, State state) {
		Map<String, String> fields = new HashMap<>(Map.of("state", state.name(), "cursor", done.cursor(), "node",
				this.trail.node(), "reasons", stored.reasonsAnd(done.reasons())));
		Instant until = done.undoableUntil();
		if (until != null) {
			fields.put("undoable", Long.toString(stored.number("undoable") + done.undoable()));
			fields.put("undoable_until", until.toString());
		}
		return new BulkStore.Batch(stored.number("batch"), !state.isOpen(), done.examined(), done.matched(),
				done.done(), done.refused(), fields);
	}

	private void ended(BulkRecord stored) {
		BulkOperation operation = stored.operation();
		if (operation.dryRun()) {
			return;
		}
		Outcome outcome = (operation.state() == State.FAILED) ? Outcome.FAILED
				: (operation.done() > 0) ? Outcome.DONE : Outcome.NOTHING;
		List<String> detail = new ArrayList<>(List.of(stored.describe()));
		if (operation.state() == State.CANCELED) {
			detail.add("ended before its time");
		}
		if (operation.refused() > 0) {
			detail.add(operation.refused() + " refused");
		}
		detail.addAll(operation.reasons());
		this.trail.add(
				new Attempt(stored.operator(), stored.request().operation(), operation.queue(), List.of(stored.id())),
				outcome, operation.done(), String.join("; ", detail));
	}

	private void giveBack() {
		this.held.forEach((open, mine) -> this.store.step(open, this.token, Duration.ZERO, mine.note));
		this.held.clear();
	}

	@Override
	public void start() {
		this.loop.start();
	}

	@Override
	public void stop() {
		if (!this.loop.terminate(STOP_PATIENCE, STOP_GRACE)) {
			log.warn("The thread of bulk operations does not heed an interrupt and is left behind");
		}
	}

	@Override
	public boolean isRunning() {
		return this.loop.isRunning() && !this.loop.isStopping();
	}

	@Override
	public boolean isAutoStartup() {
		return this.settings.enabled();
	}

	@Override
	public int getPhase() {
		return SchedulerContainer.PHASE;
	}

	/**
	 * How bulk operations are carried out.
	 *
	 * @param enabled whether this process carries out any, and lets its people start them
	 * @param interval how often to look for what others have left
	 * @param lease for how long a process that is silent keeps an operation
	 */
	public record Settings(boolean enabled, Duration interval, Duration lease) {

		/**
		 * Returns settings that suit.
		 * @param enabled whether this process carries out any
		 * @return the settings
		 */
		public static Settings of(boolean enabled) {
			return new Settings(enabled, Duration.ofSeconds(5), Duration.ofSeconds(15));
		}

	}

	/**
	 * An operation that this process has, or tries to take.
	 */
	private static final class Held {

		/** What the last batch did, as long as it is not known to be noted. */
		private BulkStore.@Nullable Batch note;

	}

}
