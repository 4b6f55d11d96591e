/**
 * What each measured Java system runs in: the line protocol, the producer, the counter
 * and the clock. Without dependencies, so that it fits on the class path of every peer.
 */
package io.rq.benchmarks.harness;
