/**
 * The {@code rq} endpoint: what is in the queues, who works on them, and who schedules.
 */
@NullMarked
package io.rq.actuate.endpoint;

import org.jspecify.annotations.NullMarked;
