package io.rq.test.recording;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import io.rq.job.Job;
import io.rq.job.JobResult;
import io.rq.job.JobStatus;
import io.rq.job.NoJobResultException;
import io.rq.job.NoJobResultException.Reason;
import io.rq.redis.AwaitedResults;
import io.rq.redis.RedisScripts;

/**
 * Waits for the outcomes of recorded jobs.
 */
final class RecordedOutcomes extends AwaitedResults {

	private final JobMemory memory;

	private final Map<String, List<CompletableFuture<JobResult>>> awaited = new HashMap<>();

	RecordedOutcomes(JobMemory memory) {
		super(() -> new RedisScripts(new NoRedis()), () -> Duration.ZERO);
		this.memory = memory;
	}

	@Override
	public CompletableFuture<JobResult> await(String id) {
		CompletableFuture<JobResult> outcome = new CompletableFuture<>();
		synchronized (this.awaited) {
			this.awaited.computeIfAbsent(id, (any) -> new ArrayList<>()).add(outcome);
		}
		look(id);
		return outcome;
	}

	/** Looks whether what is waited for has come. */
	void look(String id) {
		Job job = this.memory.read(id).orElse(null);
		JobStatus status = (job != null) ? job.status() : null;
		if (status == null) {
			fail(id, Reason.MISSING);
		}
		else if (status == JobStatus.CANCELED) {
			fail(id, Reason.CANCELED);
		}
		else if (status == JobStatus.FINISHED || status == JobStatus.FAILED || status == JobStatus.STOPPED) {
			JobResult result = this.memory.read(id, (ended) -> ended.results.peekFirst()).orElse(null);
			if (result == null) {
				fail(id, Reason.NOT_KEPT);
			}
			else {
				ended(id, (status == JobStatus.STOPPED) ? result.as(JobResult.Type.STOPPED) : result);
			}
		}
	}

	/** A run has ended with an outcome. */
	void ended(String id, @Nullable JobResult result) {
		if (result == null) {
			look(id);
		}
		else {
			take(id).forEach((outcome) -> outcome.complete(result));
		}
	}

	private void fail(String id, Reason reason) {
		take(id).forEach((outcome) -> outcome.completeExceptionally(new NoJobResultException(id, reason)));
	}

	private List<CompletableFuture<JobResult>> take(String id) {
		synchronized (this.awaited) {
			List<CompletableFuture<JobResult>> taken = this.awaited.remove(id);
			return (taken != null) ? taken : List.of();
		}
	}

	/** Nobody waits any more. */
	@Override
	public void close() {
		List<CompletableFuture<JobResult>> left;
		synchronized (this.awaited) {
			left = this.awaited.values().stream().flatMap(List::stream).toList();
			this.awaited.clear();
		}
		left.forEach((outcome) -> outcome.cancel(false));
	}

}
