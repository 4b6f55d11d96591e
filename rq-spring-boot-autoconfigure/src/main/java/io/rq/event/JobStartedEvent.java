package io.rq.event;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import io.rq.handler.RunInfo;

/**
 * A run is about to start.
 *
 * @param run the run
 * @param waited how long the job waited on its queue, or {@code null} if it does not tell
 */
public record JobStartedEvent(RunInfo run, @Nullable Duration waited) implements RqEvent {

}
