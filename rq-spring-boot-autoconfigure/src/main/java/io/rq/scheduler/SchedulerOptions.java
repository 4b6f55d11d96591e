package io.rq.scheduler;

import java.time.Duration;
import java.util.List;

import org.springframework.util.Assert;

import io.rq.job.JobOptions;
import io.rq.lifecycle.Recovery;

/**
 * What can be chosen for a {@link SchedulerContainer}.
 *
 * @param queues the names of the queues whose scheduled jobs it moves when it is elected,
 * at least one
 * @param interval how long it sleeps at most between two looks at a queue; it wakes
 * earlier for a job that is due
 * @param lockLease how long the lock of a queue lasts without renewal: so long may a
 * queue be without a scheduler after its process has died; at least 100 ms
 * @param recovery how long it pauses when Redis is away; never longer than half the lease
 */
public record SchedulerOptions(List<String> queues, Duration interval, Duration lockLease, Recovery recovery) {

	private static final Duration SHORTEST_LEASE = Duration.ofMillis(100);

	/**
	 * Validates the values.
	 * @throws IllegalArgumentException if there is no queue, the interval is not
	 * positive, or the lease is too short
	 */
	public SchedulerOptions {
		Assert.notEmpty(queues, "'queues' must name at least one queue");
		queues.forEach((queue) -> Assert.hasText(queue, "'queues' must not contain an empty name"));
		Assert.isTrue(!interval.isZero() && !interval.isNegative(),
				() -> "'interval' must be positive but is " + interval);
		Assert.isTrue(lockLease.compareTo(SHORTEST_LEASE) >= 0,
				() -> "'lockLease' must be at least " + SHORTEST_LEASE + " but is " + lockLease);
		JobOptions.requireNotTooLong("interval", interval);
		JobOptions.requireNotTooLong("lockLease", lockLease);
		queues = queues.stream().distinct().toList();
		recovery = recovery.atMost(lockLease.dividedBy(2));
	}

	/**
	 * Creates options of a scheduler that pauses as usual when Redis is away.
	 * @param queues the names of the queues, at least one
	 * @param interval how long it sleeps at most between two looks at a queue
	 * @param lockLease how long the lock of a queue lasts without renewal
	 */
	public SchedulerOptions(List<String> queues, Duration interval, Duration lockLease) {
		this(queues, interval, lockLease, Recovery.DEFAULT);
	}

}
