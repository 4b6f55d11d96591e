package io.rq.template;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.rq.job.DuplicateJobException;
import io.rq.job.Job;
import io.rq.job.NewJob;
import io.rq.lifecycle.SafeLog;

/**
 * Enqueues the jobs of a transaction that has committed: one that is refused does not
 * keep the others from it. Whoever has committed must not hear of it as if they had not.
 */
final class CommittedJobs {

	private static final SafeLog log = SafeLog.of(CommittedJobs.class);

	private static final int MOST_NAMED = 100;

	private final Consumer<JobsNotEnqueuedEvent> notEnqueued;

	CommittedJobs(Consumer<JobsNotEnqueuedEvent> notEnqueued) {
		this.notEnqueued = notEnqueued;
	}

	/**
	 * Enqueues jobs that may be stored by several calls.
	 * @param jobs the jobs by their ids; what is refused is removed and told
	 * @param store stores jobs
	 * @param refused hears of a refusal while the refused job is among the jobs still,
	 * and removes those that are stored
	 */
	void enqueue(Map<String, NewJob> jobs, Consumer<List<NewJob>> store, Consumer<NewJob> refused) {
		while (!jobs.isEmpty()) {
			try {
				store.accept(List.copyOf(jobs.values()));
				return;
			}
			catch (DuplicateJobException ex) {
				NewJob job = jobs.get(ex.getJobId());
				if (job == null) {
					tell(jobs.values(), ex);
					return;
				}
				refused.accept(job);
				jobs.remove(ex.getJobId());
				tell(List.of(job), ex);
			}
		}
	}

	/** Tells of jobs that are lost. */
	void tell(Collection<NewJob> lost, RuntimeException cause) {
		List<Job> jobs = lost.stream().map(NewJob::job).toList();
		log.error("{} jobs of a transaction were not enqueued: {}", jobs.size(),
				jobs.stream().limit(MOST_NAMED).map(Job::id).toList(), cause);
		try {
			this.notEnqueued.accept(new JobsNotEnqueuedEvent(jobs, cause));
		}
		catch (RuntimeException ex) {
			log.error("Who was to be told of jobs that were not enqueued has failed", ex);
		}
	}

}
