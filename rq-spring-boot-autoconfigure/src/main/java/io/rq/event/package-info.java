/**
 * What becomes of jobs and schedulers, as events of the application context. Told aside
 * from the threads that work, and only where somebody listens.
 */
@NullMarked
package io.rq.event;

import org.jspecify.annotations.NullMarked;
