package io.rq.doctor;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.rq.monitor.LocalContainers;
import io.rq.monitor.RqMonitor;
import io.rq.queue.QueueSnapshot;
import io.rq.worker.WorkerContainer;

/**
 * The queues and who serves them, asked once in an examination. What this application has
 * just started counts, though it may not be on record yet.
 */
class Queues {

	private final RqMonitor monitor;

	private final LocalContainers local;

	private RqMonitor.@Nullable Overview overview;

	Queues(RqMonitor monitor, LocalContainers local) {
		this.monitor = monitor;
		this.local = local;
	}

	private RqMonitor.Overview overview() {
		RqMonitor.Overview seen = (this.overview != null) ? this.overview : this.monitor.overview();
		this.overview = seen;
		return seen;
	}

	List<QueueSnapshot> all() {
		return overview().queues();
	}

	boolean isServed(String queue) {
		return isServedHere(queue) || isOnRecord(queue);
	}

	boolean isServedHere(String queue) {
		return this.local.workers()
			.stream()
			.filter(WorkerContainer::isRunning)
			.anyMatch((worker) -> worker.options().queues().contains(queue));
	}

	boolean isOnRecord(String queue) {
		return overview().workers().stream().anyMatch((worker) -> worker.queues().contains(queue));
	}

	boolean isScheduled(QueueSnapshot queue) {
		return queue.scheduler() != null || this.local.scheduledQueues().anyMatch(queue.name()::equals);
	}

}
