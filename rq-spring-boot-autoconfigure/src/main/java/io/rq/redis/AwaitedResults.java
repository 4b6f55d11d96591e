package io.rq.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.rq.RqException;
import io.rq.job.JobResult;
import io.rq.job.NoJobResultException;
import io.rq.job.NoJobResultException.Reason;
import io.rq.lifecycle.Threads;
import io.rq.log.SafeLog;

/**
 * The jobs that this process waits for, until their outcomes are recorded. Any number of
 * callers costs one blocked connection and one thread per 1,000 jobs, and one thread that
 * finds where they lie, none as long as nobody waits: a wait that blocks on more jobs at
 * once would keep Redis busy for longer than others should have to wait. Safe for use by
 * many threads.
 */
public class AwaitedResults implements AutoCloseable {

	private static final SafeLog log = SafeLog.of(AwaitedResults.class);

	/** How often it looks at the jobs themselves. */
	private static final Duration LOOK_INTERVAL = Duration.ofSeconds(5);

	/**
	 * How often, and how long after each other, it looks for a job that may be on its way
	 * from one node to another.
	 */
	private static final int MOVE_LOOKS = 12;

	private static final Duration MOVE_PAUSE = Duration.ofMillis(250);

	private final Supplier<RedisScripts> source;

	private final Supplier<Duration> longest;

	private final Duration look;

	private final Map<QueueKeys, List<ResultWait>> waits = new HashMap<>();

	/** Asks one after the other where jobs lie, on a thread that ends soon. */
	private final ThreadPoolExecutor finder = new ThreadPoolExecutor(1, 1, 100, TimeUnit.MILLISECONDS,
			new LinkedBlockingQueue<>(),
			(work) -> Threads.create("rq-results-find", Thread.currentThread().getContextClassLoader(), work));

	private volatile @Nullable RedisScripts scripts;

	private int made;

	private volatile boolean closed;

	/**
	 * Creates it, waiting for nothing.
	 * @param scripts gives the scripts on the connections to Redis, when somebody waits
	 * for the first time
	 * @param longest gives how long these connections allow to wait
	 */
	public AwaitedResults(Supplier<RedisScripts> scripts, Supplier<Duration> longest) {
		this(scripts, longest, LOOK_INTERVAL);
	}

	AwaitedResults(Supplier<RedisScripts> scripts, Supplier<Duration> longest, Duration look) {
		this.source = scripts;
		this.longest = longest;
		this.look = look;
		this.finder.allowCoreThreadTimeOut(true);
	}

	/**
	 * Waits for the next outcome of a job: of the run that is under way or to come, or,
	 * if the job has ended, of its last one. A failed attempt that is tried again is no
	 * outcome. Does not itself wait for Redis.
	 * @param id the job's id
	 * @return the outcome, of type {@link JobResult.Type#STOPPED} if the job was stopped;
	 * to be cancelled by who does not wait any more. It fails with a
	 * {@link NoJobResultException} if there will be none, or as Redis does if it cannot
	 * be asked where the job is
	 */
	public CompletableFuture<JobResult> await(String id) {
		CompletableFuture<JobResult> outcome = new CompletableFuture<>();
		if (isKnownWhereAllAre()) {
			begin(id, outcome);
		}
		else {
			find(() -> begin(id, outcome));
		}
		return outcome;
	}

	/** Whether Redis need not be asked where a job lies, and there are connections. */
	private boolean isKnownWhereAllAre() {
		RedisScripts scripts = this.scripts;
		return scripts != null && !scripts.layout().tagged();
	}

	private void find(Runnable work) {
		try {
			this.finder.execute(work);
		}
		catch (OutOfMemoryError ex) {
			// there is no thread
			work.run();
		}
	}

	private void begin(String id, CompletableFuture<JobResult> outcome) {
		try {
			follow(id, null, outcome, new NoJobResultException(id, Reason.MISSING), MOVE_LOOKS);
		}
		catch (Throwable ex) {
			outcome.completeExceptionally(ex);
		}
	}

	private void await(String id, QueueKeys keys, CompletableFuture<JobResult> outcome) {
		CompletableFuture<JobResult> there = new CompletableFuture<>();
		there.whenComplete((result, failure) -> {
			if (result != null) {
				outcome.complete(result);
			}
			else if (failure instanceof NoJobResultException none && none.getReason() == Reason.MISSING) {
				followMoved(id, keys, outcome, none, MOVE_LOOKS);
			}
			else {
				outcome.completeExceptionally(failure);
			}
		});
		ResultWait wait = join(keys, id, there);
		if (wait == null) {
			there.completeExceptionally(closing());
			return;
		}
		outcome.whenComplete((result, failure) -> wait.leave(id, there));
		try {
			wait.begin();
		}
		catch (OutOfMemoryError ex) {
			there.completeExceptionally(ex);
		}
	}

	private void followMoved(String id, @Nullable QueueKeys from, CompletableFuture<JobResult> outcome,
			NoJobResultException missing, int looks) {
		try {
			follow(id, from, outcome, missing, looks);
		}
		catch (RuntimeException ex) {
			log.debug("It is not known whether job {} was moved", id, ex);
			outcome.completeExceptionally(missing);
		}
	}

	/**
	 * Waits for a job where it is now, unless that is where it was; it may be nowhere
	 * yet.
	 */
	private void follow(String id, @Nullable QueueKeys from, CompletableFuture<JobResult> outcome,
			NoJobResultException missing, int looks) {
		if (outcome.isDone()) {
			return;
		}
		if (this.closed) {
			outcome.completeExceptionally(closing());
			return;
		}
		QueueStore queues = new QueueStore(scripts());
		// the keys where a job lies, which in RQ's layout are those of all
		Optional<QueueKeys> there = queues.keysOf(id)
			.filter((keys) -> from == null || (!keys.equals(from) && queues.holds(keys, id)))
			.findFirst();
		if (there.isPresent()) {
			await(id, there.get(), outcome);
		}
		else if (looks > 0 && scripts().layout().tagged()) {
			CompletableFuture.delayedExecutor(MOVE_PAUSE.toMillis(), TimeUnit.MILLISECONDS, this::find)
				.execute(() -> followMoved(id, from, outcome, missing, looks - 1));
		}
		else {
			outcome.completeExceptionally(missing);
		}
	}

	private synchronized @Nullable ResultWait join(QueueKeys keys, String id, CompletableFuture<JobResult> outcome) {
		if (this.closed) {
			return null;
		}
		List<ResultWait> candidates = this.waits.computeIfAbsent(keys, (any) -> new ArrayList<>());
		for (ResultWait wait : candidates) {
			if (wait.join(id, outcome, false)) {
				return wait;
			}
		}
		for (ResultWait wait : candidates) {
			if (wait.join(id, outcome, true)) {
				return wait;
			}
		}
		ResultWait wait = new ResultWait(scripts(), keys, new ResultWait.Timing(this.longest.get(), this.look),
				++this.made);
		wait.join(id, outcome, true);
		candidates.add(wait);
		return wait;
	}

	/** May take as long as Redis does, so that nothing else waits for it. */
	private RedisScripts scripts() {
		RedisScripts scripts = this.scripts;
		if (scripts == null) {
			synchronized (this.source) {
				scripts = this.scripts;
				if (scripts == null) {
					scripts = this.source.get();
					this.scripts = scripts;
				}
			}
		}
		return scripts;
	}

	static RqException closing() {
		return new RqException("The result is not waited for any more, because the application closes");
	}

	/** For how many jobs it waits. */
	synchronized int size() {
		return this.waits.values().stream().flatMap(List::stream).mapToInt(ResultWait::size).sum();
	}

	/** How many waits are on the server, for all that they are to wait for. */
	synchronized long reading() {
		return this.waits.values().stream().flatMap(List::stream).filter(ResultWait::isReading).count();
	}

	/** Lets further waits begin, after a {@link #close()}. */
	public synchronized void open() {
		this.closed = false;
	}

	/**
	 * Ends all waits, with an exception for who waits, and lets no further one begin.
	 */
	@Override
	public void close() {
		List<ResultWait> all = new ArrayList<>();
		synchronized (this) {
			this.closed = true;
			this.waits.values().forEach(all::addAll);
			this.waits.clear();
		}
		all.forEach(ResultWait::close);
	}

}
