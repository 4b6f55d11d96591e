package io.rq.health;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.rq.scheduler.QueueLeadership;
import io.rq.scheduler.SchedulerContainer;
import io.rq.scheduler.SchedulerState;

/**
 * Looks whether a scheduler does what it should.
 *
 * @param now the time of the check
 * @param maxLateness how old the last look at a queue may be
 * @param warnings what is to be told of the holders of locks, by queue
 * @param problems where reasons for bad health go
 */
record SchedulerCheck(Instant now, Duration maxLateness, Map<String, String> warnings, List<String> problems) {

	Map<String, Object> check(SchedulerContainer container) {
		SchedulerState state = container.state();
		if (!container.isRunning() || !state.running()) {
			if (container.isAutoStartup() && !container.isExhausted()) {
				this.problems.add("Scheduler '" + state.name() + "' does not run");
			}
		}
		else if (state.lastFailure() != null) {
			this.problems.add("Scheduler '" + state.name() + "' failed: " + state.lastFailure());
		}
		Map<String, Object> queues = new LinkedHashMap<>();
		for (QueueLeadership queue : state.queues()) {
			checkLeader(queue);
			queues.put(queue.queue(), details(queue));
		}
		return Map.of("running", state.running(), "queues", queues);
	}

	private void checkLeader(QueueLeadership queue) {
		if (!queue.leader()) {
			return;
		}
		if (queue.passes().failure() != null) {
			this.problems
				.add("Scheduled jobs of queue '" + queue.queue() + "' cannot be moved: " + queue.passes().failure());
		}
		Instant since = queue.since();
		Instant last = queue.passes().last();
		Instant reference = (last == null || since != null && since.isAfter(last)) ? since : last;
		if (reference != null && reference.plus(this.maxLateness).isBefore(this.now)) {
			this.problems.add("The scheduler has not looked at queue '" + queue.queue() + "' since " + reference);
		}
	}

	private Map<String, Object> details(QueueLeadership queue) {
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("role", queue.leader() ? "leader" : "standby");
		if (queue.passes().last() != null) {
			details.put("lastPass", queue.passes().last().toString());
		}
		if (queue.passes().lateness() != null) {
			details.put("lateness", queue.passes().lateness().toString());
		}
		String warning = this.warnings.get(queue.queue());
		if (warning != null) {
			details.put("warning", warning);
		}
		return details;
	}

}
