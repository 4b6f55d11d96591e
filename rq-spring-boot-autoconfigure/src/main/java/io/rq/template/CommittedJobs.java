package io.rq.template;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

import io.rq.job.DuplicateJobException;
import io.rq.job.Job;
import io.rq.job.JobStatus;
import io.rq.job.NewJob;
import io.rq.log.SafeLog;

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
	 * Enqueues jobs, of which one call stores all or none.
	 * @param call the jobs; what is refused is told, and the others are stored
	 * @param store stores jobs
	 * @param find finds the jobs of some ids that there are
	 * @param settled hears of each job that is stored or told
	 */
	void enqueue(List<NewJob> call, Consumer<List<NewJob>> store, Function<Collection<String>, List<Job>> find,
			Consumer<NewJob> settled) {
		List<NewJob> left = call;
		while (!left.isEmpty()) {
			try {
				store.accept(left);
				left.forEach(settled);
				return;
			}
			catch (DuplicateJobException ex) {
				Predicate<NewJob> isRefused = refusal(left, ex, find);
				List<NewJob> refused = left.stream().filter(isRefused).toList();
				if (refused.isEmpty()) {
					throw ex;
				}
				refused.forEach(settled);
				tell(refused, ex);
				left = left.stream().filter(isRefused.negate()).toList();
			}
		}
	}

	/** All at once: there may be many. */
	private static Predicate<NewJob> refusal(List<NewJob> jobs, DuplicateJobException ex,
			Function<Collection<String>, List<Job>> find) {
		Map<String, JobStatus> there = new HashMap<>();
		find.apply(jobs.stream().filter(NewJob::idGiven).map((job) -> job.job().id()).toList())
			.forEach((job) -> there.put(job.id(), job.status()));
		return (job) -> {
			String id = job.job().id();
			boolean taken = job.unique() ? there.containsKey(id) : there.get(id) == JobStatus.STARTED;
			return taken || id.equals(ex.getJobId());
		};
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
			log.error("A listener for JobsNotEnqueuedEvent has failed", ex);
		}
	}

}
