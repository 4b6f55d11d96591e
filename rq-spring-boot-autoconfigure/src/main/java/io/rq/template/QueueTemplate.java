package io.rq.template;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.springframework.util.Assert;

import io.rq.job.Job;
import io.rq.job.JobOptions;
import io.rq.job.QueueName;
import io.rq.queue.ExecutionId;
import io.rq.queue.QueuePause;
import io.rq.queue.QueuePosition;
import io.rq.queue.Registry;
import io.rq.redis.JobReader;
import io.rq.redis.QueueControl;
import io.rq.redis.QueueStore;
import io.rq.redis.WorkerStore;

/**
 * Looks at queues and changes them. Safe for use by many threads.
 */
public class QueueTemplate implements QueueOperations {

	private final QueueStore queues;

	private final JobReader jobs;

	private final WorkerStore workers;

	private final QueueControl control;

	private final Duration failureTtl;

	/**
	 * Creates a template.
	 * @param queues counts and lists
	 * @param jobs reads jobs
	 * @param workers tells whether workers are suspended
	 * @param control changes queues
	 * @param failureTtl how long a job that fails because of a change is kept if it does
	 * not say so itself
	 */
	public QueueTemplate(QueueStore queues, JobReader jobs, WorkerStore workers, QueueControl control,
			Duration failureTtl) {
		Assert.notNull(queues, "'queues' must not be null");
		Assert.notNull(jobs, "'jobs' must not be null");
		Assert.notNull(workers, "'workers' must not be null");
		Assert.notNull(control, "'control' must not be null");
		Assert.notNull(failureTtl, "'failureTtl' must not be null");
		this.queues = queues;
		this.jobs = jobs;
		this.workers = workers;
		this.control = control;
		this.failureTtl = failureTtl;
	}

	@Override
	public List<String> names() {
		return this.queues.names();
	}

	@Override
	public long count(String queue) {
		return this.jobs.count(QueueName.requireValid(queue));
	}

	@Override
	public long count(String queue, Registry registry) {
		return this.queues.census(List.of(QueueName.requireValid(queue))).get(0).size(registry);
	}

	@Override
	public List<Job> jobs(String queue, Registry registry, long offset, int limit) {
		return this.jobs.findAll(ids(queue, registry, offset, limit).stream().filter(Job::isValidId).toList());
	}

	@Override
	public List<String> ids(String queue, Registry registry, long offset, int limit) {
		requireValidPage(queue, offset, limit);
		return this.queues.ids(queue, registry, offset, limit);
	}

	@Override
	public List<ExecutionId> executionIds(String queue, long offset, int limit) {
		requireValidPage(queue, offset, limit);
		return this.queues.executionIds(queue, offset, limit);
	}

	private static void requireValidPage(String queue, long offset, int limit) {
		QueueName.requireValid(queue);
		Assert.isTrue(offset >= 0, () -> "'offset' must not be negative but is " + offset);
		Assert.isTrue(limit >= 1 && limit <= MAX_PAGE,
				() -> "'limit' must be from 1 to " + MAX_PAGE + " but is " + limit + ": read more in pages");
	}

	@Override
	public Optional<QueuePosition> position(String queue, String id) {
		QueueName.requireValid(queue);
		return Job.isValidId(id) ? this.control.position(queue, id) : Optional.empty();
	}

	@Override
	public boolean remove(String queue, String id) {
		QueueName.requireValid(queue);
		return Job.isValidId(id) && this.control.remove(queue, id);
	}

	@Override
	public long empty(String queue) {
		return this.control.empty(QueueName.requireValid(queue), JobOptions.seconds(this.failureTtl));
	}

	@Override
	public boolean delete(String queue) {
		return this.control.delete(QueueName.requireValid(queue), JobOptions.seconds(this.failureTtl));
	}

	@Override
	public long compact(String queue) {
		return this.control.compact(QueueName.requireValid(queue));
	}

	@Override
	public void pause(String queue, String reason) {
		QueueName.requireValid(queue);
		Assert.isTrue(reason.length() <= MAX_REASON,
				() -> "'reason' must have at most " + MAX_REASON + " characters but has " + reason.length());
		this.control.pause(queue, reason);
	}

	@Override
	public boolean unpause(String queue) {
		return this.control.unpause(QueueName.requireValid(queue));
	}

	@Override
	public boolean isPaused(String queue) {
		return pauses().containsKey(QueueName.requireValid(queue));
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

}
