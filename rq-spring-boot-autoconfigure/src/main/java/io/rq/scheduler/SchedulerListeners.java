package io.rq.scheduler;

import java.util.List;
import java.util.function.Consumer;

import io.rq.lifecycle.SafeLog;

/**
 * Several listeners as one that never throws.
 */
final class SchedulerListeners implements SchedulerListener {

	private static final SafeLog log = SafeLog.of(SchedulerListeners.class);

	private final List<SchedulerListener> listeners;

	SchedulerListeners(List<? extends SchedulerListener> listeners) {
		this.listeners = List.copyOf(listeners);
	}

	@Override
	public void promoted(String queue, PromotedJobs jobs) {
		each((listener) -> listener.promoted(queue, jobs));
	}

	@Override
	public void leadershipChanged(String queue, boolean leader) {
		each((listener) -> listener.leadershipChanged(queue, leader));
	}

	private void each(Consumer<SchedulerListener> call) {
		for (SchedulerListener listener : this.listeners) {
			try {
				call.accept(listener);
			}
			catch (Throwable ex) {
				log.warn("Scheduler listener {} failed; the scheduler goes on", listener, ex);
			}
		}
	}

}
