package io.rq.operations;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.rq.queue.RegisteredWorker;
import io.rq.worker.WorkerState;

/**
 * A worker of any process and language.
 *
 * @param name its name
 * @param queues its queues in the order of their priority
 * @param state as RQ names it, or {@code null} if it does not tell
 * @param currentJob the id of a job it runs, or {@code null}
 * @param hostname its host, or {@code null}
 * @param pid its process id, or {@code null}
 * @param version the version of RQ or of this library, or {@code null}
 * @param runtime the version of Python or Java, or {@code null}
 * @param birth when it started, or {@code null}
 * @param lastHeartbeat when it gave its last sign of life, or {@code null}
 * @param successfulJobs how many of its runs succeeded
 * @param failedJobs how many of its runs failed
 * @param workingTime how long its runs took together
 * @param local what only this application knows of it, or {@code null} if it runs
 * elsewhere
 */
public record WorkerDescriptor(String name, List<String> queues, @Nullable String state, @Nullable String currentJob,
		@Nullable String hostname, @Nullable String pid, @Nullable String version, @Nullable String runtime,
		@Nullable Instant birth, @Nullable Instant lastHeartbeat, long successfulJobs, long failedJobs,
		Duration workingTime, @Nullable Local local) {

	static WorkerDescriptor of(RegisteredWorker worker, @Nullable WorkerState local) {
		RegisteredWorker.Process process = worker.process();
		RegisteredWorker.Work work = worker.work();
		return new WorkerDescriptor(worker.name(), worker.queues(), worker.state(), worker.currentJob(),
				process.hostname(), process.pid(), process.version(), process.runtime(), worker.life().birth(),
				worker.life().lastHeartbeat(), work.successful(), work.failed(), work.time(),
				(local != null) ? Local.of(local) : null);
	}

	/**
	 * A worker of this application.
	 *
	 * @param running whether it takes jobs
	 * @param concurrency how many jobs it runs at a time
	 * @param busy how many it runs now
	 * @param pendingOutcomes how many outcomes are not recorded in Redis yet
	 */
	public record Local(boolean running, int concurrency, int busy, int pendingOutcomes) {

		static Local of(WorkerState state) {
			return new Local(state.running(), state.concurrency(), state.busy(), state.pendingOutcomes());
		}

	}

}
