package io.rq.event;

import java.time.Duration;

import io.rq.handler.RunInfo;

/**
 * A job was stopped by a command.
 *
 * @param run the run
 * @param took how long it took
 */
public record JobStoppedEvent(RunInfo run, Duration took) implements RqEvent {

}
