package io.rq.autoconfigure.metrics;

import org.springframework.context.event.EventListener;

import io.rq.metrics.JobMetrics;
import io.rq.template.JobsNotEnqueuedEvent;

/**
 * Counts jobs that could not be enqueued after the commit of their transaction.
 */
class NotEnqueuedMeter {

	private final JobMetrics metrics;

	NotEnqueuedMeter(JobMetrics metrics) {
		this.metrics = metrics;
	}

	@EventListener
	void notEnqueued(JobsNotEnqueuedEvent event) {
		this.metrics.notEnqueued(event.jobs());
	}

}
