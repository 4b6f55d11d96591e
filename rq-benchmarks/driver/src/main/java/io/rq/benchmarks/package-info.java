/**
 * The driver of the benchmarks: starts the stores and the measured systems as processes
 * of their own, measures them in turns and writes the report. {@code Benchmarks} is the
 * entry, {@code Session} is what is measured, {@code Systems} lists who is measured.
 */
package io.rq.benchmarks;
