package io.rq.doctor;

import io.rq.queue.QueueSnapshot;
import io.rq.queue.Registry;

/**
 * Jobs wait on queues that no worker serves.
 */
record WorkersCheck(Queues queues) implements Check {

	@Override
	public String name() {
		return "workers";
	}

	@Override
	public void examine(Report report) {
		for (QueueSnapshot queue : this.queues.all()) {
			if (queue.size(Registry.QUEUED) > 0 && !this.queues.isServed(queue.name())) {
				report.warn(
						queue.size(Registry.QUEUED) + " jobs wait on queue '" + queue.name()
								+ "', and no worker serves it.",
						"Start a worker for it ('rq.worker.queues'), or move or delete the jobs.");
			}
		}
	}

}
