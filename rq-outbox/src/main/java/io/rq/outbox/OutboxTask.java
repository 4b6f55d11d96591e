package io.rq.outbox;

import java.time.Duration;

import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionContext;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;

import io.rq.template.OutboxDelivery;

/**
 * Enqueues the jobs of one transaction. What fails is tried again, after growing waits
 * and without end.
 */
public final class OutboxTask extends OneTimeTask<WrittenJobs> {

	private static final Duration FIRST_WAIT = Duration.ofSeconds(1);

	private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

	/** Beyond these the wait is the longest. */
	private static final int MOST_DOUBLINGS = 6;

	private final OutboxDelivery delivery;

	private final Duration markerTtl;

	/**
	 * Creates the task.
	 * @param delivery enqueues jobs once
	 * @param markerTtl how long Redis knows that they have been, in whole seconds
	 */
	public OutboxTask(OutboxDelivery delivery, Duration markerTtl) {
		super(DbSchedulerOutbox.TASK.getTaskName(), DbSchedulerOutbox.TASK.getDataClass(), OutboxTask::retry);
		this.delivery = delivery;
		this.markerTtl = markerTtl;
	}

	@Override
	public void executeOnce(TaskInstance<WrittenJobs> task, ExecutionContext context) {
		this.delivery.deliver(task.getId(), task.getData().jobs(), this.markerTtl);
	}

	private static void retry(ExecutionComplete failed, ExecutionOperations<WrittenJobs> operations) {
		int doublings = Math.min(failed.getExecution().consecutiveFailures, MOST_DOUBLINGS);
		Duration wait = FIRST_WAIT.multipliedBy(1L << doublings);
		operations.reschedule(failed,
				failed.getTimeDone().plus((wait.compareTo(LONGEST_WAIT) < 0) ? wait : LONGEST_WAIT));
	}

}
