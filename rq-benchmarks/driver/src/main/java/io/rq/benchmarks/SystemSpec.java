package io.rq.benchmarks;

import java.util.List;

/**
 * A system to measure: how it is started and how much it can take.
 *
 * @param name short name, used in options and files
 * @param title name for the report
 * @param store where its jobs are
 * @param command the process to start, without arguments of the run
 * @param concurrency how many jobs it runs at a time; the best found for draining
 * @param drainJobs how many jobs it drains in a few seconds, at most 200,000
 * @param brief whether only its drain rate and pickup latency are measured
 */
record SystemSpec(String name, String title, Store store, List<String> command, int concurrency, int drainJobs,
		boolean brief) {

	/**
	 * Where the jobs of a system are.
	 */
	enum Store {

		REDIS, POSTGRES

	}

}
