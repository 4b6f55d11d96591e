package io.rq.test.recording;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.rq.job.Job;
import io.rq.job.JobExecution;
import io.rq.job.JobPayload;
import io.rq.job.JobResult;
import io.rq.job.JobStatus;
import io.rq.job.NewJob;
import io.rq.redis.GroupStore;
import io.rq.redis.JobChanges;
import io.rq.redis.JobControl;
import io.rq.redis.JobStore;
import io.rq.redis.MinReplicas;
import io.rq.redis.RedisScripts;
import io.rq.test.run.AfterEnqueue;
import io.rq.test.run.EnqueuedLog;

/**
 * Keeps jobs in memory. What it does not know fails for want of a Redis.
 */
final class RecordedJobStore extends JobStore {

	private static final Set<JobStatus> EDITABLE = EnumSet
		.complementOf(EnumSet.of(JobStatus.STARTED, JobStatus.FINISHED));

	private final JobMemory memory;

	private final EnqueuedLog log;

	private final RecordedControl control;

	private final RecordedChanges changes;

	private final RecordedGroups groups;

	private final AfterEnqueue afterwards;

	/**
	 * Creates the store.
	 * @param scripts fail
	 * @param memory has the jobs
	 * @param log told of each job
	 * @param afterwards what is done with jobs that were enqueued
	 */
	RecordedJobStore(RedisScripts scripts, JobMemory memory, EnqueuedLog log, AfterEnqueue afterwards) {
		super(scripts, memory.clock(), Long.MAX_VALUE, MinReplicas.NONE);
		this.memory = memory;
		this.log = log;
		this.control = new RecordedControl(scripts, memory);
		this.changes = new RecordedChanges(scripts, memory);
		this.groups = new RecordedGroups(scripts, memory);
		this.afterwards = afterwards;
	}

	@Override
	public List<Job> enqueue(List<NewJob> jobs) {
		List<Job> stored = this.memory.add(jobs);
		this.log.add(jobs);
		return this.afterwards.apply(this, stored);
	}

	@Override
	public List<List<NewJob>> calls(List<NewJob> jobs) {
		return List.of(jobs);
	}

	@Override
	public List<Job> enqueueOnce(List<NewJob> jobs, String name, int call, Duration remembered) {
		return enqueue(jobs);
	}

	@Override
	public void forgetSoon(List<NewJob> jobs, String name, Duration remembered) {
	}

	@Override
	public Optional<Job> find(String id) {
		return this.memory.read(id);
	}

	@Override
	public List<Job> findAll(Collection<String> ids) {
		return ids.stream().map(this::find).flatMap(Optional::stream).toList();
	}

	@Override
	public boolean exists(String id) {
		return find(id).isPresent();
	}

	@Override
	public List<JobExecution> executions(String id) {
		return List.of();
	}

	@Override
	public Set<String> dependents(String id) {
		return this.memory.dependents(id);
	}

	@Override
	public List<JobResult> results(String id) {
		return this.memory.read(id, (job) -> List.copyOf(job.results)).orElse(List.of());
	}

	@Override
	public Optional<JobResult> latestResult(String id) {
		return results(id).stream().findFirst();
	}

	@Override
	public long deleteResults(String id) {
		return this.memory.read(id, (job) -> {
			long deleted = job.results.size();
			job.results.clear();
			return deleted;
		}).orElse(0L);
	}

	@Override
	public Optional<Instant> dueTime(Job job) {
		return this.memory.read(job.id(), (recorded) -> recorded.due);
	}

	@Override
	public Optional<Instant> expirationTime(Job job) {
		return this.memory.read(job.id(), (recorded) -> recorded.expires);
	}

	@Override
	public long count(String queue) {
		return this.memory.waiting(queue).size();
	}

	@Override
	public GroupStore groups() {
		return this.groups;
	}

	@Override
	public JobControl control() {
		return this.control;
	}

	@Override
	public JobChanges changes() {
		return this.changes;
	}

	@Override
	public boolean changeCall(String id, JobChanges.CallChange change) {
		return this.memory.change(id, EDITABLE, "changed", (job) -> {
			JobPayload payload = job.job().payload();
			String description = job.job().description();
			JobChanges.ChangedCall changed = change.apply(payload.data(), (description != null) ? description : "");
			job.change(new JobPayload(changed.data(), payload.meta()));
			if (!changed.description().isEmpty()) {
				job.change(job.job().options().withDescription(changed.description()), job.job().run());
			}
		});
	}

	@Override
	public boolean changeMeta(String id, MetaChange change) {
		return this.memory.change(id, (job) -> {
			JobPayload payload = job.job().payload();
			job.change(new JobPayload(payload.data(), change.apply(payload.meta())));
		});
	}

	@Override
	public boolean changeMeta(String queue, String id, byte @Nullable [] known, MetaChange change) {
		return changeMeta(id, change);
	}

}
