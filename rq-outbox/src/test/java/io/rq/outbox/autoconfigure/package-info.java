/**
 * Tests of the wiring of the outbox.
 */
@NullMarked
package io.rq.outbox.autoconfigure;

import org.jspecify.annotations.NullMarked;
