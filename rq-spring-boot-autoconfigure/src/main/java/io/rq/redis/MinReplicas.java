package io.rq.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.IntegerOutput;

import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnection;
import org.springframework.util.Assert;

import io.rq.job.JobOptions;

/**
 * How many replicas of Redis must have what was enqueued before that counts as done.
 *
 * @param count the number of replicas, 0 not to wait for any
 * @param timeout how long to wait for them at most
 */
public record MinReplicas(int count, Duration timeout) {

	/** Does not wait for replicas. */
	public static final MinReplicas NONE = new MinReplicas(0, Duration.ofSeconds(1));

	private static final Duration WRITTEN = Duration.ofSeconds(1);

	/**
	 * Validates the values.
	 * @throws IllegalArgumentException if the number is negative or the time less than a
	 * millisecond, which Redis would take for no limit
	 */
	public MinReplicas {
		Assert.isTrue(count >= 0, () -> "'count' must not be negative but is " + count);
		Assert.isTrue(JobOptions.requireNotTooLong("timeout", timeout).toMillis() >= 1,
				() -> "'timeout' must be at least 1 ms but is " + timeout);
	}

	/**
	 * Waits on a connection in a pipeline; the last reply is the number of replicas.
	 * Since Redis 7.2 that is said of the last write of this very connection, and what is
	 * there already was written by another.
	 * @param connection the connection
	 * @param key a key that nothing else uses
	 */
	void await(RedisConnection connection, byte[] key) {
		connection.stringCommands().pSetEx(key, WRITTEN.toMillis(), new byte[0]);
		byte[] replicas = Integer.toString(this.count).getBytes(StandardCharsets.US_ASCII);
		byte[] millis = Long.toString(this.timeout.toMillis()).getBytes(StandardCharsets.US_ASCII);
		if (connection.getClass().getName().contains(".lettuce.")) {
			OnLettuce.await(connection, replicas, millis);
		}
		else {
			connection.execute("WAIT", replicas, millis);
		}
	}

	/** Lettuce must be told that the reply is a number, and need not be there. */
	private static final class OnLettuce {

		static void await(RedisConnection connection, byte[]... arguments) {
			((LettuceConnection) connection).execute("WAIT", new IntegerOutput<>(ByteArrayCodec.INSTANCE), arguments);
		}

	}

}
