package io.rq.scheduler;

import java.time.Duration;

/**
 * Jobs that were due and moved to their queue in one step. Lateness is counted by the
 * clock of Redis, from the time a job was due until it was moved.
 *
 * @param count the number of jobs, at least one
 * @param lateness how late the last of them was moved
 * @param oldestLateness how late the most overdue of them was moved
 */
public record PromotedJobs(int count, Duration lateness, Duration oldestLateness) {

}
