package io.rq.event;

import io.rq.queue.ReclaimedJob;

/**
 * A job was taken from a worker that is gone.
 *
 * @param reclaimed the job and what became of it
 */
public record JobAbandonedEvent(ReclaimedJob reclaimed) implements RqEvent {

}
