package io.rq.test.recording;

import java.util.Collection;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.rq.job.Job;
import io.rq.job.JobStatus;
import io.rq.redis.JobControl;
import io.rq.redis.RedisScripts;

/**
 * Cancels, requeues and deletes recorded jobs.
 */
final class RecordedControl extends JobControl {

	private static final Set<JobStatus> IDLE = EnumSet.of(JobStatus.CREATED, JobStatus.FINISHED, JobStatus.FAILED,
			JobStatus.STOPPED, JobStatus.CANCELED);

	private static final Set<JobStatus> CANCELLABLE = EnumSet
		.complementOf(EnumSet.of(JobStatus.FINISHED, JobStatus.FAILED, JobStatus.STOPPED));

	private final JobMemory memory;

	RecordedControl(RedisScripts scripts, JobMemory memory) {
		super(scripts, memory.clock());
		this.memory = memory;
	}

	@Override
	public boolean cancel(String id, boolean enqueueDependents) {
		boolean there = this.memory.change(id, CANCELLABLE, "cancelled", (job) -> {
			this.memory.leaveQueue(id);
			job.due = null;
			job.become(JobStatus.CANCELED);
			this.memory.leaveLimit(job);
		});
		this.memory.outcomes().look(id);
		if (there && enqueueDependents) {
			this.memory.releaseWithout(id);
		}
		return there;
	}

	@Override
	public boolean requeue(String id, boolean atFront) {
		return this.memory.change(id, IDLE, "requeued", (job) -> this.memory.toQueue(job, atFront));
	}

	@Override
	public long requeueAll(Collection<String> ids) {
		return ids.stream()
			.distinct()
			.filter((id) -> this.memory.read(id).map(Job::status).filter(IDLE::contains).isPresent())
			.filter((id) -> requeue(id, false))
			.count();
	}

	@Override
	public long requeueAll(String queue) {
		return requeueAll(this.memory
			.all((job) -> job.queue().equals(queue)
					&& (job.status() == JobStatus.FAILED || job.status() == JobStatus.STOPPED))
			.stream()
			.map(Job::id)
			.toList());
	}

	@Override
	public boolean delete(String id, boolean deleteDependents) {
		if (deleteDependents) {
			this.memory.dependents(id).forEach((dependent) -> delete(dependent, true));
		}
		return this.memory.remove(id);
	}

	@Override
	public Optional<Standing> stop(String id, @Nullable Standing run, boolean send) {
		return this.memory.read(id).map((job) -> new Standing(job.status().value(), "", "", -1, false));
	}

}
