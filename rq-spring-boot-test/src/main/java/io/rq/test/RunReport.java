package io.rq.test;

import org.jspecify.annotations.Nullable;

import io.rq.handler.RunOutcome;

/**
 * How a run of a job has ended.
 *
 * @param jobId the job's id
 * @param function the function's name, or an empty text if the job cannot be read
 * @param attempt which attempt it was, 1 for the first
 * @param outcome how it ended
 * @param failure what it threw, or {@code null}
 */
public record RunReport(String jobId, String function, int attempt, RunOutcome outcome, @Nullable Throwable failure) {

}
