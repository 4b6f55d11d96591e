/**
 * Wires the meters.
 */
@NullMarked
package io.rq.autoconfigure.metrics;

import org.jspecify.annotations.NullMarked;
