package io.rq.template;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.rq.job.Job;
import io.rq.job.JobLinks;
import io.rq.job.JobRequest;
import io.rq.job.JobStatus;
import io.rq.redis.GroupStore;

/**
 * A group as it is in Redis.
 */
final class StoredGroup implements JobGroup {

	private final JobOperations operations;

	private final GroupStore store;

	private final String name;

	StoredGroup(JobOperations operations, GroupStore store, String name) {
		this.operations = operations;
		this.store = store;
		JobLinks.NONE.withGroup(name);
		this.name = name;
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public Job enqueue(JobRequest request) {
		return this.operations.enqueue(request.group(this.name));
	}

	@Override
	public JobBatch enqueueAll(Collection<JobRequest> requests) {
		List<JobRequest> members = requests.stream().map((request) -> request.group(this.name)).toList();
		return new JobBatch(this.operations, this.operations.enqueueAll(members));
	}

	@Override
	public Set<String> jobIds() {
		return this.store.ids(this.name);
	}

	@Override
	public List<Job> jobs() {
		return this.operations.findAll(jobIds());
	}

	@Override
	public Map<JobStatus, Long> counts() {
		return this.store.counts(this.name);
	}

	@Override
	public boolean isDone() {
		return counts().keySet().stream().allMatch(JobStatus::isEnded);
	}

	@Override
	public long delete() {
		long deleted = jobIds().stream().filter(this.operations::delete).count();
		this.store.tidy(this.name);
		return deleted;
	}

}
