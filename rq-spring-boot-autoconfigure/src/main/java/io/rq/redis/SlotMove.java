package io.rq.redis;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

import org.springframework.data.redis.ClusterStateFailureException;

/**
 * The patience of one call with a slot that is being moved to another node of a cluster.
 * Meanwhile Redis carries out nothing that names a key which is not there, so that
 * nothing is done by half ({@link KeyLayout#guard}).
 */
final class SlotMove {

	private static final Pattern UNDER_WAY = Pattern.compile("\\b(ASK|TRYAGAIN) ");

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private static final Duration PAUSE = Duration.ofMillis(20);

	private long since;

	/** Returns whether a call failed because a slot is being moved. */
	static boolean isUnderWay(Throwable failure) {
		return RedisScripts.hasMessage(failure, UNDER_WAY.asPredicate());
	}

	/**
	 * Waits a moment if a call failed because of the move, which then has had no effect.
	 * @return whether the call is to be made again
	 * @throws ClusterStateFailureException if the move takes too long, or the thread is
	 * interrupted
	 */
	boolean awaited(RuntimeException failure) {
		if (!isUnderWay(failure)) {
			return false;
		}
		long now = System.nanoTime();
		this.since = (this.since != 0) ? this.since : now;
		if (now - this.since > PATIENCE.toNanos()) {
			throw new ClusterStateFailureException("The slot of the keys has been on the way to another node of the "
					+ "Redis Cluster for more than " + PATIENCE.toSeconds() + " s; nothing was done", failure);
		}
		pause(failure);
		return true;
	}

	/**
	 * Waits a moment.
	 * @throws ClusterStateFailureException if the thread is interrupted
	 */
	static void pause(RuntimeException failure) {
		try {
			TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new ClusterStateFailureException(
					"Interrupted while the slot of the keys is on the way to another node; nothing was done", failure);
		}
	}

}
