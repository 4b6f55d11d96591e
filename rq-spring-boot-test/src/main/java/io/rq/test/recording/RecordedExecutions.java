package io.rq.test.recording;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import io.rq.job.Job;
import io.rq.job.JobOptions;
import io.rq.job.JobResult;
import io.rq.job.JobRun;
import io.rq.job.JobStatus;
import io.rq.job.Repeat;
import io.rq.job.Retry;
import io.rq.redis.Claims;
import io.rq.redis.Execution;
import io.rq.redis.ExecutionStore;
import io.rq.redis.Outcome;
import io.rq.redis.RedisScripts;
import io.rq.redis.WorkerLease;
import io.rq.worker.InlineRuns;

/**
 * Runs of recorded jobs and what becomes of these. No lease is ever lost.
 */
final class RecordedExecutions extends ExecutionStore {

	private static final WorkerLease LEASE = new WorkerLease(InlineRuns.WORKER, Duration.ofSeconds(30),
			Duration.ofSeconds(10));

	private final JobMemory memory;

	private final Map<String, List<String>> taken = new HashMap<>();

	RecordedExecutions(RedisScripts scripts, JobMemory memory) {
		super(scripts, memory.clock(), LEASE, Long.MAX_VALUE);
		this.memory = memory;
	}

	@Override
	public synchronized long take(String queue, String taker, List<String> ids) {
		List<String> took = this.memory.take(queue, ids);
		this.taken.computeIfAbsent(key(queue, taker), (key) -> new ArrayList<>()).addAll(took);
		return took.size();
	}

	@Override
	public synchronized Claims claimTaken(String queue, String taker, int max) {
		if (this.memory.pauses().isSuspended(this.memory.now())) {
			return new Claims(true, List.of(), List.of(), List.of());
		}
		List<Claims.Claim> claims = new ArrayList<>();
		List<String> ids = this.taken.getOrDefault(key(queue, taker), List.of());
		while (!ids.isEmpty() && claims.size() < max) {
			this.memory.change(ids.remove(0), (job) -> {
				if (job.status() == JobStatus.QUEUED) {
					this.memory.begin(job, InlineRuns.WORKER);
					claims.add(claim(job.job()));
				}
			});
		}
		return new Claims(false, claims, List.of(), List.of());
	}

	private static Claims.Claim claim(Job job) {
		UUID id = UUID.randomUUID();
		HexFormat hex = HexFormat.of();
		String execution = hex.toHexDigits(id.getMostSignificantBits()) + hex.toHexDigits(id.getLeastSignificantBits());
		return new Claims.Claim(new Execution(job.id(), job.queue(), execution, job.options().links().isLinked(), ""),
				job, null);
	}

	@Override
	public synchronized void giveBack(String queue, String taker) {
		List<String> left = this.taken.remove(key(queue, taker));
		if (left != null) {
			left.forEach((id) -> this.memory.change(id, (job) -> this.memory.toQueue(job, true)));
		}
	}

	private static String key(String queue, String taker) {
		return taker + ":" + queue;
	}

	@Override
	public Beat beat(String state, List<String> queues, List<Run> runs) {
		return new Beat(true, List.of(),
				runs.stream()
					.map(Run::execution)
					.filter((run) -> this.memory.read(run.jobId())
						.map(Job::status)
						.filter(JobStatus.CANCELED::equals)
						.isPresent())
					.toList());
	}

	@Override
	public Set<Execution> release(List<Execution> executions) {
		executions.forEach((run) -> this.memory.change(run.jobId(), (job) -> this.memory.toQueue(job, true)));
		return Set.of();
	}

	@Override
	public Set<Execution> finish(List<Outcome.Finished> ends) {
		for (Outcome.Finished end : ends) {
			this.memory.change(end.execution().jobId(), (job) -> finish(job, end));
			this.memory.outcomes().look(end.execution().jobId());
		}
		return Set.of();
	}

	private void finish(RecordedJob job, Outcome.Finished end) {
		JobResult result = record(job, end, end.type(), end.ttlSeconds());
		if (job.status() != JobStatus.STARTED) {
			return;
		}
		job.become(switch (end.type()) {
			case SUCCESSFUL -> JobStatus.FINISHED;
			case STOPPED -> JobStatus.STOPPED;
			default -> JobStatus.FAILED;
		});
		job.ended(end.attempt().endedAt());
		Repeat repeat = job.job().options().repeat();
		this.memory.leaveLimit(job);
		this.memory.release(job.job().id());
		if (result != null) {
			this.memory.outcomes()
				.ended(job.job().id(), (end.type() == JobResult.Type.STOPPED) ? result.as(end.type()) : result);
		}
		if (end.type() == JobResult.Type.SUCCESSFUL && repeat != null && repeat.times() > 0) {
			repeat(job, repeat);
		}
		else if (end.ttlSeconds() == 0) {
			this.memory.remove(job.job().id());
		}
		else if (end.ttlSeconds() > 0) {
			job.expires = this.memory.now().plusSeconds(end.ttlSeconds());
		}
	}

	/** The waits are taken from the end of their list. */
	private void repeat(RecordedJob job, Repeat repeat) {
		int wait = repeat.intervalSeconds().get(Math.min(repeat.times(), repeat.intervalSeconds().size()) - 1);
		job.change(job.job().options().withRepeat(new Repeat(repeat.times() - 1, repeat.intervalSeconds())),
				job.job().run());
		this.memory.again(job, wait, false);
	}

	@Override
	public Set<Execution> retry(List<Outcome.Retried> retries) {
		retries.forEach((again) -> this.memory.change(again.execution().jobId(), (job) -> retry(job, again)));
		return Set.of();
	}

	private void retry(RecordedJob job, Outcome.Retried again) {
		record(job, again, JobResult.Type.RETRIED, again.ttlSeconds());
		if (job.status() != JobStatus.STARTED) {
			return;
		}
		JobRun run = job.job().run();
		Retry left = again.left();
		Integer asked = again.numberOfRetries();
		JobOptions options = job.job().options();
		job.change((left != null) ? options.withRetry(left) : options, new JobRun(run.workerName(), again.attempts(),
				(asked != null) ? asked : run.numberOfRetries(), run.reclaims()));
		job.ended(again.attempt().endedAt());
		this.memory.again(job, again.waitSeconds(), again.front());
	}

	private @Nullable JobResult record(RecordedJob job, Outcome outcome, JobResult.Type type, long ttlSeconds) {
		if (ttlSeconds == 0) {
			return null;
		}
		Outcome.Attempt attempt = outcome.attempt();
		Instant now = this.memory.now();
		JobResult result = new JobResult(now.toEpochMilli() + "-" + job.results.size(),
				(type == JobResult.Type.STOPPED) ? JobResult.Type.FAILED : type, now,
				new JobResult.Run(InlineRuns.WORKER, outcome.execution().id(), attempt.startedAt(), attempt.endedAt()),
				attempt.returnValue(), attempt.exception());
		job.results.addFirst(result);
		return result;
	}

}
