package io.rq.event;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationContext;
import org.springframework.context.SmartLifecycle;

import io.rq.handler.JobListener;
import io.rq.handler.RunInfo;
import io.rq.handler.RunOutcome;
import io.rq.job.Job;
import io.rq.lifecycle.Line;
import io.rq.log.SafeLog;
import io.rq.queue.ReclaimedJob;
import io.rq.scheduler.SchedulerListener;

/**
 * Publishes events of jobs and schedulers in the application context. One thread, which
 * is there only while there are events, tells the listeners; when they cannot keep up
 * with {@value #MOST_WAITING} events, further ones are dropped, and the log says how
 * many.
 */
public final class RqEventPublisher implements JobListener, SchedulerListener, SmartLifecycle {

	private static final SafeLog log = SafeLog.of(RqEventPublisher.class);

	private static final int MOST_WAITING = 10_000;

	private static final Duration PATIENCE = Duration.ofSeconds(5);

	private final ApplicationContext context;

	private final EventListeners listeners;

	private final int phase;

	private final AtomicLong dropped = new AtomicLong();

	private volatile @Nullable Line line;

	/**
	 * Creates a publisher.
	 * @param context where events are published
	 * @param phase the phase of its life cycle: before who works, who stops before it
	 */
	public RqEventPublisher(ApplicationContext context, int phase) {
		this.context = context;
		this.listeners = new EventListeners(context);
		this.phase = phase;
	}

	@Override
	public void start() {
		this.line = new Line("rq-events", MOST_WAITING, (event) -> drop());
	}

	@Override
	public boolean isRunning() {
		return this.line != null;
	}

	@Override
	public int getPhase() {
		return this.phase;
	}

	@Override
	public void enqueued(List<Job> jobs) {
		if (isHeard(JobEnqueuedEvent.class)) {
			jobs.forEach((job) -> publish(new JobEnqueuedEvent(job)));
		}
	}

	@Override
	public void started(RunInfo run, @Nullable Duration waited) {
		publish(JobStartedEvent.class, () -> new JobStartedEvent(run, waited));
	}

	@Override
	public void ended(RunInfo run, RunOutcome outcome, Duration took, @Nullable Throwable failure) {
		switch (outcome) {
			case FINISHED -> publish(JobFinishedEvent.class, () -> new JobFinishedEvent(run, took));
			case RETRIED -> publish(JobRetriedEvent.class, () -> new JobRetriedEvent(run, took, failure));
			case FAILED -> publish(JobFailedEvent.class, () -> new JobFailedEvent(run, took, failure));
			case STOPPED -> publish(JobStoppedEvent.class, () -> new JobStoppedEvent(run, took));
			case RELEASED, LOST -> {
			}
		}
	}

	@Override
	public void reclaimed(ReclaimedJob reclaimed) {
		publish(JobAbandonedEvent.class, () -> new JobAbandonedEvent(reclaimed));
	}

	@Override
	public void leadershipChanged(String queue, boolean leader) {
		publish(SchedulerLeadershipEvent.class, () -> new SchedulerLeadershipEvent(queue, leader));
	}

	private <T extends RqEvent> void publish(Class<T> type, Supplier<T> event) {
		if (isHeard(type)) {
			publish(event.get());
		}
	}

	private boolean isHeard(Class<? extends RqEvent> type) {
		return this.line != null && this.listeners.exist(type);
	}

	private void publish(RqEvent event) {
		Line current = this.line;
		if (current != null) {
			current.execute(() -> tell(event));
		}
	}

	private void tell(RqEvent event) {
		try {
			this.context.publishEvent(event);
		}
		catch (Throwable ex) {
			log.warn("A listener to {} has failed; others may not have heard of it", event.getClass().getSimpleName(),
					ex);
		}
	}

	private void drop() {
		long number = this.dropped.incrementAndGet();
		// of the first, the second, the fourth and so on
		if (Long.bitCount(number) == 1) {
			log.warn("Listeners to events of jobs cannot keep up: {} events were dropped. "
					+ "Let listeners hand on what takes long", number);
		}
	}

	/** Tells of what has happened before, as far as listeners take it soon. */
	@Override
	public void stop() {
		Line current = this.line;
		this.line = null;
		if (current == null) {
			return;
		}
		int untold = current.end(PATIENCE);
		if (untold > 0) {
			log.warn("{} events of jobs were dropped: their listeners took too long at the end of the application",
					untold);
		}
	}

}
