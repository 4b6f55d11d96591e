package io.rq.event;

import java.time.Duration;

import io.rq.handler.RunInfo;

/**
 * A job has finished.
 *
 * @param run the run
 * @param took how long it took
 */
public record JobFinishedEvent(RunInfo run, Duration took) implements RqEvent {

}
