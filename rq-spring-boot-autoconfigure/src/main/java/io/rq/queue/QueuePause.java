package io.rq.queue;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * That a queue is paused: workers of this library start no job of it.
 *
 * @param since since when, or {@code null} if that cannot be read
 * @param reason why, or an empty text
 */
public record QueuePause(@Nullable Instant since, String reason) {

}
