package io.rq.event;

/**
 * The scheduler of this application has begun or ceased to be the one that looks after a
 * queue.
 *
 * @param queue the name of the queue
 * @param leader whether it is the one now
 */
public record SchedulerLeadershipEvent(String queue, boolean leader) implements RqEvent {

}
