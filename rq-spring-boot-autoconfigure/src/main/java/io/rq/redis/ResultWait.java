package io.rq.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.stream.ByteRecord;
import org.springframework.data.redis.connection.stream.ReadOffset;
import org.springframework.data.redis.connection.stream.StreamOffset;
import org.springframework.data.redis.connection.stream.StreamReadOptions;

import io.rq.job.JobResult;
import io.rq.job.JobStatus;
import io.rq.job.NoJobResultException;
import io.rq.job.NoJobResultException.Reason;
import io.rq.lifecycle.Round;
import io.rq.lifecycle.RoundLoop;
import io.rq.lifecycle.SafeLog;

/**
 * Waits on the server for the results of up to 1,000 jobs, on one connection and one
 * thread, which are there only while somebody waits. One of the streams it waits for is
 * its own: an entry there ends the wait when a job has come that it does not wait for
 * yet. The more jobs, the longer it gathers before it waits anew, up to a tenth of a
 * second. Every few seconds it looks at the jobs themselves, for those that end without a
 * result.
 */
final class ResultWait implements Round {

	static final int MAX_JOBS = 1_000;

	private static final SafeLog log = SafeLog.of(ResultWait.class);

	private static final Duration LONGEST_PAUSE = Duration.ofMillis(100);

	/** No wait at all would be one without end. */
	private static final Duration SHORTEST = Duration.ofMillis(1);

	/** A hung Redis does not hold up the end for longer. */
	private static final Duration PATIENCE = Duration.ofMillis(500);

	private static final Duration IDLE = Duration.ofSeconds(10);

	private static final long NUDGE_SECONDS = 60;

	private static final String BEGINNING = "0-0";

	private static final String ILLEGAL = "!";

	private static final Set<String> ENDED = Set.of(JobStatus.FINISHED.value(), JobStatus.FAILED.value(),
			JobStatus.STOPPED.value(), JobStatus.CANCELED.value());

	private final RedisScripts scripts;

	private final QueueKeys keys;

	private final Timing timing;

	private final RoundLoop loop;

	private final Map<String, Awaited> jobs = new HashMap<>();

	private Phase phase = Phase.IDLE;

	private boolean nudged;

	private boolean closed;

	private volatile String own;

	private String ownOffset = BEGINNING;

	private @Nullable RedisConnection connection;

	private int generation;

	private long lookedAt = System.nanoTime();

	private boolean doubtful;

	ResultWait(RedisScripts scripts, QueueKeys keys, Timing timing, int number) {
		this.scripts = scripts;
		this.keys = keys;
		this.timing = timing;
		this.own = keys.awaiting(UUID.randomUUID().toString());
		this.loop = new RoundLoop("rq-results-" + number, log, this);
	}

	/**
	 * Adds a caller.
	 * @param add whether to wait for the job if nobody does so here yet
	 * @return whether the caller was added
	 */
	synchronized boolean join(String id, CompletableFuture<JobResult> outcome, boolean add) {
		Awaited job = this.jobs.get(id);
		if (job == null) {
			if (!add || this.jobs.size() >= MAX_JOBS) {
				return false;
			}
			job = new Awaited(id);
			this.jobs.put(id, job);
		}
		job.callers.add(outcome);
		return true;
	}

	synchronized void leave(String id, CompletableFuture<JobResult> outcome) {
		Awaited job = this.jobs.get(id);
		if (job != null && job.callers.remove(outcome) && job.callers.isEmpty()) {
			this.jobs.remove(id);
		}
	}

	synchronized int size() {
		return this.jobs.size();
	}

	synchronized boolean isReading() {
		return this.phase == Phase.READING && this.jobs.values().stream().noneMatch((job) -> job.offset == null);
	}

	/** Sees to it that all jobs are waited for, those too that have just been added. */
	void begin() {
		synchronized (this) {
			if (this.closed || this.jobs.values().stream().noneMatch((job) -> job.offset == null)) {
				return;
			}
			if (this.phase == Phase.IDLE) {
				this.phase = Phase.BUSY;
				this.loop.start();
				this.loop.wake();
				return;
			}
			if (this.phase == Phase.BUSY || this.nudged) {
				return;
			}
			this.nudged = true;
		}
		nudge();
	}

	private void nudge() {
		try {
			this.scripts.run(Script.NUDGE, ScriptArguments.keys(this.own).add(NUDGE_SECONDS));
		}
		catch (RuntimeException ex) {
			log.debug("The wait for results goes on until its time is over", ex);
		}
	}

	@Override
	public Duration run() {
		List<Awaited> all = begun();
		if (all.isEmpty()) {
			return IDLE;
		}
		long start = System.nanoTime();
		boolean everything = this.doubtful || start - this.lookedAt > this.timing.look.toNanos();
		look(everything ? all : all.stream().filter((job) -> job.offset == null).toList(), everything);
		List<Awaited> read = reading();
		try {
			if (!read.isEmpty()) {
				read(read);
			}
		}
		finally {
			hasRead();
		}
		if (this.doubtful) {
			return LONGEST_PAUSE;
		}
		long pause = LONGEST_PAUSE.toNanos() * all.size() / MAX_JOBS - (System.nanoTime() - start);
		return Duration.ofNanos(Math.max(pause, 0));
	}

	/** Returns what is waited for, and ends the thread if that is nothing for long. */
	private synchronized List<Awaited> begun() {
		if (!this.jobs.isEmpty()) {
			this.phase = Phase.BUSY;
			return List.copyOf(this.jobs.values());
		}
		release();
		if (this.phase == Phase.IDLE) {
			this.loop.requestStop();
		}
		this.phase = Phase.IDLE;
		return List.of();
	}

	private synchronized List<Awaited> reading() {
		if (this.closed) {
			return List.of();
		}
		List<Awaited> known = this.jobs.values().stream().filter((job) -> job.offset != null).toList();
		this.phase = (known.size() == this.jobs.size()) ? Phase.READING : Phase.BUSY;
		return known;
	}

	private synchronized void hasRead() {
		this.phase = Phase.BUSY;
		this.nudged = false;
	}

	/** Looks at the jobs themselves. */
	private void look(List<Awaited> jobs, boolean everything) {
		if (jobs.isEmpty()) {
			return;
		}
		boolean newest = this.doubtful || !everything;
		List<Standing> standings = standings(jobs.stream().map((job) -> job.id).toList(), newest);
		for (int i = 0; i < jobs.size(); i++) {
			look(jobs.get(i), standings.get(i));
		}
		if (everything) {
			this.doubtful = false;
			this.lookedAt = System.nanoTime();
		}
	}

	private void look(Awaited job, Standing standing) {
		boolean ended = standing.status.isEmpty() || ENDED.contains(standing.status);
		if (standing.newest.equals(ILLEGAL)) {
			fail(job, new NoJobResultException(job.id, Reason.ILLEGAL));
		}
		else if (standing.status.equals(JobStatus.CANCELED.value())) {
			fail(job, new NoJobResultException(job.id, Reason.CANCELED));
		}
		else if (ended && standing.newest.isEmpty()) {
			fail(job, new NoJobResultException(job.id, standing.status.isEmpty() ? Reason.MISSING : Reason.NOT_KEPT));
		}
		else if (ended && job.ended) {
			fail(job, new NoJobResultException(job.id, Reason.NOT_KEPT));
		}
		else if (ended) {
			job.ended = true;
			job.offset = before(standing.newest);
		}
		else {
			job.ended = false;
			if (job.offset == null) {
				job.offset = standing.newest.isEmpty() ? BEGINNING : standing.newest;
			}
		}
	}

	/** Returns the offset behind which an entry is the first. */
	private static String before(String entry) {
		int dash = entry.indexOf('-');
		long time = Long.parseLong(entry.substring(0, dash));
		String sequence = entry.substring(dash + 1);
		return sequence.equals("0") ? (time - 1) + "-" + Long.toUnsignedString(-1)
				: time + "-" + Long.toUnsignedString(Long.parseUnsignedLong(sequence) - 1);
	}

	private List<Standing> standings(List<String> ids, boolean newest) {
		ScriptArguments arguments = ScriptArguments.keys(this.keys.job(ids.get(0))).add(newest ? "1" : "0");
		ids.forEach(arguments::add);
		List<?> reply = this.scripts.run(Script.AWAITED, arguments);
		List<Standing> standings = new ArrayList<>();
		for (int i = 0; i < reply.size(); i += 2) {
			standings.add(new Standing(Replies.text(reply.get(i)), Replies.text(reply.get(i + 1))));
		}
		return standings;
	}

	private void read(Collection<Awaited> jobs) {
		Map<String, Awaited> streams = new HashMap<>();
		List<StreamOffset<byte[]>> offsets = new ArrayList<>(jobs.size() + 1);
		offsets.add(offset(this.own, this.ownOffset));
		for (Awaited job : jobs) {
			String stream = this.keys.results(job.id);
			streams.put(stream, job);
			offsets.add(offset(stream, Objects.requireNonNull(job.offset)));
		}
		Map<Awaited, JobResult> outcomes = new HashMap<>();
		for (ByteRecord entry : read(offsets)) {
			Awaited job = streams.get(Replies.text(entry.getStream()));
			if (job != null) {
				heard(job, entry, outcomes);
			}
			else {
				this.ownOffset = entry.getId().getValue();
			}
		}
		if (!outcomes.isEmpty()) {
			tell(outcomes);
		}
	}

	private static StreamOffset<byte[]> offset(String stream, String offset) {
		return StreamOffset.create(ScriptArguments.bytes(stream), ReadOffset.from(offset));
	}

	private static void heard(Awaited job, ByteRecord entry, Map<Awaited, JobResult> outcomes) {
		job.offset = entry.getId().getValue();
		try {
			JobResult result = ResultEntry.read(entry);
			if (result.type() != JobResult.Type.RETRIED) {
				outcomes.put(job, result);
			}
		}
		catch (RuntimeException ex) {
			log.debug("A result of job {} cannot be read", job.id, ex);
		}
	}

	@SuppressWarnings("unchecked")
	private List<ByteRecord> read(List<StreamOffset<byte[]>> offsets) {
		ConnectionCare care = this.scripts.care();
		try {
			List<ByteRecord> entries = connection().streamCommands()
				.xRead(StreamReadOptions.empty().block(longest()), offsets.toArray(StreamOffset[]::new));
			care.succeeded();
			return (entries != null) ? entries : List.of();
		}
		catch (RuntimeException ex) {
			release();
			care.failed(ex, this.generation);
			if (!RedisScripts.hasMessage(ex, "WRONGTYPE")) {
				throw ex;
			}
			this.doubtful = true;
			this.own = this.keys.awaiting(UUID.randomUUID().toString());
			return List.of();
		}
	}

	/** Returns how long to wait: not beyond the next look. */
	private Duration longest() {
		if (!isReading()) {
			// others are to be looked at first
			return SHORTEST;
		}
		Duration left = this.timing.look.minusNanos(System.nanoTime() - this.lookedAt);
		Duration longest = (left.compareTo(this.timing.longest) < 0) ? left : this.timing.longest;
		return (longest.compareTo(SHORTEST) > 0) ? longest : SHORTEST;
	}

	private RedisConnection connection() {
		int current = this.scripts.care().generation();
		if (this.connection == null || this.generation != current) {
			release();
			this.generation = current;
			this.connection = this.scripts.connections().getConnection();
		}
		return this.connection;
	}

	private void release() {
		RedisConnection current = this.connection;
		this.connection = null;
		if (current != null) {
			current.close();
		}
	}

	/** A job that was stopped has left a failure like any other: RQ's own workers too. */
	private void tell(Map<Awaited, JobResult> outcomes) {
		List<Awaited> failed = outcomes.entrySet()
			.stream()
			.filter((outcome) -> outcome.getValue().type() == JobResult.Type.FAILED)
			.map(Map.Entry::getKey)
			.toList();
		if (!failed.isEmpty()) {
			List<Standing> standings = standings(failed.stream().map((job) -> job.id).toList(), false);
			for (int i = 0; i < failed.size(); i++) {
				if (standings.get(i).status.equals(JobStatus.STOPPED.value())) {
					outcomes.computeIfPresent(failed.get(i), (job, result) -> result.as(JobResult.Type.STOPPED));
				}
			}
		}
		outcomes.forEach((job, result) -> end(job, (caller) -> caller.complete(result)));
	}

	private void fail(Awaited job, RuntimeException failure) {
		end(job, (caller) -> caller.completeExceptionally(failure));
	}

	private void end(Awaited job, Consumer<CompletableFuture<JobResult>> end) {
		List<CompletableFuture<JobResult>> callers;
		synchronized (this) {
			this.jobs.remove(job.id, job);
			callers = List.copyOf(job.callers);
			job.callers.clear();
		}
		callers.forEach(end);
	}

	@Override
	public synchronized void end() {
		release();
	}

	void close() {
		List<Awaited> all;
		boolean reading;
		synchronized (this) {
			this.closed = true;
			reading = this.phase == Phase.READING;
			all = List.copyOf(this.jobs.values());
		}
		all.forEach((job) -> fail(job, AwaitedResults.closing()));
		this.loop.requestStop();
		if (reading) {
			nudge();
		}
		this.loop.terminate(PATIENCE, PATIENCE);
	}

	/**
	 * What the thread does.
	 */
	private enum Phase {

		/** Nothing, if there is a thread. */
		IDLE,

		/** Something that it will have done soon. */
		BUSY,

		/** It waits on the server. */
		READING

	}

	/**
	 * How long things take.
	 *
	 * @param longest how long it waits on the server at most
	 * @param look how often it looks at the jobs themselves
	 */
	record Timing(Duration longest, Duration look) {

	}

	/**
	 * How a job stands.
	 *
	 * @param status its status, or an empty text if there is no such job
	 * @param newest the id of its newest result, or an empty text
	 */
	private record Standing(String status, String newest) {

	}

	/**
	 * A job that is waited for.
	 */
	private static final class Awaited {

		private final String id;

		private final Set<CompletableFuture<JobResult>> callers = new HashSet<>();

		/** The last result that is known, or none before the first look at the job. */
		private volatile @Nullable String offset;

		/** Whether the job has been found ended, and its last result is to be read. */
		private boolean ended;

		Awaited(String id) {
			this.id = id;
		}

	}

}
