/**
 * Work for later: a report that is written at its time.
 */
@NullMarked
package io.rq.sample.report;

import org.jspecify.annotations.NullMarked;
