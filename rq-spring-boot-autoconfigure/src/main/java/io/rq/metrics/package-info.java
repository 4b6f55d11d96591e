/**
 * Meters of what jobs, workers and schedulers do, and of what is in the queues. They
 * count what listeners are told and read what others look at: the engine knows no meter.
 */
@NullMarked
package io.rq.metrics;

import org.jspecify.annotations.NullMarked;
