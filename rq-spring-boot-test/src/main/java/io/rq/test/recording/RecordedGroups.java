package io.rq.test.recording;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import io.rq.job.Job;
import io.rq.job.JobStatus;
import io.rq.redis.GroupStore;
import io.rq.redis.RedisScripts;

/**
 * Groups of recorded jobs.
 */
final class RecordedGroups extends GroupStore {

	private final JobMemory memory;

	RecordedGroups(RedisScripts scripts, JobMemory memory) {
		super(scripts);
		this.memory = memory;
	}

	@Override
	public Set<String> names() {
		Set<String> names = new TreeSet<>();
		this.memory.all((job) -> job.options().links().group() != null)
			.forEach((job) -> names.add(String.valueOf(job.options().links().group())));
		return names;
	}

	@Override
	public Set<String> ids(String group) {
		return new TreeSet<>(of(group).stream().map(Job::id).toList());
	}

	@Override
	public Map<JobStatus, Long> counts(String group) {
		Map<JobStatus, Long> counts = new EnumMap<>(JobStatus.class);
		of(group).forEach((job) -> counts.merge(job.status(), 1L, Long::sum));
		return counts;
	}

	private List<Job> of(String group) {
		return this.memory.all((job) -> group.equals(job.options().links().group()));
	}

	@Override
	public void tidy(String group) {
	}

}
