package io.rq.template;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.springframework.util.Assert;

import io.rq.job.Job;
import io.rq.job.JobOptions;
import io.rq.job.Partitions;
import io.rq.job.QueueName;
import io.rq.queue.ExecutionId;
import io.rq.queue.QueuePause;
import io.rq.queue.QueuePosition;
import io.rq.queue.Registry;
import io.rq.redis.JobPages;
import io.rq.redis.JobReader;
import io.rq.redis.QueueControl;
import io.rq.redis.QueueStore;
import io.rq.redis.WorkerStore;

/**
 * Looks at queues and changes them, at one that is divided with all its partitions. Safe
 * for use by many threads.
 */
public class QueueTemplate implements QueueOperations {

	private final QueueStore queues;

	private final JobReader jobs;

	private final WorkerStore workers;

	private final QueueControl control;

	private final Duration failureTtl;

	private final Partitions partitions;

	/**
	 * Creates a template.
	 * @param queues counts and lists
	 * @param jobs reads jobs
	 * @param workers tells whether workers are suspended
	 * @param control changes queues
	 * @param failureTtl how long a job that fails because of a change is kept if it does
	 * not say so itself
	 * @param partitions the queues that are divided
	 */
	public QueueTemplate(QueueStore queues, JobReader jobs, WorkerStore workers, QueueControl control,
			Duration failureTtl, Partitions partitions) {
		Assert.notNull(queues, "'queues' must not be null");
		Assert.notNull(jobs, "'jobs' must not be null");
		Assert.notNull(workers, "'workers' must not be null");
		Assert.notNull(control, "'control' must not be null");
		Assert.notNull(failureTtl, "'failureTtl' must not be null");
		Assert.notNull(partitions, "'partitions' must not be null");
		this.queues = queues;
		this.jobs = jobs;
		this.workers = workers;
		this.control = control;
		this.failureTtl = failureTtl;
		this.partitions = partitions;
	}

	@Override
	public List<String> names() {
		return this.queues.names();
	}

	@Override
	public long count(String queue) {
		return parts(queue).stream().mapToLong(this.jobs::count).sum();
	}

	@Override
	public long count(String queue, Registry registry) {
		return this.queues.census(parts(queue)).stream().mapToLong((part) -> part.size(registry)).sum();
	}

	@Override
	public List<Job> jobs(String queue, Registry registry, long offset, int limit) {
		return this.jobs.findAll(ids(queue, registry, offset, limit).stream().filter(Job::isValidId).toList());
	}

	@Override
	public List<String> ids(String queue, Registry registry, long offset, int limit) {
		return page(queue, registry, offset, limit, (part, from, most) -> this.queues.ids(part, registry, from, most));
	}

	@Override
	public List<ExecutionId> executionIds(String queue, long offset, int limit) {
		return page(queue, Registry.STARTED, offset, limit, this.queues::executionIds);
	}

	/** A page of what the parts of a queue have, one part after the other. */
	private <T> List<T> page(String queue, Registry registry, long offset, int limit, PageReader<T> reader) {
		List<String> parts = parts(queue);
		requireValidPage(offset, limit);
		if (parts.size() == 1) {
			return reader.read(queue, offset, limit);
		}
		List<T> page = new ArrayList<>();
		long skip = offset;
		for (String part : parts) {
			long size = this.queues.size(part, registry);
			if (skip < size && page.size() < limit) {
				page.addAll(reader.read(part, skip, limit - page.size()));
			}
			skip = Math.max(0, skip - size);
		}
		return page;
	}

	private static void requireValidPage(long offset, int limit) {
		Assert.isTrue(offset >= 0, () -> "'offset' must not be negative but is " + offset);
		JobPages.requireLimit(limit, MAX_PAGE);
	}

	@Override
	public Optional<QueuePosition> position(String queue, String id) {
		return parts(queue).stream()
			.filter((part) -> Job.isValidId(id))
			.flatMap((part) -> this.control.position(part, id).stream())
			.findFirst();
	}

	@Override
	public boolean remove(String queue, String id) {
		return parts(queue).stream().anyMatch((part) -> Job.isValidId(id) && this.control.remove(part, id));
	}

	@Override
	public long empty(String queue) {
		long ttl = JobOptions.seconds(this.failureTtl);
		return parts(queue).stream().mapToLong((part) -> this.control.empty(part, ttl)).sum();
	}

	@Override
	public boolean delete(String queue) {
		long ttl = JobOptions.seconds(this.failureTtl);
		return parts(queue).stream().filter((part) -> !this.control.delete(part, ttl)).count() == 0;
	}

	@Override
	public long compact(String queue) {
		return parts(queue).stream().mapToLong(this.control::compact).sum();
	}

	@Override
	public void pause(String queue, String reason) {
		List<String> parts = parts(queue);
		QueueControl.requireReason(reason, MAX_REASON);
		parts.forEach((part) -> this.control.pause(part, reason));
	}

	@Override
	public boolean unpause(String queue) {
		return parts(queue).stream().filter(this.control::unpause).count() > 0;
	}

	@Override
	public boolean isPaused(String queue) {
		return pauses().keySet().containsAll(parts(queue));
	}

	@Override
	public Map<String, QueuePause> pauses() {
		return this.queues.pauses();
	}

	@Override
	public void suspend() {
		this.control.suspend(null);
	}

	@Override
	public void suspend(Duration duration) {
		Assert.isTrue(
				duration.toSeconds() >= 1 && duration.getNano() == 0 && duration.compareTo(JobOptions.LONGEST) <= 0,
				() -> "'duration' must be a whole number of seconds, at least 1 and at most 100 years, but is "
						+ duration);
		this.control.suspend(duration);
	}

	@Override
	public boolean resume() {
		return this.control.resume();
	}

	@Override
	public boolean isSuspended() {
		return this.workers.isSuspended();
	}

	/** The queue itself and its partitions. */
	private List<String> parts(String queue) {
		return this.partitions.of(QueueName.requireValid(queue));
	}

	/**
	 * Reads a page of one queue.
	 */
	private interface PageReader<T> {

		List<T> read(String queue, long offset, long limit);

	}

}
