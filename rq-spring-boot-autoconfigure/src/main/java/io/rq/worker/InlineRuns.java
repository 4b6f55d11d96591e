package io.rq.worker;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

import io.rq.handler.JobListener;
import io.rq.job.Job;
import io.rq.job.JobStatus;
import io.rq.lifecycle.Line;
import io.rq.lifecycle.Listeners;
import io.rq.lifecycle.Round;
import io.rq.lifecycle.RoundLoop;
import io.rq.lifecycle.TimeSource;
import io.rq.log.SafeLog;
import io.rq.redis.Claims.Claim;
import io.rq.redis.ExecutionStore;
import io.rq.redis.JobStore;

/**
 * Carries jobs out on the thread that enqueues them, by the rules of a worker: under a
 * lease, within their timeout, with the same outcomes. One thread, begun with the first
 * job, renews the leases and interrupts what takes too long.
 */
public final class InlineRuns implements Round, AutoCloseable {

	/** What RQ writes for the worker of such a run. */
	public static final String WORKER = "sync";

	private static final SafeLog log = SafeLog.of(InlineRuns.class);

	private static final int MOST_TAKEN = 500;

	private static final int MOST_LOOKED_FOR = 100;

	private static final int MOST_UNTOLD = 1_000;

	private static final int WRITES = 3;

	private static final Duration TICK = Duration.ofMillis(200);

	private static final Duration SHOWN_AFTER = Duration.ofSeconds(1);

	private static final Duration IDLE = Duration.ofSeconds(10);

	private final ExecutionStore executions;

	private final JobHandling handling;

	private final OutcomeRules rules;

	private final Listeners<JobListener> listeners;

	private final Callbacks callbacks;

	private final Notices notices;

	private final Duration beats;

	private final TimeSource time;

	private final ActiveRuns runs = new ActiveRuns();

	private final Leases leases;

	/** Jobs end on the thread they run on, and so does all that follows. */
	private final RunThreads threads = new RunThreads(Runnable::run, Map.of(), () -> {
	});

	private final RoundLoop loop = new RoundLoop("rq-inline", log, this);

	private final Line line = new Line("rq-tell-inline", MOST_UNTOLD, Runnable::run);

	/**
	 * Creates it; it has no thread yet.
	 * @param options what holds for runs; nothing else of them matters
	 * @param executions the leases of the worker {@value #WORKER}
	 * @param handling what the application has for its jobs
	 * @param time what time it is
	 */
	public InlineRuns(WorkerOptions options, ExecutionStore executions, JobHandling handling, TimeSource time) {
		this.executions = executions;
		this.handling = handling;
		this.rules = new OutcomeRules(handling.serializer(), options.defaults(), time);
		this.listeners = new Listeners<>(handling.listeners().get());
		this.leases = new Leases(executions, this.runs, this.listeners.by(this.line));
		this.callbacks = new Callbacks(handling.handlers(), handling.serializer(), this.threads, time);
		this.notices = new Notices(handling.webhooks(), this.callbacks);
		this.beats = options.timing().heartbeatInterval();
		this.time = time;
	}

	/**
	 * Takes jobs off their queues and carries them out before it returns, with those that
	 * waited for them and those that are to be tried again at once.
	 * @param store the store of jobs
	 * @param jobs the jobs; those that are not queued are left alone
	 * @return the jobs as they are then, in the same order
	 */
	public List<Job> runQueued(JobStore store, List<Job> jobs) {
		return runQueued(store, jobs, (job) -> true);
	}

	/**
	 * Takes jobs off their queues and carries them out before it returns, with those that
	 * waited for them and those that are to be tried again at once.
	 * @param store the store of jobs
	 * @param jobs the jobs; those that are not queued are left alone
	 * @param wanted which of those that waited for them are carried out; the others stay
	 * on their queues
	 * @return the jobs as they are then, in the same order
	 */
	public List<Job> runQueued(JobStore store, List<Job> jobs, Predicate<Job> wanted) {
		String taker = newTaker();
		for (String queue : queues(jobs)) {
			take(queue, taker, jobs);
		}
		return carryOut(store, jobs, taker, wanted);
	}

	/**
	 * Returns a name for whom jobs are put aside, which nobody else has. For a minute
	 * from the time in it maintenance does not take the jobs for those of a process that
	 * is gone.
	 */
	String newTaker() {
		return WORKER + "-" + this.time.instant().getEpochSecond() + "-" + UUID.randomUUID();
	}

	/**
	 * Carries jobs out that have been stored for this, then those that waited for them
	 * and those that are to be tried again at once.
	 * @param store the store of jobs
	 * @param jobs the jobs; those that are not queued are left alone
	 * @param taker for whom they were stored
	 * @return the jobs as they are then, in the same order
	 */
	List<Job> carryOut(JobStore store, List<Job> jobs, String taker) {
		return carryOut(store, jobs, taker, (job) -> true);
	}

	private List<Job> carryOut(JobStore store, List<Job> jobs, String taker, Predicate<Job> wanted) {
		Deque<String> queues = new ArrayDeque<>(queues(jobs));
		Set<String> touched = new LinkedHashSet<>(queues);
		boolean interrupted = Thread.interrupted();
		@Nullable Map<String, String> mdc = MDC.getCopyOfContextMap();
		try {
			while (!queues.isEmpty()) {
				String queue = queues.remove();
				long asked = this.time.nanoTime();
				Set<String> next = run(store, this.executions.claimTaken(queue, taker, MOST_TAKEN).claims(),
						asked + this.executions.lease().toNanos());
				List<Job> waiting = store.findAll(next).stream().filter(wanted).toList();
				for (String other : queues(waiting)) {
					touched.add(other);
					take(other, taker, waiting);
					queues.add(other);
				}
				if (!next.isEmpty() && !queues.contains(queue)) {
					queues.add(queue);
				}
			}
		}
		finally {
			if (mdc != null) {
				MDC.setContextMap(mdc);
			}
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
			touched.forEach((queue) -> this.executions.giveBack(queue, taker));
		}
		Map<String, Job> now = store.findAll(jobs.stream().map(Job::id).toList())
			.stream()
			.collect(Collectors.toMap(Job::id, Function.identity(), (one, same) -> one));
		return jobs.stream().map((job) -> now.getOrDefault(job.id(), job)).toList();
	}

	private static Set<String> queues(Collection<Job> jobs) {
		return jobs.stream()
			.filter((job) -> job.status() == JobStatus.QUEUED)
			.map(Job::queue)
			.collect(Collectors.toCollection(LinkedHashSet::new));
	}

	private void take(String queue, String taker, List<Job> jobs) {
		List<String> ids = jobs.stream()
			.filter((job) -> job.status() == JobStatus.QUEUED && job.queue().equals(queue))
			.map(Job::id)
			.toList();
		for (int from = 0; from < ids.size(); from += MOST_LOOKED_FOR) {
			this.executions.take(queue, taker, ids.subList(from, Math.min(from + MOST_LOOKED_FOR, ids.size())));
		}
	}

	/** Returns the ids of what may be run next. */
	private Set<String> run(JobStore store, List<Claim> claims, long heldUntil) {
		OutcomeWriter writer = new OutcomeWriter(this.executions, this.runs, this.listeners, this.time);
		Permits permits = new Permits(claims.size());
		permits.take(claims.size());
		RunEnds ends = new RunEnds(permits, this.runs, this.rules, writer, this.callbacks, this.notices,
				new RunReports(this.threads, this.listeners));
		JobRunner runner = new JobRunner(WORKER, this.handling, (run) -> false, store, this.rules, this.listeners, ends,
				this.time);
		List<ActiveRun> claimed = new ArrayList<>();
		Set<String> next = new LinkedHashSet<>();
		for (Claim claim : claims) {
			if (claim.job() == null) {
				ends.unreadable(claim, Objects.requireNonNull(claim.problem()));
				write(writer);
				continue;
			}
			ActiveRun run = new ActiveRun(claim.job(), claim.execution(), this.time.instant(), this.time.nanoTime(),
					heldUntil);
			this.runs.add(run);
			claimed.add(run);
		}
		if (!claimed.isEmpty()) {
			this.loop.start();
			this.loop.wake();
		}
		try {
			for (ActiveRun run : claimed) {
				next.add(run.job().id());
				next.addAll(store.dependents(run.job().id()));
				runner.run(run);
				write(writer);
			}
		}
		finally {
			claimed.forEach((run) -> this.runs.remove(run.execution()));
		}
		return next;
	}

	private static void write(OutcomeWriter writer) {
		for (int tries = 1; writer.pending() > 0; tries++) {
			try {
				writer.run();
			}
			catch (RuntimeException ex) {
				if (tries == WRITES) {
					throw ex;
				}
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException("There was an outcome to write", ex);
			}
		}
	}

	@Override
	public Duration run() {
		long now = this.time.nanoTime();
		this.runs.all().forEach((run) -> run.interruptIfLate(now));
		List<ActiveRun> beating = this.runs.all()
			.stream()
			.filter((run) -> run.needsBeat(now, this.beats, SHOWN_AFTER))
			.toList();
		if (!beating.isEmpty()) {
			this.leases.renew("busy", beating.stream().map((run) -> run.execution().queue()).distinct().toList(),
					beating, now);
		}
		return this.runs.isEmpty() ? IDLE : TICK;
	}

	/** Ends its thread; another begins with the next job. */
	@Override
	public void close() {
		this.loop.terminate(TICK, TICK);
		this.line.end(TICK);
	}

}
