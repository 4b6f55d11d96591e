package io.rq.worker;

import java.util.List;
import java.util.function.Consumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells all listeners, none of which can disturb the others or the worker.
 */
final class JobListeners {

	private static final Logger logger = LoggerFactory.getLogger(JobListeners.class);

	private final List<JobListener> listeners;

	JobListeners(List<JobListener> listeners) {
		this.listeners = List.copyOf(listeners);
	}

	void tell(Consumer<JobListener> event) {
		for (JobListener listener : this.listeners) {
			try {
				event.accept(listener);
			}
			catch (RuntimeException ex) {
				logger.warn("Job listener {} failed", listener, ex);
			}
		}
	}

}
