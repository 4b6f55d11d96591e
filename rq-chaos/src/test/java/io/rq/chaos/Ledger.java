package io.rq.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import redis.clients.jedis.RedisClient;

import io.rq.handler.JobContext;

/**
 * What producers and workers say they have done, on a Redis that nobody disturbs.
 */
final class Ledger implements AutoCloseable {

	private static final String KEY = "ledger";

	private final RedisClient redis;

	private final Map<String, Run> runs = new LinkedHashMap<>();

	private final Map<String, Entry> acknowledged = new LinkedHashMap<>();

	private final List<Entry> refused = new ArrayList<>();

	private final List<Entry> callbacks = new ArrayList<>();

	private final List<Entry> webhooks = new ArrayList<>();

	private final List<Gauge> gauges = new ArrayList<>();

	private long read;

	Ledger(int port) {
		this.redis = RedisClient.create("127.0.0.1", port);
	}

	String started(JobContext context, String process) {
		return started(context.job().id(), process, attempt(context), context.function());
	}

	/**
	 * Notes the start of a run.
	 * @return an id for this run alone: that of the execution would hide that it ran
	 * twice
	 */
	String started(String jobId, String process, int attempt, String function) {
		String run = UUID.randomUUID().toString();
		write("start", jobId, run, process, attempt, function);
		return run;
	}

	/** Which attempt a run is: reclaimed jobs do not count as tried again. */
	static int attempt(JobContext context) {
		return 1 + context.job().run().attempts();
	}

	/** Notes the end of a run: of the job, or that it failed as it was meant to. */
	void ended(String run, boolean failing) {
		write("end", run, failing);
	}

	void acknowledged(String jobId, String what) {
		write("acknowledged", jobId, what);
	}

	void refused(String what, RuntimeException reason) {
		write("refused", reason.getClass().getSimpleName(), what);
	}

	void calledBack(String jobId) {
		write("callback", jobId, "success");
	}

	void told(String jobId) {
		write("webhook", jobId, "success");
	}

	void measured(String process, int threads, long heap) {
		write("gauge", process, threads, heap);
	}

	private void write(Object... words) {
		StringBuilder line = new StringBuilder().append(System.currentTimeMillis());
		for (Object word : words) {
			line.append(' ').append(word);
		}
		this.redis.rpush(KEY, line.toString());
	}

	private synchronized void read() {
		List<String> lines = this.redis.lrange(KEY, this.read, -1);
		this.read += lines.size();
		lines.forEach(this::read);
	}

	private void read(String line) {
		String[] words = line.split(" ");
		long at = Long.parseLong(words[0]);
		switch (words[1]) {
			case "start" -> this.runs.put(words[3],
					new Run(words[2], words[4], Integer.parseInt(words[5]), words[6], at, null, false));
			case "end" ->
				this.runs.computeIfPresent(words[2], (id, run) -> run.ended(at, Boolean.parseBoolean(words[3])));
			case "acknowledged" -> this.acknowledged.put(words[2], new Entry(words[2], words[3], at));
			case "refused" -> this.refused.add(new Entry(words[2], words[3], at));
			case "callback" -> this.callbacks.add(new Entry(words[2], words[3], at));
			case "webhook" -> this.webhooks.add(new Entry(words[2], words[3], at));
			case "gauge" ->
				this.gauges.add(new Gauge(words[2], at, Integer.parseInt(words[3]), Long.parseLong(words[4])));
			default -> throw new IllegalStateException("The ledger has a line that nobody writes: " + line);
		}
	}

	/** Returns the runs in the order of their starts. */
	synchronized List<Run> runs() {
		read();
		return List.copyOf(this.runs.values());
	}

	/** Returns the jobs that producers know to be enqueued, each with its shape. */
	synchronized List<Entry> acknowledged() {
		read();
		return List.copyOf(this.acknowledged.values());
	}

	/** Returns the calls that producers know nothing of, each with what was thrown. */
	synchronized List<Entry> refused() {
		read();
		return List.copyOf(this.refused);
	}

	/** Returns the jobs whose callbacks were called, as often as they were. */
	synchronized List<Entry> callbacks() {
		read();
		return List.copyOf(this.callbacks);
	}

	/** Returns the jobs whose webhooks have arrived, as often as they have. */
	synchronized List<Entry> webhooks() {
		read();
		return List.copyOf(this.webhooks);
	}

	synchronized List<Gauge> gauges() {
		read();
		return List.copyOf(this.gauges);
	}

	/** Keeps what was written for whoever looks for the cause of a failure. */
	void save(Path file) {
		try {
			Files.write(file, this.redis.lrange(KEY, 0, -1));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		this.redis.close();
	}

	/**
	 * One run of a job.
	 *
	 * @param jobId the job
	 * @param process who ran it
	 * @param attempt which attempt it was, from 1
	 * @param function the function
	 * @param start when it started, in milliseconds since the epoch
	 * @param end when it ended, or {@code null} if it did not
	 * @param failing whether it ended with an exception, as it was meant to
	 */
	record Run(String jobId, String process, int attempt, String function, long start, @Nullable Long end,
			boolean failing) {

		private Run ended(long at, boolean withFailure) {
			return new Run(this.jobId, this.process, this.attempt, this.function, this.start, at, withFailure);
		}

		boolean isRunningAt(long time) {
			return this.start <= time && (this.end == null || this.end > time);
		}

		/** Whether it is another attempt after an earlier one that had failed. */
		boolean isRetryOf(Run earlier) {
			return earlier.failing && !earlier.isRunningAt(this.start) && earlier.attempt != this.attempt;
		}

		/** Whether the job has ended well with it. */
		boolean isDone() {
			return this.end != null && !this.failing;
		}

	}

	/**
	 * Something that concerns a job.
	 *
	 * @param subject the job's id, or the failure where there is none
	 * @param what more about it
	 * @param at when, in milliseconds since the epoch
	 */
	record Entry(String subject, String what, long at) {

	}

	/**
	 * What a process uses.
	 *
	 * @param process the process
	 * @param at when, in milliseconds since the epoch
	 * @param threads its live threads
	 * @param heap bytes of its heap after a collection
	 */
	record Gauge(String process, long at, int threads, long heap) {

	}

}
