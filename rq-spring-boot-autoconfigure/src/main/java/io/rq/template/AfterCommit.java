package io.rq.template;

import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * How jobs that are asked for in a transaction are enqueued after its commit.
 *
 * @param notEnqueued told of jobs that could not be
 * @param outbox writes the jobs down in the transaction, or {@code null} to keep them in
 * memory until the commit
 */
public record AfterCommit(Consumer<JobsNotEnqueuedEvent> notEnqueued, @Nullable JobOutbox outbox) {

}
