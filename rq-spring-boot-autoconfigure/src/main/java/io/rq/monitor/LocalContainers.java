package io.rq.monitor;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.rq.scheduler.QueueLeadership;
import io.rq.scheduler.SchedulerContainer;
import io.rq.scheduler.SchedulerState;
import io.rq.worker.RunStack;
import io.rq.worker.WorkerContainer;
import io.rq.worker.WorkerState;

/**
 * The workers and schedulers of this application, as they are when asked.
 */
public class LocalContainers {

	private final Supplier<List<WorkerContainer>> workers;

	private final Supplier<List<SchedulerContainer>> schedulers;

	/**
	 * Creates the view.
	 * @param workers gets the workers
	 * @param schedulers gets the schedulers, at most one as a rule
	 */
	public LocalContainers(Supplier<List<WorkerContainer>> workers, Supplier<List<SchedulerContainer>> schedulers) {
		this.workers = workers;
		this.schedulers = schedulers;
	}

	/**
	 * Returns the workers, running or not.
	 * @return the workers in their order
	 */
	public List<WorkerContainer> workers() {
		return this.workers.get();
	}

	/**
	 * Returns the schedulers, running or not.
	 * @return the schedulers in their order
	 */
	public List<SchedulerContainer> schedulers() {
		return this.schedulers.get();
	}

	/**
	 * Returns the states of the workers that run.
	 * @return the states
	 */
	public Stream<WorkerState> runningWorkers() {
		return workers().stream().filter(WorkerContainer::isRunning).map(WorkerContainer::state);
	}

	/**
	 * Returns the states of the schedulers that run.
	 * @return the states
	 */
	public Stream<SchedulerState> runningSchedulers() {
		return schedulers().stream().filter(SchedulerContainer::isRunning).map(SchedulerContainer::state);
	}

	/**
	 * Returns the state of a worker.
	 * @param name the worker's name
	 * @return its state, or {@code null} if no worker of that name runs here
	 */
	public @Nullable WorkerState worker(String name) {
		return runningWorkers().filter((state) -> state.name().equals(name)).findFirst().orElse(null);
	}

	/**
	 * Looks at what a job does that runs here.
	 * @param jobId the job's id
	 * @return what its thread does, or empty if the job does not run here
	 */
	public Optional<RunStack> stack(String jobId) {
		return workers().stream().map((worker) -> worker.stack(jobId)).filter(Objects::nonNull).findFirst();
	}

	/**
	 * Returns who schedules a queue here.
	 * @param queue the queue's name
	 * @return the scheduler, elected or not, or {@code null} if none here serves the
	 * queue
	 */
	public @Nullable Scheduling scheduling(String queue) {
		return runningSchedulers()
			.flatMap((state) -> state.queues()
				.stream()
				.filter((leadership) -> leadership.queue().equals(queue))
				.map((leadership) -> new Scheduling(state.name(), leadership)))
			.findFirst()
			.orElse(null);
	}

	/**
	 * Returns the queues that a scheduler here serves, elected or not.
	 * @return their names, each once
	 */
	public Stream<String> scheduledQueues() {
		return runningSchedulers().flatMap((state) -> state.queues().stream()).map(QueueLeadership::queue).distinct();
	}

	/**
	 * Returns the queues that a worker works on or a scheduler here serves.
	 * @return their names, some of them more than once
	 */
	public Stream<String> queues() {
		return Stream.concat(workers().stream().flatMap((worker) -> worker.options().queues().stream()),
				scheduledQueues());
	}

	/**
	 * What a scheduler of this application does for a queue.
	 *
	 * @param scheduler the scheduler's name
	 * @param leadership what it does
	 */
	public record Scheduling(String scheduler, QueueLeadership leadership) {

	}

}
