package io.rq.history;

import io.rq.redis.HistoryStore;

/**
 * What each number of a point counts.
 */
final class Numbers {

	/** How many jobs wait, and one. */
	static final int QUEUED = 0;

	static final int STARTED = 1;

	static final int FINISHED = 2;

	static final int FAILED = 3;

	static final int RETRIED = 4;

	/** The first bucket of the times that runs took. */
	static final int RUNNING = 5;

	/** The first number that is of queues only. */
	static final int OF_QUEUES = HistoryStore.SPLIT;

	/** The first bucket of the times that jobs waited on their queue. */
	static final int WAITING = OF_QUEUES;

	/** The first bucket of how late due jobs were moved to their queue. */
	static final int LATENESS = WAITING + Buckets.COUNT;

	static final int COUNT = LATENESS + Buckets.COUNT;

	private Numbers() {
	}

	/** Returns how many jobs ended, or are to be tried again. */
	static long ended(long[] numbers) {
		return numbers[FINISHED] + numbers[FAILED] + numbers[RETRIED];
	}

	static void add(long[] sum, long[] numbers) {
		for (int i = 0; i < COUNT; i++) {
			sum[i] += numbers[i];
		}
	}

}
