package io.rq.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.rq.RqException;
import io.rq.job.JobResult;
import io.rq.job.NoJobResultException;

/**
 * The jobs that this process waits for, until their outcomes are recorded. Any number of
 * callers costs one blocked connection and one thread per 1,000 jobs, none as long as
 * nobody waits: a wait that blocks on more jobs at once would keep Redis busy for longer
 * than others should have to wait. Safe for use by many threads.
 */
public class AwaitedResults implements AutoCloseable {

	/** How often it looks at the jobs themselves. */
	private static final Duration LOOK = Duration.ofSeconds(5);

	private final Supplier<RedisScripts> source;

	private final Supplier<Duration> longest;

	private final Duration look;

	private final Map<QueueKeys, List<ResultWait>> waits = new HashMap<>();

	private @Nullable RedisScripts scripts;

	private int made;

	private boolean closed;

	/**
	 * Creates it, waiting for nothing.
	 * @param scripts gives the scripts on the connections to Redis, when somebody waits
	 * for the first time
	 * @param longest gives how long these connections allow to wait
	 */
	public AwaitedResults(Supplier<RedisScripts> scripts, Supplier<Duration> longest) {
		this(scripts, longest, LOOK);
	}

	AwaitedResults(Supplier<RedisScripts> scripts, Supplier<Duration> longest, Duration look) {
		this.source = scripts;
		this.longest = longest;
		this.look = look;
	}

	/**
	 * Waits for the next outcome of a job: of the run that is under way or to come, or,
	 * if the job has ended, of its last one. A failed attempt that is tried again is no
	 * outcome.
	 * @param id the job's id
	 * @return the outcome, of type {@link JobResult.Type#STOPPED} if the job was stopped;
	 * to be cancelled by who does not wait any more. It fails with a
	 * {@link NoJobResultException} if there will be none
	 */
	public CompletableFuture<JobResult> await(String id) {
		CompletableFuture<JobResult> outcome = new CompletableFuture<>();
		QueueKeys keys = keys(id).orElse(null);
		if (keys == null) {
			outcome.completeExceptionally(new NoJobResultException(id, NoJobResultException.Reason.MISSING));
			return outcome;
		}
		ResultWait wait = join(keys, id, outcome);
		if (wait == null) {
			outcome.completeExceptionally(closing());
			return outcome;
		}
		outcome.whenComplete((result, failure) -> wait.leave(id, outcome));
		wait.begin();
		return outcome;
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

	/** The keys where a job lies, which in RQ's layout are those of all. */
	private Optional<QueueKeys> keys(String id) {
		RedisScripts current = scripts();
		return new QueueStore(current).keysOf(id).findFirst();
	}

	private synchronized RedisScripts scripts() {
		if (this.scripts == null) {
			this.scripts = this.source.get();
		}
		return this.scripts;
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
