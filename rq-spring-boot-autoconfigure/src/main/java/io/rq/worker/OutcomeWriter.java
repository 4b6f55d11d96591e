package io.rq.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import io.rq.handler.JobListener;
import io.rq.lifecycle.Deadline;
import io.rq.lifecycle.Listeners;
import io.rq.lifecycle.PartialFailureException;
import io.rq.lifecycle.Round;
import io.rq.lifecycle.TimeSource;
import io.rq.log.FailureText;
import io.rq.log.SafeLog;
import io.rq.log.Told;
import io.rq.redis.Batches;
import io.rq.redis.Execution;
import io.rq.redis.ExecutionStore;
import io.rq.redis.Outcome;
import io.rq.redis.ScriptRefusedException;

/**
 * Records outcomes, and gives jobs back, in groups: while one call is under way the next
 * ones gather. When Redis is away they are kept and written later, if their leases still
 * hold then.
 */
final class OutcomeWriter implements Round {

	private static final SafeLog log = SafeLog.of(OutcomeWriter.class);

	private static final int BATCH_SIZE = 500;

	private static final long WAIT_MILLIS = 200;

	private static final Duration PAUSE = Duration.ofMillis(100);

	private final ExecutionStore store;

	private final ActiveRuns runs;

	private final Listeners<JobListener> listeners;

	/** What is written in one call if it has room: jobs come back in their order. */
	private final BlockingQueue<List<End>> gathered = new LinkedBlockingQueue<>();

	private final List<End> batch = new ArrayList<>(BATCH_SIZE);

	private final Unwritten pending = new Unwritten();

	/** Those of them that are jobs whose runs did not begin. */
	private final Unwritten unbegun = new Unwritten();

	private volatile boolean gatheringEnded;

	/** What may have been recorded by a call that failed. */
	private final Set<End> tried = Collections.newSetFromMap(new IdentityHashMap<>());

	/** How many of those are tried again in one call: one may be too large for it. */
	private int again = BATCH_SIZE;

	private final Suspects<End> suspects;

	private final Told told = new Told();

	private @Nullable RuntimeException failure;

	private volatile boolean ending;

	OutcomeWriter(ExecutionStore store, ActiveRuns runs, Listeners<JobListener> listeners, TimeSource time) {
		this.store = store;
		this.runs = runs;
		this.listeners = listeners;
		this.suspects = new Suspects<>(time::nanoTime);
	}

	void add(Outcome outcome) {
		add(outcome, (counted) -> {
		});
	}

	/**
	 * Records an outcome.
	 * @param outcome the outcome
	 * @param whenWritten told whether it counts; must be quick
	 */
	void add(Outcome outcome, Consumer<Boolean> whenWritten) {
		add(List.of(new End(outcome.execution(), outcome, true, whenWritten)));
	}

	/** Gives jobs back whose runs did not begin, in their order. */
	void giveBack(List<Execution> executions) {
		if (this.gatheringEnded) {
			this.store.release(executions);
		}
		else {
			add(executions.stream().map((execution) -> new End(execution, null, false, (counts) -> {
			})).toList());
		}
	}

	/**
	 * Gives a job back.
	 * @param execution the run that did not come to its end
	 * @param whenWritten told whether the job was still the worker's; must be quick
	 */
	void giveBack(Execution execution, Consumer<Boolean> whenWritten) {
		add(List.of(new End(execution, null, true, whenWritten)));
	}

	private void add(List<End> ends) {
		this.pending.add(ends.size());
		this.unbegun.add(unbegun(ends));
		this.gathered.add(ends);
	}

	/**
	 * Nobody writes in groups any more: jobs that come back late are given back at once.
	 */
	void endGathering() {
		this.gatheringEnded = true;
	}

	/** Returns how many outcomes are not recorded yet. */
	int pending() {
		return this.pending.count();
	}

	/**
	 * Waits until all outcomes are recorded, also if interrupted meanwhile. From now on
	 * none of them pauses.
	 */
	boolean awaitWritten(Duration timeout) {
		this.ending = true;
		return Deadline.in(timeout).await((nanos) -> this.pending.awaitNone(nanos, TimeUnit.NANOSECONDS));
	}

	/**
	 * Waits until the jobs whose runs did not begin are given back, but not for longer
	 * than that.
	 */
	void awaitGivenBack(Duration timeout) throws InterruptedException {
		this.unbegun.awaitNone(timeout.toNanos(), TimeUnit.NANOSECONDS);
	}

	private static int unbegun(List<End> ends) {
		return (int) ends.stream().filter((end) -> !end.begun()).count();
	}

	@Override
	public Duration run() throws InterruptedException {
		gather();
		List<End> due = this.batch.stream().filter(this::isDue).toList();
		if (due.isEmpty()) {
			return restOrFail();
		}
		int before = this.batch.size();
		this.failure = null;
		for (List<End> part : this.store.parts(due, (end) -> end.execution().queue())) {
			attempt(() -> writeInTurn(select(part, Outcome.Finished.class),
					(ends) -> this.store.finish(outcomes(Outcome.Finished.class, ends))));
			attempt(() -> writeInTurn(select(part, Outcome.Retried.class),
					(ends) -> this.store.retry(outcomes(Outcome.Retried.class, ends))));
			attempt(() -> write(released(part, false), (ends) -> this.store.release(executions(ends))));
			attempt(() -> write(released(part, true), (ends) -> this.store.releaseBegun(executions(ends))));
		}
		RuntimeException first = this.failure;
		if (first != null) {
			throw (this.batch.size() < before) ? partial(first) : first;
		}
		return restOrFail();
	}

	/** While an outcome pauses that could not be recorded the loop has not recovered. */
	private Duration restOrFail() {
		Throwable suspicion = this.suspects.lastFailure();
		if (suspicion != null && !this.batch.isEmpty()) {
			throw partial(suspicion);
		}
		return Duration.ZERO;
	}

	/**
	 * What another queue keeps waiting does not wait for that which cannot be written.
	 */
	private void gather() throws InterruptedException {
		List<End> next = this.batch.stream().anyMatch(this::isDue) ? this.gathered.poll()
				: this.gathered.poll(WAIT_MILLIS, TimeUnit.MILLISECONDS);
		while (next != null) {
			this.batch.addAll(next);
			next = (this.batch.size() < BATCH_SIZE) ? this.gathered.poll() : null;
		}
	}

	private boolean isDue(End end) {
		return this.ending || this.suspects.isDue(end);
	}

	private void attempt(Runnable step) {
		try {
			step.run();
		}
		catch (RuntimeException ex) {
			this.failure = (this.failure != null) ? this.failure : ex;
		}
	}

	/**
	 * What a call has failed with comes last, in smaller and smaller parts: one may be
	 * too large for Redis or for the way there, and the others do not wait for it.
	 */
	private void writeInTurn(List<End> ends, Function<List<End>, Set<Execution>> script) {
		List<End> failed = ends.stream().filter(this.tried::contains).toList();
		List<End> fresh = ends.stream().filter((end) -> !this.tried.contains(end)).toList();
		Batches.of(fresh, BATCH_SIZE, End::bytes).forEach((some) -> write(some, script));
		for (int done = 0; done < failed.size();) {
			List<End> some = Batches.of(failed.subList(done, failed.size()), this.again, End::bytes).get(0);
			done += some.size();
			this.again = Math.max(1, some.size() / 2);
			putLast(some);
			write(some, script);
			this.again = Math.min(BATCH_SIZE, 2 * some.size());
		}
	}

	private void putLast(List<End> ends) {
		remove(ends);
		this.batch.addAll(ends);
	}

	private PartialFailureException partial(Throwable failure) {
		if (this.told.isNews("partial")) {
			log.warn("The outcomes of {} jobs cannot be recorded yet; others are: {}", this.batch.size(),
					FailureText.of(failure));
		}
		return new PartialFailureException("Not all outcomes could be recorded", failure, PAUSE);
	}

	private static List<End> select(List<End> part, Class<? extends Outcome> kind) {
		return part.stream().filter((end) -> kind.isInstance(end.outcome())).toList();
	}

	private static List<End> released(List<End> part, boolean begun) {
		return part.stream().filter((end) -> end.outcome() == null && end.begun() == begun).toList();
	}

	private static List<Execution> executions(List<End> ends) {
		return ends.stream().map(End::execution).toList();
	}

	private static <T extends Outcome> List<T> outcomes(Class<T> kind, List<End> ends) {
		return ends.stream().map((end) -> kind.cast(end.outcome())).toList();
	}

	private void write(List<End> ends, Function<List<End>, Set<Execution>> script) {
		if (ends.isEmpty()) {
			return;
		}
		try {
			written(ends, script.apply(ends));
		}
		catch (ScriptRefusedException ex) {
			ends.forEach((end) -> writeAlone(end, script));
		}
		catch (Throwable ex) {
			this.tried.addAll(ends);
			if (ends.size() == 1) {
				this.suspects.failed(ends.get(0), ex);
			}
			throw ex;
		}
	}

	private void writeAlone(End end, Function<List<End>, Set<Execution>> script) {
		try {
			this.tried.add(end);
			written(List.of(end), script.apply(List.of(end)));
		}
		catch (ScriptRefusedException ex) {
			log.error("Outcome of job {} cannot be recorded; the job will be taken for abandoned",
					end.execution().jobId(), ex);
			written(List.of(end), Set.of());
		}
	}

	private void remove(List<End> ends) {
		if (ends.size() == this.batch.size()) {
			this.batch.clear();
		}
		else {
			Set<End> gone = Collections.newSetFromMap(new IdentityHashMap<>());
			gone.addAll(ends);
			this.batch.removeIf(gone::contains);
		}
	}

	private void written(List<End> ends, Set<Execution> lost) {
		remove(ends);
		for (End end : ends) {
			this.runs.remove(end.execution());
			this.suspects.written(end);
			boolean repeated = this.tried.remove(end);
			boolean counts = !lost.contains(end.execution());
			if (!counts) {
				lost(end, repeated);
			}
			tell(end, counts || repeated);
		}
		this.unbegun.written(unbegun(ends));
		this.pending.written(ends.size());
	}

	private static void tell(End end, boolean counts) {
		try {
			end.whenWritten().accept(counts);
		}
		catch (Throwable ex) {
			log.warn("Listeners could not be told how job {} ended", end.execution().jobId(), ex);
		}
	}

	private void lost(End end, boolean repeated) {
		Execution execution = end.execution();
		if (repeated) {
			log.info("Outcome of job {} was recorded by an earlier call, or its lease was lost", execution.jobId());
		}
		else {
			log.warn(
					end.begun() ? "Lease of job {} was lost before its outcome was recorded; the outcome does not count"
							: "Lease of job {} was lost before it began; it did not begin here",
					execution.jobId());
			this.listeners.tell((listener) -> listener.leaseLost(execution.queue(), execution.jobId()));
		}
	}

	/**
	 * The end of a run that is to be written.
	 *
	 * @param execution the run
	 * @param outcome its outcome, or {@code null} if the job is given back
	 * @param begun whether the job had begun to run
	 * @param whenWritten told whether it counts
	 */
	private record End(Execution execution, @Nullable Outcome outcome, boolean begun, Consumer<Boolean> whenWritten) {

		long bytes() {
			return (this.outcome != null) ? this.outcome.bytes() : 0;
		}

	}

}
