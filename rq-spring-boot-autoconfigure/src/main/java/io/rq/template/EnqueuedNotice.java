package io.rq.template;

import java.util.List;

import io.rq.handler.JobListener;
import io.rq.job.Job;
import io.rq.lifecycle.Listeners;

/**
 * Tells of jobs that have been enqueued.
 *
 * @param watch warns of jobs that need a scheduler where there is none
 * @param listeners hear of them after that
 */
record EnqueuedNotice(SchedulingWatch watch, Listeners<JobListener> listeners) {

	void tell(List<Job> stored) {
		this.watch.enqueued(stored);
		this.listeners.tell((listener) -> listener.enqueued(stored));
	}

}
