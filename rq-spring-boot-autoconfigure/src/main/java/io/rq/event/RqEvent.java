package io.rq.event;

/**
 * What {@code @EventListener} methods can hear of jobs and schedulers; as a parameter
 * this type hears all. Events come soon after, on a thread of their own, those of a run
 * in their order; a job may have started before the call that enqueued it has returned,
 * and is then told first. Each process tells what has happened in it.
 */
public sealed interface RqEvent permits JobEnqueuedEvent, JobStartedEvent, JobFinishedEvent, JobRetriedEvent,
		JobFailedEvent, JobStoppedEvent, JobAbandonedEvent, SchedulerLeadershipEvent {

}
