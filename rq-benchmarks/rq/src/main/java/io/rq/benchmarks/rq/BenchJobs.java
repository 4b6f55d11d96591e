package io.rq.benchmarks.rq;

import io.rq.annotation.RqJob;
import io.rq.benchmarks.harness.BenchmarkJob;

import org.springframework.stereotype.Component;

/**
 * The measured jobs.
 */
@Component
class BenchJobs {

	static final String QUEUE = "bench";

	@RqJob(queue = QUEUE)
	void count(String text, int number) {
		BenchmarkJob.run(text, number);
	}

	@RqJob(queue = QUEUE, retries = 1, intervals = (int) BenchmarkJob.RETRY_SECONDS)
	void countRetried(String text, int number) {
		BenchmarkJob.run(text, number);
	}

}
