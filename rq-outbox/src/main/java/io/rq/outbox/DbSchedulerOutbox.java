package io.rq.outbox;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;

import io.rq.job.NewJob;
import io.rq.template.JobOutbox;

/**
 * Writes the jobs of a transaction down as one task of db-scheduler, which is due at
 * once.
 */
public final class DbSchedulerOutbox implements JobOutbox {

	static final TaskDescriptor<WrittenJobs> TASK = TaskDescriptor.of("rq-outbox", WrittenJobs.class);

	private final Supplier<Scheduler> scheduler;

	private final OutboxTransaction transaction;

	private final Supplier<Instant> now;

	/**
	 * Creates the outbox.
	 * @param scheduler gets the scheduler, which is asked for when the first job is
	 * written: its tasks may enqueue jobs, and so need an outbox before
	 * @param transaction tells whether a transaction is one of the scheduler's database
	 * @param now the time by the scheduler's clock, which is asked for then, too
	 */
	public DbSchedulerOutbox(Supplier<Scheduler> scheduler, OutboxTransaction transaction, Supplier<Instant> now) {
		this.scheduler = scheduler;
		this.transaction = transaction;
		this.now = now;
	}

	@Override
	public boolean write(List<NewJob> jobs) {
		if (!this.transaction.isOpen(jobs.size())) {
			return false;
		}
		this.scheduler.get()
			.scheduleBatch(List.of(TASK.instance(name(jobs.get(0))).data(WrittenJobs.of(jobs)).build()),
					this.now.get().truncatedTo(ChronoUnit.MILLIS));
		return true;
	}

	/** An id that somebody chose may come again while the row is there. */
	private static String name(NewJob first) {
		return first.idGiven() ? UUID.randomUUID().toString() : first.job().id();
	}

	@Override
	public void committed() {
		this.scheduler.get().triggerCheckForDueExecutions();
	}

}
