package io.rq.operations;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

import io.rq.history.Quantiles;
import io.rq.monitor.LocalContainers;
import io.rq.queue.RegisteredScheduler;
import io.rq.scheduler.QueueLeadership;

/**
 * Who moves the scheduled jobs of a queue.
 *
 * @param queue the queue's name
 * @param leader the scheduler that holds the queue's lock, or {@code null} if nobody does
 * @param local what this application's scheduler does for the queue, or {@code null} if
 * it has none
 * @param lateness how late jobs of the queue were moved in the last minutes, by Java's
 * schedulers, or {@code null} if none was
 */
public record SchedulerDescriptor(String queue, @Nullable Leader leader, @Nullable Local local,
		@Nullable Quantiles lateness) {

	/**
	 * The scheduler that holds a lock. Some say no more of themselves than their name.
	 *
	 * @param name its name
	 * @param hostname its host, or {@code null}
	 * @param pid its process id, or {@code null}
	 * @param lastHeartbeat when it gave its last sign of life, or {@code null}
	 */
	public record Leader(String name, @Nullable String hostname, @Nullable String pid,
			@Nullable Instant lastHeartbeat) {

		static Leader of(RegisteredScheduler scheduler) {
			return new Leader(scheduler.name(), scheduler.hostname(), scheduler.pid(), scheduler.lastHeartbeat());
		}

	}

	/**
	 * What the scheduler of this application does for a queue.
	 *
	 * @param name its name
	 * @param role {@code leader} or {@code standby}
	 * @param since when that changed last, or {@code null} before the first election
	 * @param lastPass when it last looked for due jobs, or {@code null} if it did not
	 * @param lateness how late it moved the last job, or {@code null} if it moved none
	 * @param overdue how overdue the oldest job was that its last look found
	 * @param moved how many jobs it has moved
	 * @param failure what its last look failed with, or {@code null}
	 */
	public record Local(String name, String role, @Nullable Instant since, @Nullable Instant lastPass,
			@Nullable Duration lateness, Duration overdue, long moved, @Nullable String failure) {

		static Local of(LocalContainers.Scheduling scheduling) {
			QueueLeadership queue = scheduling.leadership();
			QueueLeadership.Passes passes = queue.passes();
			return new Local(scheduling.scheduler(), queue.leader() ? "leader" : "standby", queue.since(),
					passes.last(), passes.lateness(), passes.oldestOverdue(), passes.moved(), passes.failure());
		}

	}

}
