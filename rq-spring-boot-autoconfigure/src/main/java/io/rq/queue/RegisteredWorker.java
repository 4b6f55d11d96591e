package io.rq.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A living worker of any process and language, as it stands in Redis (protocol §12.1).
 *
 * @param name its name
 * @param queues its queues in the order of their priority
 * @param state as RQ names it, or {@code null} if it does not tell
 * @param currentJob the id of a job it runs, or {@code null}
 * @param process where it runs
 * @param life its times
 * @param work what it has done
 */
public record RegisteredWorker(String name, List<String> queues, @Nullable String state, @Nullable String currentJob,
		Process process, Life life, Work work) {

	/**
	 * Where a worker runs.
	 *
	 * @param hostname the host, or {@code null}
	 * @param address its IP address, with a port if Redis has told it, or {@code null}
	 * @param pid the process id, or {@code null}
	 * @param version the version of RQ or of this library, or {@code null}
	 * @param runtime the version of Python or Java, or {@code null}
	 */
	public record Process(@Nullable String hostname, @Nullable String address, @Nullable String pid,
			@Nullable String version, @Nullable String runtime) {

	}

	/**
	 * The times of a worker.
	 *
	 * @param birth when it started, or {@code null}
	 * @param lastHeartbeat when it gave its last sign of life, or {@code null}
	 */
	public record Life(@Nullable Instant birth, @Nullable Instant lastHeartbeat) {

	}

	/**
	 * What a worker has done.
	 *
	 * @param successful the number of runs that succeeded
	 * @param failed the number of runs that failed
	 * @param time how long the runs took together
	 */
	public record Work(long successful, long failed, Duration time) {

	}

}
