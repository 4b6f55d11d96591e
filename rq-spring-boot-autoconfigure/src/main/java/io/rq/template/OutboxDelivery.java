package io.rq.template;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

import io.rq.handler.JobListener;
import io.rq.job.NewJob;
import io.rq.lifecycle.Listeners;
import io.rq.redis.JobStore;

/**
 * Enqueues what a {@link JobOutbox} has written, once, however often it is asked to.
 */
public final class OutboxDelivery {

	private final JobStore store;

	private final EnqueuedNotice notice;

	private final CommittedJobs committedJobs;

	/**
	 * Creates a delivery.
	 * @param store stores jobs
	 * @param watch warns of jobs that need a scheduler where there is none
	 * @param listeners who hears of jobs that are in Redis, asked for each time
	 * @param notEnqueued told of unique jobs whose id somebody else has taken meanwhile,
	 * and of jobs of a given id that runs
	 */
	public OutboxDelivery(JobStore store, SchedulingWatch watch, Iterable<JobListener> listeners,
			Consumer<JobsNotEnqueuedEvent> notEnqueued) {
		this.store = store;
		this.notice = new EnqueuedNotice(watch, new Listeners<>(listeners));
		this.committedJobs = new CommittedJobs(notEnqueued);
	}

	/**
	 * Enqueues the jobs of one transaction.
	 * @param id what tells them from those of all other transactions: letters, digits and
	 * {@code '-'}
	 * @param jobs the jobs, as they were written
	 * @param markerTtl how long it is known from now on that they have been enqueued, in
	 * whole seconds
	 * @throws RuntimeException if they could not be, such as because Redis is away; ask
	 * again then
	 */
	public void deliver(String id, List<NewJob> jobs, Duration markerTtl) {
		int number = 0;
		for (List<NewJob> call : this.store.calls(jobs)) {
			int part = ++number;
			this.committedJobs.enqueue(call,
					(some) -> this.notice.tell(this.store.enqueueOnce(some, id, part, markerTtl)), this.store::findAll,
					(settled) -> {
					});
		}
	}

	/**
	 * Hears that the outbox has removed the jobs of a transaction, so that only who has
	 * begun to deliver them before may do so again.
	 * @param id what tells them from those of all other transactions
	 * @param jobs the jobs, as they were written
	 * @param markerTtl how long it is known from now on that they have been enqueued, in
	 * whole seconds
	 * @throws RuntimeException if Redis is away; it is known longer then
	 */
	public void removed(String id, List<NewJob> jobs, Duration markerTtl) {
		this.store.forgetSoon(jobs, id, markerTtl);
	}

}
