package io.rq.event;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import io.rq.handler.RunInfo;

/**
 * A job has failed for good.
 *
 * @param run the last run
 * @param took how long it took
 * @param failure what it threw, or {@code null} if it was out of attempts that it asked
 * for
 */
public record JobFailedEvent(RunInfo run, Duration took, @Nullable Throwable failure) implements RqEvent {

}
