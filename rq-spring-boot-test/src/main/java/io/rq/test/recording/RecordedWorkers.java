package io.rq.test.recording;

import io.rq.redis.RedisScripts;
import io.rq.redis.WorkerStore;

/**
 * Tells whether the workers of recorded jobs are suspended; there are no registrations.
 */
final class RecordedWorkers extends WorkerStore {

	private final JobMemory memory;

	RecordedWorkers(RedisScripts scripts, JobMemory memory) {
		super(scripts, memory.clock());
		this.memory = memory;
	}

	@Override
	public boolean isSuspended() {
		return this.memory.pauses().isSuspended(this.memory.now());
	}

}
