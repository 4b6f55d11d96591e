package io.rq.autoconfigure;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.rq.worker.WorkerContainer;

/**
 * The workers that are started together with a scheduler. Known when all singletons have
 * been created.
 *
 * @param workers the workers on its Redis
 */
record WorkersOfScheduler(Supplier<Stream<WorkerContainer>> workers) {

	boolean exist() {
		return !started().isEmpty();
	}

	/** Whether all of them stop when their queues are empty. */
	boolean areBurst() {
		List<WorkerContainer> started = started();
		return !started.isEmpty() && started.stream().allMatch((worker) -> worker.options().limits().burst());
	}

	/** Whether none of them runs any more. */
	boolean haveEnded() {
		return this.workers.get().noneMatch(WorkerContainer::isRunning);
	}

	private List<WorkerContainer> started() {
		return this.workers.get().filter(WorkerContainer::isAutoStartup).toList();
	}

}
