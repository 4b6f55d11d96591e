package io.rq.health;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.rq.worker.WorkerContainer;
import io.rq.worker.WorkerState;

/**
 * Looks whether a worker does what it should.
 *
 * @param now the time of the check
 * @param problems where reasons for bad health go
 */
record WorkerCheck(Instant now, List<String> problems) {

	Map<String, Object> check(WorkerContainer container) {
		WorkerState state = container.state();
		if (container.isRunning()) {
			checkRunning(state, container.options().timing().lease());
		}
		else if (container.isAutoStartup() && !state.state().equals(WorkerState.EXHAUSTED)) {
			this.problems.add("Worker '" + state.name() + "' does not run");
		}
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("state", state.state());
		details.put("queues", state.queues());
		details.put("concurrency", state.concurrency());
		details.put("busy", state.busy());
		details.put("pendingOutcomes", state.pendingOutcomes());
		if (!state.problems().isEmpty()) {
			details.put("problems", state.problems());
		}
		if (state.lastHeartbeat() != null) {
			details.put("lastHeartbeat", state.lastHeartbeat().toString());
		}
		return details;
	}

	private void checkRunning(WorkerState state, Duration lease) {
		Instant last = state.lastHeartbeat();
		state.problems().forEach((problem) -> this.problems.add("Worker '" + state.name() + "': " + problem));
		if (!state.running()) {
			this.problems.add("Worker '" + state.name() + "' takes no jobs any more");
		}
		if (last == null) {
			this.problems.add("Worker '" + state.name() + "' has not got through to Redis yet");
		}
		else if (last.plus(lease).isBefore(this.now)) {
			this.problems.add("Worker '" + state.name() + "' has not got through to Redis since " + last
					+ "; its lease of " + lease + " has run out");
		}
	}

}
