package io.rq.outbox;

import java.time.Duration;
import java.util.List;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionContext;
import com.github.kagkarlsson.scheduler.task.ExecutionHandler;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;

import io.rq.job.NewJob;
import io.rq.log.SafeLog;
import io.rq.template.OutboxDelivery;

/**
 * Enqueues the jobs of one transaction. A failure is tried again, after growing waits and
 * without end.
 */
public final class OutboxTask implements ExecutionHandler<WrittenJobs> {

	private static final SafeLog log = SafeLog.of(OutboxTask.class);

	private static final Duration FIRST_WAIT = Duration.ofSeconds(1);

	private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

	/** Beyond these the wait is the longest. */
	private static final int MOST_DOUBLINGS = 6;

	/**
	 * How long a process may stand still between picking a row and enqueueing its jobs,
	 * and be taken for dead meanwhile.
	 */
	private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

	private final OutboxDelivery delivery;

	private final Duration markerTtl;

	private OutboxTask(OutboxDelivery delivery, Duration markerTtl) {
		this.delivery = delivery;
		this.markerTtl = markerTtl;
	}

	/**
	 * Creates the task.
	 * @param delivery enqueues jobs once
	 * @param markerTtl how long Redis knows that they have been while their row is there,
	 * in whole seconds
	 * @return the task
	 */
	public static Task<WrittenJobs> create(OutboxDelivery delivery, Duration markerTtl) {
		return Tasks.custom(DbSchedulerOutbox.TASK)
			.onFailure(OutboxTask::retry)
			.execute(new OutboxTask(delivery, markerTtl));
	}

	@Override
	public CompletionHandler<WrittenJobs> execute(TaskInstance<WrittenJobs> task, ExecutionContext context) {
		List<NewJob> jobs = task.getData().jobs();
		this.delivery.deliver(task.getId(), jobs, this.markerTtl);
		return (complete, operations) -> {
			operations.remove();
			removed(task.getId(), jobs);
		};
	}

	private void removed(String id, List<NewJob> jobs) {
		if (this.markerTtl.compareTo(LONGEST_PAUSE) > 0) {
			try {
				this.delivery.removed(id, jobs, LONGEST_PAUSE);
			}
			catch (RuntimeException ex) {
				log.debug("It is known for {} that the jobs of {} have been enqueued", this.markerTtl, id, ex);
			}
		}
	}

	private static void retry(ExecutionComplete failed, ExecutionOperations<WrittenJobs> operations) {
		int doublings = Math.min(failed.getExecution().consecutiveFailures, MOST_DOUBLINGS);
		Duration wait = FIRST_WAIT.multipliedBy(1L << doublings);
		operations.reschedule(failed,
				failed.getTimeDone().plus((wait.compareTo(LONGEST_WAIT) < 0) ? wait : LONGEST_WAIT));
	}

}
