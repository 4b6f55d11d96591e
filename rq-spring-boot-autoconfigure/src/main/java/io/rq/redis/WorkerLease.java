package io.rq.redis;

import java.time.Duration;

/**
 * Who takes jobs, and for how long without a sign of life.
 *
 * @param worker the worker's name
 * @param duration how long a lease lasts without a beat, in whole seconds
 * @param beatInterval how often the worker beats, as all workers of these queues should
 */
public record WorkerLease(String worker, Duration duration, Duration beatInterval) {

	long seconds() {
		return this.duration.toSeconds();
	}

	Steadiness steadiness() {
		return new Steadiness(this.duration, this.beatInterval);
	}

}
