package io.rq.event;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import io.rq.handler.RunInfo;

/**
 * An attempt has failed, and the job will be tried again.
 *
 * @param run the run
 * @param took how long it took
 * @param failure what it threw, or {@code null} if it asked for another attempt
 */
public record JobRetriedEvent(RunInfo run, Duration took, @Nullable Throwable failure) implements RqEvent {

}
