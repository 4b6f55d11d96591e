package io.rq.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.stream.ByteRecord;
import org.springframework.data.redis.connection.stream.StreamOffset;

import io.rq.job.JobResult;
import io.rq.job.JobStatus;
import io.rq.job.NoJobResultException;
import io.rq.job.NoJobResultException.Reason;
import io.rq.lifecycle.Round;
import io.rq.lifecycle.RoundLoop;
import io.rq.log.SafeLog;

/**
 * Waits on the server for the results of up to 1,000 jobs, on one connection and one
 * thread, which are there only while somebody waits. One of the streams it waits for is
 * its own: an entry there ends the wait when a job has come that it does not wait for
 * yet. What follows on that is gathered for less than a tenth of a second before it waits
 * anew; the fewer jobs, the more often that may be at once. Every few seconds it looks at
 * the jobs themselves, for those that end without a result.
 */
final class ResultWait implements Round {

	static final int MAX_JOBS = 1_000;

	private static final SafeLog log = SafeLog.of(ResultWait.class);

	/** So that all are told within a tenth of a second. */
	private static final Duration PAUSE = Duration.ofMillis(80);

	/** How often it may wait anew at once, if it has to do so seldom. */
	private static final int AT_ONCE = 10;

	/** No wait at all would be one without end. */
	private static final Duration SHORTEST = Duration.ofMillis(1);

	/** A hung Redis does not hold up the end for longer. */
	private static final Duration PATIENCE = Duration.ofMillis(500);

	private static final Duration IDLE = Duration.ofSeconds(10);

	private static final String ILLEGAL = "!";

	private final RedisScripts scripts;

	private final QueueKeys keys;

	private final ResultStreams streams;

	private final Timing timing;

	/** How the names of streams of results begin. */
	private final String results;

	private final RoundLoop loop;

	private final Map<String, Awaited> jobs = new HashMap<>();

	private Phase phase = Phase.IDLE;

	private boolean nudged;

	private boolean closed;

	private long lookedAt;

	/** When all pauses would be over if there had been one after each wait. */
	private long gatheredAt = System.nanoTime();

	private boolean doubtful;

	ResultWait(RedisScripts scripts, QueueKeys keys, Timing timing, int number) {
		this.scripts = scripts;
		this.keys = keys;
		this.timing = timing;
		// not all at the same time, which Redis would notice
		this.lookedAt = System.nanoTime() - ThreadLocalRandom.current().nextLong(timing.look.toNanos());
		this.results = keys.results("");
		this.streams = new ResultStreams(scripts, keys);
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
			job = new Awaited(id, ScriptArguments.bytes(this.keys.results(id)));
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
				this.loop.start();
				this.loop.wake();
				this.phase = Phase.BUSY;
				return;
			}
			if (this.phase == Phase.BUSY || this.nudged) {
				return;
			}
			this.nudged = true;
		}
		Aside.run("rq-results-nudge", this.streams::nudge);
	}

	@Override
	public Duration run() {
		List<Awaited> all = begun();
		if (all.isEmpty()) {
			return IDLE;
		}
		look(all);
		List<Awaited> read = reading();
		Duration pause;
		try {
			pause = read.isEmpty() ? Duration.ZERO : read(read);
		}
		finally {
			hasRead();
		}
		return this.doubtful ? PAUSE : pause;
	}

	/** Returns what is waited for, and ends the thread if that is nothing for long. */
	private synchronized List<Awaited> begun() {
		if (!this.jobs.isEmpty()) {
			this.phase = Phase.BUSY;
			return List.copyOf(this.jobs.values());
		}
		this.streams.release();
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

	/** Looks at the jobs themselves, at those that have just come or at all. */
	private void look(List<Awaited> jobs) {
		List<Awaited> known = jobs.stream().filter((job) -> job.offset != null).toList();
		look(jobs.stream().filter((job) -> job.offset == null).toList(), true);
		long now = System.nanoTime();
		if (this.doubtful || now - this.lookedAt > this.timing.look.toNanos()) {
			look(known, this.doubtful);
			this.doubtful = false;
			this.lookedAt = now;
		}
	}

	private void look(List<Awaited> jobs, boolean newest) {
		if (jobs.isEmpty()) {
			return;
		}
		List<Standing> standings = standings(jobs.stream().map((job) -> job.id).toList(), newest);
		for (int i = 0; i < jobs.size(); i++) {
			look(jobs.get(i), standings.get(i));
		}
	}

	private void look(Awaited job, Standing standing) {
		boolean ended = standing.isEnded();
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
			job.readFrom(before(standing.newest));
		}
		else {
			job.ended = false;
			if (job.offset == null) {
				job.readFrom(standing.newest.isEmpty() ? ResultStreams.BEGINNING : standing.newest);
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
		List<Standing> standings = new ArrayList<>(Collections.nCopies(ids.size(), Standing.ONGOING));
		for (int i = 0; i < reply.size(); i += 3) {
			standings.set(Integer.parseInt(Replies.text(reply.get(i))),
					new Standing(Replies.text(reply.get(i + 1)), Replies.text(reply.get(i + 2))));
		}
		return standings;
	}

	/** Returns for how long to gather what comes before the next wait. */
	private Duration read(Collection<Awaited> jobs) {
		List<StreamOffset<byte[]>> offsets = new ArrayList<>(jobs.size());
		jobs.forEach((job) -> offsets.add(Objects.requireNonNull(job.offset)));
		Map<Awaited, String> heard = new HashMap<>();
		Map<Awaited, JobResult> outcomes = new HashMap<>();
		Duration longest = longest();
		List<ByteRecord> entries = read(offsets, longest);
		long now = System.nanoTime();
		for (ByteRecord entry : entries) {
			Awaited job = job(Replies.text(entry.getStream()));
			if (job != null) {
				heard.put(job, entry.getId().getValue());
				hear(job, entry, outcomes);
			}
		}
		if (!outcomes.isEmpty()) {
			tell(outcomes);
		}
		heard.forEach(Awaited::readFrom);
		boolean early = !entries.isEmpty() || longest.equals(SHORTEST);
		return (early && isWaitedForStill()) ? pause(now, jobs.size(), !heard.isEmpty()) : Duration.ZERO;
	}

	/** Whether there are jobs to wait for anew. */
	private synchronized boolean isWaitedForStill() {
		return this.jobs.values().stream().anyMatch((job) -> job.offset != null);
	}

	/** Who has just come is waited for at once, unless others have come before. */
	private Duration pause(long since, int jobs, boolean results) {
		this.gatheredAt = since + Math.max(this.gatheredAt - since, 0) + PAUSE.toNanos();
		long allowed = PAUSE.toNanos() * AT_ONCE * (MAX_JOBS - jobs) / MAX_JOBS + (results ? 0 : PAUSE.toNanos());
		return Duration.ofNanos(Math.max(this.gatheredAt - allowed - System.nanoTime(), 0));
	}

	/** Returns the job of a stream that has been read. */
	private synchronized @Nullable Awaited job(String stream) {
		Awaited job = stream.equals(this.streams.own()) ? null : this.jobs.get(stream.substring(this.results.length()));
		return (job != null && job.offset != null) ? job : null;
	}

	private static void hear(Awaited job, ByteRecord entry, Map<Awaited, JobResult> outcomes) {
		try {
			JobResult result = ResultEntry.of(entry).read();
			if (result.type() != JobResult.Type.RETRIED) {
				outcomes.put(job, result);
			}
		}
		catch (RuntimeException ex) {
			log.debug("A result of job {} cannot be read", job.id, ex);
		}
	}

	private List<ByteRecord> read(List<StreamOffset<byte[]>> offsets, Duration longest) {
		try {
			return this.streams.read(offsets, longest);
		}
		catch (RuntimeException ex) {
			if (!RedisScripts.hasMessage(ex, "WRONGTYPE")) {
				throw this.scripts.explained(ex, List.of(this.streams.own(), this.results));
			}
			this.doubtful = true;
			this.streams.rename();
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

	/**
	 * A job that was stopped has left a failure like any other: RQ's own workers too. So
	 * of failures Redis is asked, which may fail.
	 */
	private void tell(Map<Awaited, JobResult> outcomes) {
		List<Awaited> failed = new ArrayList<>();
		outcomes.forEach((job, result) -> {
			if (result.type() == JobResult.Type.FAILED) {
				failed.add(job);
			}
			else {
				tell(job, result);
			}
		});
		if (failed.isEmpty()) {
			return;
		}
		List<Standing> standings = standings(failed.stream().map((job) -> job.id).toList(), false);
		for (int i = 0; i < failed.size(); i++) {
			JobResult failure = Objects.requireNonNull(outcomes.get(failed.get(i)));
			boolean stopped = standings.get(i).status.equals(JobStatus.STOPPED.value());
			tell(failed.get(i), stopped ? failure.as(JobResult.Type.STOPPED) : failure);
		}
	}

	private void tell(Awaited job, JobResult result) {
		end(job, (caller) -> caller.complete(result));
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
		this.streams.release();
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
			Aside.run("rq-results-nudge", this.streams::nudge);
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

		/** That of all that the script says nothing of. */
		static final Standing ONGOING = new Standing(JobStatus.STARTED.value(), "");

		boolean isEnded() {
			JobStatus known = JobStatus.find(this.status);
			return this.status.isEmpty() || (known != null && known.isEnded());
		}

	}

	/**
	 * A job that is waited for.
	 */
	private static final class Awaited {

		private final String id;

		private final byte[] stream;

		private final Set<CompletableFuture<JobResult>> callers = new HashSet<>();

		/** The last result that is known, or none before the first look at the job. */
		private volatile @Nullable StreamOffset<byte[]> offset;

		/** Whether the job has been found ended, and its last result is to be read. */
		private boolean ended;

		Awaited(String id, byte[] stream) {
			this.id = id;
			this.stream = stream;
		}

		private void readFrom(String entry) {
			this.offset = ResultStreams.offset(this.stream, entry);
		}

	}

}
