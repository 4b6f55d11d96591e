/**
 * Tests of the outbox, on H2 and PostgreSQL and with a real Redis.
 */
@NullMarked
package io.rq.outbox;

import org.jspecify.annotations.NullMarked;
