package io.rq.doctor;

import io.rq.monitor.DelayedRetryCheck;
import io.rq.queue.QueueSnapshot;
import io.rq.queue.Registry;

/**
 * Jobs are scheduled, or would wait between their attempts, where there is no scheduler.
 */
record SchedulersCheck(Queues queues, DelayedRetryCheck retries) implements Check {

	@Override
	public String name() {
		return "schedulers";
	}

	@Override
	public void examine(Report report) {
		for (QueueSnapshot queue : this.queues.all()) {
			if (queue.size(Registry.SCHEDULED) > 0 && !this.queues.isScheduled(queue)) {
				report.warn(queue.size(Registry.SCHEDULED) + " jobs of queue '" + queue.name()
						+ "' are scheduled or wait for another attempt, and no scheduler serves it: they stay there.",
						"Start a worker of the queue with a scheduler ('rq.worker.with-scheduler'), or with Python "
								+ "'rq worker --with-scheduler'.");
			}
		}
		this.retries.warnings().forEach((warning) -> {
			int remedy = warning.lastIndexOf(". ");
			report.warn(warning.substring(0, remedy + 1), warning.substring(remedy + 2));
		});
	}

}
