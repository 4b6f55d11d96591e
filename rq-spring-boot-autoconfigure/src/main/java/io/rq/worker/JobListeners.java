package io.rq.worker;

import java.util.List;
import java.util.function.Consumer;

import io.rq.lifecycle.FailureText;
import io.rq.lifecycle.SafeLog;

/**
 * Tells all listeners, none of which can disturb the others or the worker.
 */
final class JobListeners {

	private static final SafeLog log = SafeLog.of(JobListeners.class);

	private final List<JobListener> listeners;

	JobListeners(List<JobListener> listeners) {
		this.listeners = List.copyOf(listeners);
	}

	void tell(Consumer<JobListener> event) {
		for (JobListener listener : this.listeners) {
			try {
				event.accept(listener);
			}
			catch (Throwable ex) {
				log.warn("Job listener {} failed", listener.getClass().getName(), FailureText.printable(ex));
			}
		}
	}

}
