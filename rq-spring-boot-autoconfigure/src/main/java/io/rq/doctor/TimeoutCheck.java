package io.rq.doctor;

import java.time.Duration;

/**
 * Commands may take less time than workers would wait for a job.
 */
record TimeoutCheck(Client client) implements Check {

	@Override
	public String name() {
		return "client-timeout";
	}

	@Override
	public void examine(Report report) {
		Duration timeout = this.client.timeout();
		if (!timeout.isZero() && timeout.compareTo(Client.USUAL_WAIT) < 0) {
			report.warn(
					"A command may take " + timeout.toMillis() + " ms, less than the " + Client.USUAL_WAIT.toSeconds()
							+ " s for which workers wait for a job: they wait " + this.client.longestWait().toMillis()
							+ " ms at a time and ask Redis more often, and a slow answer is taken for none.",
					"Set 'spring.data.redis.timeout' to 2s or more.");
		}
	}

}
