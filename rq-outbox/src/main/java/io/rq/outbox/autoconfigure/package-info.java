/**
 * Wiring of the outbox.
 */
@NullMarked
package io.rq.outbox.autoconfigure;

import org.jspecify.annotations.NullMarked;
