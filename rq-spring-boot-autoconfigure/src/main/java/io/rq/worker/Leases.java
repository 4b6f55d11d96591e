package io.rq.worker;

import java.util.List;

import io.rq.handler.JobListener;
import io.rq.lifecycle.Listeners;
import io.rq.log.SafeLog;
import io.rq.redis.Execution;
import io.rq.redis.ExecutionStore;
import io.rq.redis.ExecutionStore.Beat;
import io.rq.redis.ExecutionStore.Run;

/**
 * Renews the leases of runs, and tells of those that are lost and of jobs that have been
 * cancelled meanwhile.
 */
final class Leases {

	private static final SafeLog log = SafeLog.of(Leases.class);

	private static final int BATCH_SIZE = 1_000;

	private final ExecutionStore store;

	private final ActiveRuns runs;

	private final Listeners<JobListener> listeners;

	Leases(ExecutionStore store, ActiveRuns runs, Listeners<JobListener> listeners) {
		this.store = store;
		this.runs = runs;
		this.listeners = listeners;
	}

	/**
	 * Gives a sign of life, also of a worker without runs.
	 * @return whether the worker is on record
	 */
	boolean renew(String state, List<String> queues, List<ActiveRun> beating, long now) {
		boolean registered = true;
		for (int from = 0; from == 0 || from < beating.size(); from += BATCH_SIZE) {
			List<ActiveRun> batch = beating.subList(from, Math.min(from + BATCH_SIZE, beating.size()));
			Beat beat = this.store.beat(state, queues,
					batch.stream().map((run) -> new Run(run.execution(), run.startedAt())).toList());
			beat.lost().forEach(this::lost);
			batch.forEach((run) -> run.beaten(now, this.store.lease()));
			beat.canceled().forEach(this::cancel);
			registered &= beat.registered();
		}
		return registered;
	}

	private void lost(Execution execution) {
		ActiveRun run = this.runs.find(execution);
		if (run != null && run.loseLease()) {
			log.warn((run.info() != null)
					? "Lease of job {} was lost while it ran; the run is interrupted and does not count"
					: "Lease of job {} was lost before it began; it does not begin here", execution.jobId());
			run.interrupt();
			this.listeners.tell((listener) -> listener.leaseLost(execution.queue(), execution.jobId()));
		}
	}

	private void cancel(Execution execution) {
		ActiveRun run = this.runs.find(execution);
		if (run != null && !run.isCancelled()) {
			log.info("Job {} was cancelled while it ran", execution.jobId());
			run.cancel();
		}
	}

}
