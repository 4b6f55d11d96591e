package io.rq.test.recording;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import io.rq.queue.QueuePosition;
import io.rq.redis.QueueControl;
import io.rq.redis.RedisScripts;

/**
 * Pauses and empties the queues of recorded jobs.
 */
final class RecordedQueueControl extends QueueControl {

	private final JobMemory memory;

	RecordedQueueControl(RedisScripts scripts, JobMemory memory) {
		super(scripts, memory.clock());
		this.memory = memory;
	}

	@Override
	public Optional<QueuePosition> position(String queue, String id) {
		int at = this.memory.waiting(queue).indexOf(id);
		return (at >= 0) ? Optional.of(new QueuePosition(at, true)) : Optional.empty();
	}

	@Override
	public boolean remove(String queue, String id) {
		return this.memory.waiting(queue).contains(id) && this.memory.takeOff(id);
	}

	@Override
	public long empty(String queue, long failureTtlSeconds) {
		List<String> waiting = this.memory.waiting(queue);
		waiting.forEach(this.memory::abandon);
		return waiting.size();
	}

	@Override
	public boolean delete(String queue, long failureTtlSeconds) {
		empty(queue, failureTtlSeconds);
		return true;
	}

	@Override
	public long compact(String queue) {
		return 0;
	}

	@Override
	public void suspend(@Nullable Duration duration) {
		this.memory.pauses().suspend(duration, this.memory.now());
	}

	@Override
	public boolean resume() {
		return this.memory.pauses().resume(this.memory.now());
	}

	@Override
	public void pause(String queue, String reason) {
		this.memory.pauses().pause(queue, reason, this.memory.now());
	}

	@Override
	public boolean unpause(String queue) {
		return this.memory.pauses().unpause(queue);
	}

}
