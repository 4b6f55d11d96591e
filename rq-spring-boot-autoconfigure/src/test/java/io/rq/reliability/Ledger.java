package io.rq.reliability;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import redis.clients.jedis.RedisClient;

/**
 * The record of every run of a job, on a Redis that nobody disturbs.
 */
final class Ledger implements AutoCloseable {

	private static final String KEY = "runs";

	private final RedisClient redis;

	Ledger(int port) {
		this.redis = RedisClient.create("127.0.0.1", port);
	}

	void started(String jobId, String run, String process) {
		this.redis.rpush(KEY, String.join(" ", "start", jobId, run, process, now()));
	}

	void ended(String jobId, String run, String process) {
		this.redis.rpush(KEY, String.join(" ", "end", jobId, run, process, now()));
	}

	private static String now() {
		return Long.toString(System.currentTimeMillis());
	}

	/** Returns the runs in the order of their starts. */
	List<Run> runs() {
		Map<String, Run> runs = new LinkedHashMap<>();
		for (String line : this.redis.lrange(KEY, 0, -1)) {
			String[] words = line.split(" ");
			long at = Long.parseLong(words[4]);
			if (words[0].equals("start")) {
				runs.put(words[2], new Run(words[1], words[3], at, null));
			}
			else {
				runs.computeIfPresent(words[2], (id, run) -> new Run(run.jobId(), run.process(), run.start(), at));
			}
		}
		return List.copyOf(runs.values());
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
	 * @param start when it started, in milliseconds since the epoch
	 * @param end when it ended, or {@code null} if it did not
	 */
	record Run(String jobId, String process, long start, @Nullable Long end) {

		boolean isRunningAt(long time) {
			return this.start <= time && (this.end == null || this.end > time);
		}

	}

}
