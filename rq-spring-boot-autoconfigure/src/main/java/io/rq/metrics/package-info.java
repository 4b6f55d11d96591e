/**
 * Meters of what jobs, workers and schedulers do, and of what is in the queues.
 */
@NullMarked
package io.rq.metrics;

import org.jspecify.annotations.NullMarked;
