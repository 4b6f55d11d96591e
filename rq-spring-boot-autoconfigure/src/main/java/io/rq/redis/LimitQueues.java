package io.rq.redis;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

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
		jobs.stream().flatMap(LimitQueues::use).distinct().forEach(this::require);
	}

	private static Stream<Use> use(NewJob job) {
		RateLimit limit = job.job().options().links().rateLimit();
		return (limit != null) ? Stream.of(new Use(RateWindow.name(limit), limit.key(), job.job().queue()))
				: Stream.empty();
	}

	private void require(Use use) {
		String name = this.scripts.layout().rateLimitQueue(use.name());
		String queue = use.queue();
		byte[] key = ScriptArguments.bytes(name);
		byte[] value = ScriptArguments.bytes(queue);
		byte[] holder = this.scripts.with(name, (connection) -> {
			connection.stringCommands().setNX(key, value);
			connection.keyCommands().expire(key, KEPT.toSeconds());
			return connection.stringCommands().get(key);
		});
		if (holder != null && !queue.equals(Replies.text(holder))) {
			throw new IllegalArgumentException("Nothing was enqueued: rate limit '" + use.key() + "' is for queue '"
					+ Replies.text(holder) + "' and cannot be for '" + queue
					+ "' too, because they may lie on different nodes. Use a key of its own for each queue");
		}
	}

	/**
	 * That jobs of a queue have a limit.
	 *
	 * @param name the limit's name
	 * @param key its key, for people
	 * @param queue the queue's name
	 */
	private record Use(String name, String key, String queue) {

	}

}
