package io.rq.template;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import org.springframework.util.Assert;

import io.rq.job.JobOptions;
import io.rq.job.QueueName;
import io.rq.queue.RegisteredWorker;
import io.rq.queue.ShutdownTimeoutException;
import io.rq.redis.WorkerStore;

/**
 * Looks at workers and sends them commands. Safe for use by many threads.
 */
public class WorkerTemplate implements WorkerOperations {

	private static final long SEND_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final WorkerStore workers;

	/**
	 * Creates a template.
	 * @param workers the registrations of workers
	 */
	public WorkerTemplate(WorkerStore workers) {
		Assert.notNull(workers, "'workers' must not be null");
		this.workers = workers;
	}

	@Override
	public List<RegisteredWorker> all() {
		return this.workers.workers();
	}

	@Override
	public List<RegisteredWorker> all(String queue) {
		QueueName.requireValid(queue);
		return all().stream().filter((worker) -> worker.queues().contains(queue)).toList();
	}

	@Override
	public Optional<RegisteredWorker> find(String name) {
		return all().stream().filter((worker) -> worker.name().equals(name)).findFirst();
	}

	@Override
	public long count() {
		return all().size();
	}

	@Override
	public long count(String queue) {
		return all(queue).size();
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * A worker of Python that hears the command twice kills its job: it is sent again
	 * only while nobody has heard it.
	 */
	@Override
	public boolean shutdown(String name, Duration timeout) {
		Assert.hasText(name, "'name' must not be empty");
		Assert.isTrue(timeout.compareTo(Duration.ZERO) > 0, () -> "'timeout' must be positive but is " + timeout);
		JobOptions.requireNotTooLong("timeout", timeout);
		Optional<String> birth = this.workers.birth(name);
		if (birth.isEmpty()) {
			return false;
		}
		boolean heard = this.workers.shutdown(name) > 0;
		long sentAt = System.nanoTime();
		Polling polling = new Polling(timeout,
				"Interrupted while waiting for worker '" + name + "', which has been told to shut down");
		while (polling.next()) {
			if (!this.workers.birth(name).equals(birth)) {
				return true;
			}
			if (!heard && System.nanoTime() - sentAt >= SEND_AGAIN_NANOS) {
				heard = this.workers.shutdown(name) > 0;
				sentAt = System.nanoTime();
			}
		}
		throw new ShutdownTimeoutException(name, heard, timeout);
	}

}
