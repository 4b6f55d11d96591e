package io.rq.monitor;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.rq.handler.JobHandler;
import io.rq.handler.JobHandlerRegistry;
import io.rq.job.JobDefaults;
import io.rq.job.Retry;
import io.rq.queue.QueueSnapshot;

/**
 * Finds jobs of this application that wait between their attempts while nobody would ever
 * end the wait.
 */
public class DelayedRetryCheck {

	private final JobHandlerRegistry handlers;

	private final JobDefaults defaults;

	private final QueueMonitor monitor;

	private final Supplier<Set<String>> scheduledHere;

	/**
	 * Creates the check.
	 * @param handlers the handlers of this application
	 * @param defaults what jobs get that do not say so themselves
	 * @param monitor tells who schedules a queue
	 * @param scheduledHere gets the queues that a scheduler of this application serves,
	 * or will once it is elected
	 */
	public DelayedRetryCheck(JobHandlerRegistry handlers, JobDefaults defaults, QueueMonitor monitor,
			Supplier<Set<String>> scheduledHere) {
		this.handlers = handlers;
		this.defaults = defaults;
		this.monitor = monitor;
		this.scheduledHere = scheduledHere;
	}

	/**
	 * Looks for such jobs.
	 * @return a sentence or two for each, sorted by its name
	 * @throws RuntimeException if Redis cannot be asked
	 */
	public List<String> warnings() {
		List<JobHandler> delayed = this.handlers.names()
			.stream()
			.sorted()
			.map(this.handlers::find)
			.filter(Objects::nonNull)
			.filter((handler) -> waits(handler))
			.filter((handler) -> !this.scheduledHere.get().contains(this.handlers.queue(handler)))
			.toList();
		if (delayed.isEmpty()) {
			return List.of();
		}
		QueueMonitor.Survey survey = this.monitor.survey().requireSome();
		Set<String> scheduled = survey.queues()
			.stream()
			.filter((queue) -> queue.scheduler() != null)
			.map(QueueSnapshot::name)
			.collect(Collectors.toSet());
		return delayed.stream()
			.filter((handler) -> !survey.failures().containsKey(this.handlers.queue(handler)))
			.filter((handler) -> !scheduled.contains(this.handlers.queue(handler)))
			.map(this::warning)
			.toList();
	}

	private boolean waits(JobHandler handler) {
		Retry own = handler.defaults().retry();
		Retry retry = (own != null) ? own : this.defaults.of(this.handlers.queue(handler)).retry();
		return retry != null && retry.isDelayed();
	}

	private String warning(JobHandler handler) {
		return "Job '" + handler.name() + "' waits between its attempts, but no scheduler serves its queue '"
				+ this.handlers.queue(handler)
				+ "' now, and without one its retries never run. Leave 'rq.worker.with-scheduler' on in a worker of the "
				+ "queue, or set it to true here or in another application on the same Redis";
	}

}
