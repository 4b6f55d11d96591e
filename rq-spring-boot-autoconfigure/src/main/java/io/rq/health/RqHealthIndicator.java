package io.rq.health;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.core.NestedExceptionUtils;

import io.rq.RqException;
import io.rq.monitor.LocalContainers;
import io.rq.monitor.LockWarnings;
import io.rq.monitor.QueueMonitor;
import io.rq.queue.QueueSnapshot;

/**
 * Health of the workers and the scheduler of this application. It is down when
 * <ul>
 * <li>a worker or scheduler that should run does not, or does not get through to
 * Redis,</li>
 * <li>a part of a worker has failed in every round, or hung, for longer than a lease, or
 * is dead,</li>
 * <li>scheduled jobs of its queues have been overdue for too long and nobody holds the
 * lock of their scheduler,</li>
 * <li>Redis cannot be asked for the latter, of one queue if they lie on several
 * nodes.</li>
 * </ul>
 * The reasons are in the detail {@code problems}, the queues that cannot be asked in
 * {@code unreachable}. A worker that was told not to start, or has done all it was to do,
 * is no reason. Cron jobs that nobody fires are none either: what is known of them is in
 * the details of the scheduler.
 */
public class RqHealthIndicator extends AbstractHealthIndicator {

	private final LocalContainers local;

	private final QueueMonitor monitor;

	private final LockWarnings lockWarnings;

	private final Duration maxLateness;

	private final Clock clock;

	/**
	 * Creates the indicator.
	 * @param local the workers and schedulers of this application
	 * @param monitor looks at the queues of this application
	 * @param lockWarnings tells what is wrong with the scheduler of a queue
	 * @param maxLateness for how long scheduled jobs may be overdue
	 * @param clock the clock that the workers and schedulers use
	 */
	public RqHealthIndicator(LocalContainers local, QueueMonitor monitor, LockWarnings lockWarnings,
			Duration maxLateness, Clock clock) {
		super("RQ health check failed");
		this.local = local;
		this.monitor = monitor;
		this.lockWarnings = lockWarnings;
		this.maxLateness = maxLateness;
		this.clock = clock;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		List<String> problems = new ArrayList<>();
		WorkerCheck workerCheck = new WorkerCheck(this.clock.instant(), problems);
		Map<String, Object> workerDetails = new LinkedHashMap<>();
		this.local.workers().forEach((worker) -> workerDetails.put(worker.options().name(), workerCheck.check(worker)));
		Map<String, Object> overdue = new LinkedHashMap<>();
		Map<String, Object> paused = new LinkedHashMap<>();
		Map<String, Object> unreachable = new LinkedHashMap<>();
		Map<String, String> warnings = checkQueues(problems, overdue, paused, unreachable);
		SchedulerCheck schedulerCheck = new SchedulerCheck(this.clock.instant(), this.maxLateness, warnings, problems);
		Map<String, Object> schedulerDetails = new LinkedHashMap<>();
		this.local.schedulers()
			.forEach((scheduler) -> schedulerDetails.put(scheduler.state().name(), schedulerCheck.check(scheduler)));
		builder.up().withDetail("workers", workerDetails).withDetail("schedulers", schedulerDetails);
		if (!overdue.isEmpty()) {
			builder.withDetail("overdue", overdue);
		}
		if (!paused.isEmpty()) {
			builder.withDetail("paused", paused);
		}
		if (!unreachable.isEmpty()) {
			builder.withDetail("unreachable", unreachable);
		}
		if (!problems.isEmpty()) {
			builder.down().withDetail("problems", problems);
		}
	}

	/** Returns what is to be told of the holders of locks, by queue. */
	private Map<String, String> checkQueues(List<String> problems, Map<String, Object> overdue,
			Map<String, Object> paused, Map<String, Object> unreachable) {
		Map<String, String> warnings = new HashMap<>();
		QueueMonitor.Survey survey = this.monitor.survey();
		for (QueueSnapshot queue : survey.queues()) {
			String holder = queue.scheduler();
			String warning = (holder != null) ? this.lockWarnings.of(queue.name(), holder) : null;
			if (warning != null) {
				warnings.put(queue.name(), warning);
			}
			if (!queue.overdue().isZero()) {
				overdue.put(queue.name(), queue.overdue().toString());
			}
			if (queue.pause() != null) {
				paused.put(queue.name(), queue.pause().reason());
			}
			if (queue.overdue().compareTo(this.maxLateness) > 0 && holder == null) {
				problems.add("Scheduled jobs of queue '" + queue.name() + "' have been overdue for " + queue.overdue()
						+ " and no scheduler holds the queue's lock");
			}
		}
		survey.failures().forEach((queue, failure) -> unreachable.put(queue, reason(failure)));
		if (survey.queues().isEmpty()) {
			unreachable.values().stream().distinct().map(String::valueOf).forEach(problems::add);
		}
		else {
			unreachable.forEach((queue, reason) -> problems.add("Queue '" + queue + "' is out of reach: " + reason));
		}
		return warnings;
	}

	private static String reason(RuntimeException failure) {
		return (failure instanceof RqException) ? String.valueOf(failure.getMessage())
				: "Redis cannot be asked: " + NestedExceptionUtils.getMostSpecificCause(failure);
	}

}
