/**
 * What became of jobs in the past, by minute and by hour: each process counts in memory
 * what its workers and scheduler are told, and adds it to what is in Redis once in a
 * while; who reads it gets numbers and quantiles. Nothing is kept for a job, and the
 * engine knows nothing of it.
 */
@NullMarked
package io.rq.history;

import org.jspecify.annotations.NullMarked;
