/**
 * Work for later: a report that is written at its time, after other jobs, and every
 * night.
 */
@NullMarked
package io.rq.sample.report;

import org.jspecify.annotations.NullMarked;
