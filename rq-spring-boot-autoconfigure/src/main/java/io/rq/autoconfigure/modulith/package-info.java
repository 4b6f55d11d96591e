/**
 * Wires the events of Spring Modulith.
 */
@NullMarked
package io.rq.autoconfigure.modulith;

import org.jspecify.annotations.NullMarked;
