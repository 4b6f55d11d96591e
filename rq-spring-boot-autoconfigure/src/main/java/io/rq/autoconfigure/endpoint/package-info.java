/**
 * Wires the {@code rq} endpoint.
 */
@NullMarked
package io.rq.autoconfigure.endpoint;

import org.jspecify.annotations.NullMarked;
