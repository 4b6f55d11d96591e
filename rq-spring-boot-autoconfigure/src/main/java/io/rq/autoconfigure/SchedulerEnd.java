package io.rq.autoconfigure;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;

import io.rq.scheduler.SchedulerContainer;
import io.rq.worker.WorkerContainer;

/**
 * Ends the scheduler with the last worker that has done all it was to do, as RQ does: its
 * thread would keep a process alive that is through with its work.
 *
 * @param schedulers the scheduler
 * @param workers the workers of the application
 */
record SchedulerEnd(ObjectProvider<SchedulerContainer> schedulers,
		ObjectProvider<WorkerContainer> workers) implements SmartInitializingSingleton {

	@Override
	public void afterSingletonsInstantiated() {
		this.workers.forEach((worker) -> worker.addExhaustionCallback(this::exhausted));
	}

	private void exhausted() {
		if (new WorkersOfScheduler(this.workers::stream).haveEnded()) {
			this.schedulers.forEach(SchedulerContainer::stopExhausted);
		}
	}

}
