/**
 * Wires the health of workers and scheduler.
 */
@NullMarked
package io.rq.autoconfigure.health;

import org.jspecify.annotations.NullMarked;
