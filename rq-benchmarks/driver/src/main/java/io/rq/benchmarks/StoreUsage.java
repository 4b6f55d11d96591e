package io.rq.benchmarks;

/**
 * What a store did since it started.
 *
 * @param commands commands, those inside scripts included
 * @param reads reads from client sockets: each is a round trip, or the part of a pipeline
 * that arrived together
 * @param cpuMicros CPU time
 */
record StoreUsage(long commands, long reads, long cpuMicros) {

	StoreUsage since(StoreUsage earlier) {
		return new StoreUsage(this.commands - earlier.commands, this.reads - earlier.reads,
				this.cpuMicros - earlier.cpuMicros);
	}

}
