package io.rq.scheduler;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What a scheduler does at one moment.
 *
 * @param name its name, which is also its token in the locks and another one after each
 * start
 * @param running whether it was started and not told to stop
 * @param queues its queues, in the order of its options
 * @param lastFailure what the last round failed with, or {@code null} if it did not fail
 */
public record SchedulerState(String name, boolean running, List<QueueLeadership> queues, @Nullable String lastFailure) {

}
