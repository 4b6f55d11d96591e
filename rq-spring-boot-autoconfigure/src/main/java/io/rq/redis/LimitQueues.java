package io.rq.redis;

import java.time.Duration;
import java.util.List;

import io.rq.job.NewJob;
import io.rq.job.RateLimit;

/**
 * Sees to it that all jobs of a rate limit are on one queue where queues may lie on
 * several nodes: its slots are counted where the queue is.
 */
final class LimitQueues {

	/** Who has not used a limit for so long may use it for another queue. */
	private static final Duration KEPT = Duration.ofDays(7);

	private final RedisScripts scripts;

	LimitQueues(RedisScripts scripts) {
		this.scripts = scripts;
	}

	/**
	 * Takes the limits of jobs for their queues.
	 * @throws IllegalArgumentException if one is for another queue
	 */
	void require(List<NewJob> jobs) {
		if (!this.scripts.layout().tagged()) {
			return;
		}
		for (NewJob job : jobs) {
			RateLimit limit = job.job().options().links().rateLimit();
			if (limit != null) {
				require(limit, job.job().queue());
			}
		}
	}

	private void require(RateLimit limit, String queue) {
		String name = this.scripts.layout().rateLimitQueue(RateWindow.name(limit));
		byte[] key = ScriptArguments.bytes(name);
		byte[] value = ScriptArguments.bytes(queue);
		byte[] holder = this.scripts.with(name, (connection) -> {
			connection.stringCommands().setNX(key, value);
			connection.keyCommands().expire(key, KEPT.toSeconds());
			return connection.stringCommands().get(key);
		});
		if (holder != null && !queue.equals(Replies.text(holder))) {
			throw new IllegalArgumentException("Nothing was enqueued: rate limit '" + limit.key() + "' is for queue '"
					+ Replies.text(holder) + "' and cannot be for '" + queue
					+ "' too, because they may lie on different nodes. Use a key of its own for each queue");
		}
	}

}
