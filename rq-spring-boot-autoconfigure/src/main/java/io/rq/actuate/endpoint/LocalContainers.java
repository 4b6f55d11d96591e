package io.rq.actuate.endpoint;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.rq.scheduler.QueueLeadership;
import io.rq.scheduler.SchedulerContainer;
import io.rq.scheduler.SchedulerState;
import io.rq.worker.WorkerContainer;
import io.rq.worker.WorkerState;

/**
 * The workers and schedulers of this application.
 *
 * @param workers gets the workers
 * @param schedulers gets the schedulers, at most one as a rule
 */
public record LocalContainers(Supplier<List<WorkerContainer>> workers, Supplier<List<SchedulerContainer>> schedulers) {

	@Nullable WorkerState worker(String name) {
		return this.workers.get()
			.stream()
			.filter(WorkerContainer::isRunning)
			.map(WorkerContainer::state)
			.filter((state) -> state.name().equals(name))
			.findFirst()
			.orElse(null);
	}

	SchedulerDescriptor.@Nullable Local scheduler(String queue) {
		return states()
			.flatMap((state) -> state.queues()
				.stream()
				.filter((leadership) -> leadership.queue().equals(queue))
				.map((leadership) -> SchedulerDescriptor.Local.of(state.name(), leadership)))
			.findFirst()
			.orElse(null);
	}

	Stream<String> queues() {
		return Stream.concat(this.workers.get().stream().flatMap((worker) -> worker.options().queues().stream()),
				states().flatMap((state) -> state.queues().stream()).map(QueueLeadership::queue));
	}

	private Stream<SchedulerState> states() {
		return this.schedulers.get().stream().filter(SchedulerContainer::isRunning).map(SchedulerContainer::state);
	}

}
