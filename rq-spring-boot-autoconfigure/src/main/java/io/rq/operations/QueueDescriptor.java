package io.rq.operations;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

import io.rq.history.QueuePace;
import io.rq.queue.QueuePause;
import io.rq.queue.QueueSnapshot;
import io.rq.queue.Registry;

/**
 * The numbers of a queue.
 *
 * @param name its name
 * @param queued how many jobs wait on it
 * @param started how many run
 * @param scheduled how many are due later
 * @param deferred how many wait for other jobs
 * @param ready how many a process of RQ 3 is about to put on it
 * @param finished how many have ended well and are kept
 * @param failed how many have failed and are kept
 * @param canceled how many were cancelled and are kept
 * @param oldestWaiting how long the next job has been waiting, or {@code null} if none is
 * or it does not tell
 * @param nextDue when the next scheduled job is due, or {@code null} if there is none
 * @param overdue how long ago that was, zero if it lies ahead or there is none
 * @param pause since when and why it is paused, or {@code null} if it is not
 * @param pace how fast it is filled and worked off of late, or {@code null} if that is
 * not known
 */
public record QueueDescriptor(String name, long queued, long started, long scheduled, long deferred, long ready,
		long finished, long failed, long canceled, @Nullable Duration oldestWaiting, @Nullable Instant nextDue,
		Duration overdue, @Nullable QueuePause pause, @Nullable QueuePace pace) {

	static QueueDescriptor of(QueueSnapshot queue, @Nullable QueuePace pace) {
		return new QueueDescriptor(queue.name(), queue.size(Registry.QUEUED), queue.size(Registry.STARTED),
				queue.size(Registry.SCHEDULED), queue.size(Registry.DEFERRED), queue.size(Registry.READY),
				queue.size(Registry.FINISHED), queue.size(Registry.FAILED), queue.size(Registry.CANCELED),
				queue.oldestAge(), queue.nextDue(), queue.overdue(), queue.pause(), pace);
	}

}
