package io.rq.test.recording;

import java.time.Instant;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

import io.rq.job.JobStatus;
import io.rq.job.NewJob;
import io.rq.redis.JobChanges;
import io.rq.redis.RedisScripts;

/**
 * Changes recorded jobs that do not run.
 */
final class RecordedChanges extends JobChanges {

	private static final Set<JobStatus> SCHEDULED = EnumSet.of(JobStatus.SCHEDULED);

	private static final Set<JobStatus> MOVABLE = EnumSet.complementOf(EnumSet.of(JobStatus.STARTED));

	private final JobMemory memory;

	RecordedChanges(RedisScripts scripts, JobMemory memory) {
		super(scripts, memory.clock());
		this.memory = memory;
	}

	@Override
	public boolean runNow(String id, boolean atFront) {
		return this.memory.change(id, SCHEDULED, "put on its queue",
				(job) -> this.memory.toQueue(job, atFront || job.atFront));
	}

	@Override
	public boolean reschedule(String id, Instant time) {
		Instant due = Objects.requireNonNull(NewJob.Due.at(time).at());
		return this.memory.change(id, SCHEDULED, "rescheduled", (job) -> job.due = due);
	}

	@Override
	public boolean move(String id, String queue) {
		return this.memory.change(id, MOVABLE, "moved", (job) -> job.move(queue));
	}

}
