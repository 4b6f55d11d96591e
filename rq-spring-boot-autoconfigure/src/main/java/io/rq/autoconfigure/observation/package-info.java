/**
 * Wires the observations.
 */
@NullMarked
package io.rq.autoconfigure.observation;

import org.jspecify.annotations.NullMarked;
