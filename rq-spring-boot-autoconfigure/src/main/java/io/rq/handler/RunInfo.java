package io.rq.handler;

import io.rq.job.Job;

/**
 * A run as listeners see it.
 *
 * @param job the job as it was when the run started
 * @param function the function's name, or an empty text if the job cannot be read
 * @param executionId the id of the run
 * @param attempt which attempt it is, 1 for the first
 * @param worker the name of the worker
 */
public record RunInfo(Job job, String function, String executionId, int attempt, String worker) {

}
