/**
 * Our product as the benchmarks see it: an application with the starter and two jobs.
 */
@NullMarked
package io.rq.benchmarks.rq;

import org.jspecify.annotations.NullMarked;
