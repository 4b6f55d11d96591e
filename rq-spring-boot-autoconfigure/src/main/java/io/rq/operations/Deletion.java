package io.rq.operations;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A job that was deleted.
 *
 * @param id its id
 * @param undoableUntil until when it can be put back, or {@code null} if it cannot
 * @param reason why it cannot, or {@code null} if it can
 * @see RqOperations#undo(String)
 */
public record Deletion(String id, @Nullable Instant undoableUntil, @Nullable String reason) {

}
