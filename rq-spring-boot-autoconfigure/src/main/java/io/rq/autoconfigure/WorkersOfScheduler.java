package io.rq.autoconfigure;

import java.util.List;

import org.springframework.beans.factory.ObjectProvider;

import io.rq.worker.WorkerContainer;

/**
 * The workers that are started together with a scheduler. Known when all singletons have
 * been created.
 *
 * @param workers the workers of the application
 */
record WorkersOfScheduler(ObjectProvider<WorkerContainer> workers) {

	boolean exist() {
		return !started().isEmpty();
	}

	/** Whether all of them stop when their queues are empty. */
	boolean areBurst() {
		List<WorkerContainer> started = started();
		return !started.isEmpty() && started.stream().allMatch((worker) -> worker.options().limits().burst());
	}

	private List<WorkerContainer> started() {
		return this.workers.orderedStream().filter(WorkerContainer::isAutoStartup).toList();
	}

}
