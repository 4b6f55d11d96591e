package io.rq.template;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import org.springframework.core.PriorityOrdered;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import io.rq.job.DuplicateJobException;
import io.rq.job.Job;
import io.rq.job.NewJob;
import io.rq.log.SafeLog;

/**
 * Keeps the jobs of the transaction of a thread until it commits: an outbox writes them
 * down then, or they are enqueued when it has committed. Those of a transaction or a
 * savepoint that is rolled back are dropped.
 */
final class CommitBuffer {

	private static final SafeLog log = SafeLog.of(CommitBuffer.class);

	private final Target target;

	private final CommittedJobs committedJobs;

	private final @Nullable JobOutbox outbox;

	/**
	 * Creates a buffer.
	 * @param target where the jobs of a transaction go
	 * @param notEnqueued told of jobs that could not be enqueued after their commit
	 * @param outbox writes the jobs of a transaction down, or {@code null}
	 */
	CommitBuffer(Target target, Consumer<JobsNotEnqueuedEvent> notEnqueued, @Nullable JobOutbox outbox) {
		this.target = target;
		this.committedJobs = new CommittedJobs(notEnqueued);
		this.outbox = outbox;
	}

	/**
	 * Returns whether this thread is in a transaction that may still roll back.
	 * @return whether jobs can be kept
	 */
	boolean isOpen() {
		if (!TransactionSynchronizationManager.isSynchronizationActive()
				|| !TransactionSynchronizationManager.isActualTransactionActive()) {
			return false;
		}
		Kept kept = kept();
		return kept == null || !kept.committed;
	}

	/**
	 * Looks whether jobs can be kept.
	 * @param jobs the jobs
	 * @throws DuplicateJobException if one is unique and a job of its id is kept already
	 */
	void check(List<NewJob> jobs) {
		Set<String> own = new HashSet<>();
		for (NewJob job : jobs) {
			String id = job.job().id();
			boolean kept = !own.add(id) || holds(id);
			if (kept && job.unique()) {
				throw new DuplicateJobException(id, "a job of that id waits for the commit of this transaction");
			}
		}
	}

	/**
	 * Keeps jobs in an open transaction.
	 * @param jobs the jobs, which have been checked
	 * @return the jobs as they are until they are enqueued
	 */
	List<Job> keep(List<NewJob> jobs) {
		Kept kept = kept();
		if (kept == null) {
			kept = new Kept();
			TransactionSynchronizationManager.registerSynchronization(kept);
			TransactionSynchronizationManager.registerSynchronization(new End(kept));
			TransactionSynchronizationManager.unbindResourceIfPossible(this);
			TransactionSynchronizationManager.bindResource(this, kept);
		}
		kept.add(jobs);
		return jobs.stream().map(NewJob::job).toList();
	}

	/**
	 * Returns whether a job waits for the commit of the transaction of this thread.
	 * @param id the id of the job
	 * @return {@code true} if it is not in Redis yet
	 */
	boolean holds(String id) {
		Kept kept = kept();
		return kept != null && kept.ids.contains(id);
	}

	/** Returns the jobs that wait for the commit of the transaction of this thread. */
	List<NewJob> pending() {
		Kept kept = kept();
		return (kept != null) ? List.copyOf(kept.jobs) : List.of();
	}

	private @Nullable Kept kept() {
		Kept kept = (Kept) TransactionSynchronizationManager.getResource(this);
		return (kept != null && !kept.ended && TransactionSynchronizationManager.isSynchronizationActive()) ? kept
				: null;
	}

	private final class Kept implements TransactionSynchronization {

		private final List<NewJob> jobs = new ArrayList<>();

		private final Set<String> ids = new HashSet<>();

		private final Map<Object, Integer> savepoints = new HashMap<>();

		private boolean committing;

		private boolean written;

		private boolean committed;

		private volatile boolean ended;

		void add(List<NewJob> added) {
			this.jobs.addAll(added);
			added.forEach((job) -> this.ids.add(job.job().id()));
			if (this.committing) {
				write();
			}
		}

		@Override
		public void suspend() {
			TransactionSynchronizationManager.unbindResource(CommitBuffer.this);
		}

		@Override
		public void resume() {
			TransactionSynchronizationManager.bindResource(CommitBuffer.this, this);
		}

		@Override
		public void savepoint(Object savepoint) {
			this.savepoints.put(savepoint, this.jobs.size());
		}

		@Override
		public void savepointRollback(Object savepoint) {
			// one that is not known is older than the first job
			int size = this.savepoints.getOrDefault(savepoint, 0);
			this.jobs.subList(size, this.jobs.size()).clear();
			this.ids.clear();
			this.jobs.forEach((job) -> this.ids.add(job.job().id()));
		}

		@Override
		public void beforeCommit(boolean readOnly) {
			this.committing = true;
			try {
				write();
			}
			catch (RuntimeException ex) {
				// the transaction fails, whatever becomes known of its end
				this.jobs.clear();
				throw ex;
			}
		}

		/** The first job may have come from a callback before the commit. */
		@Override
		public void beforeCompletion() {
			if (!this.committing) {
				try {
					write();
				}
				catch (RuntimeException ex) {
					log.debug("Jobs were not written down: their transaction cannot commit", ex);
				}
			}
		}

		private void write() {
			JobOutbox outbox = CommitBuffer.this.outbox;
			if (outbox != null && !this.jobs.isEmpty() && outbox.write(List.copyOf(last().values()))) {
				this.written = true;
				this.jobs.clear();
			}
		}

		@Override
		public void afterCommit() {
			push();
		}

		@Override
		public void afterCompletion(int status) {
			TransactionSynchronizationManager.unbindResourceIfPossible(CommitBuffer.this);
			if (status == STATUS_COMMITTED) {
				// the first job may have come from a callback after the commit
				push();
			}
			else if (status == STATUS_UNKNOWN && !this.jobs.isEmpty()) {
				CommitBuffer.this.committedJobs.tell(this.jobs,
						new IllegalStateException("It is not known whether the transaction has committed"));
			}
		}

		private void push() {
			this.committed = true;
			if (this.written && CommitBuffer.this.outbox != null) {
				this.written = false;
				CommitBuffer.this.outbox.committed();
			}
			Map<String, NewJob> last = last();
			this.jobs.clear();
			this.ids.clear();
			enqueue(last);
		}

		/**
		 * A later job of an id replaces an earlier one, as it would without a
		 * transaction.
		 */
		private Map<String, NewJob> last() {
			Map<String, NewJob> last = new LinkedHashMap<>();
			for (NewJob job : this.jobs) {
				last.remove(job.job().id());
				last.put(job.job().id(), job);
			}
			return last;
		}

		private void enqueue(Map<String, NewJob> committed) {
			CommittedJobs committedJobs = CommitBuffer.this.committedJobs;
			Target target = CommitBuffer.this.target;
			try {
				for (List<NewJob> call : target.calls(List.copyOf(committed.values()))) {
					committedJobs.enqueue(call, target::enqueue, target::find,
							(settled) -> committed.remove(settled.job().id()));
				}
			}
			catch (RuntimeException ex) {
				committedJobs.tell(committed.values(), ex);
			}
			catch (Error ex) {
				committedJobs.tell(committed.values(), new IllegalStateException(ex));
				throw ex;
			}
		}

	}

	/**
	 * Tells of the end of a transaction before all other callbacks: a transaction that
	 * one of them begins suspends nothing, and finds what the one that has ended has
	 * kept.
	 *
	 * @param kept the jobs of the transaction
	 */
	private record End(Kept kept) implements TransactionSynchronization, PriorityOrdered {

		@Override
		public int getOrder() {
			return HIGHEST_PRECEDENCE;
		}

		/** What is written from now on is no part of the transaction any more. */
		@Override
		public void afterCommit() {
			this.kept.committing = false;
		}

		@Override
		public void afterCompletion(int status) {
			this.kept.ended = true;
		}

	}

	/**
	 * Where the jobs of a transaction go.
	 */
	interface Target {

		/** Divides jobs into those that one call enqueues, all or none, in order. */
		List<List<NewJob>> calls(List<NewJob> jobs);

		/** Enqueues the jobs of one call. */
		void enqueue(List<NewJob> jobs);

		/** Finds the jobs of some ids that there are. */
		List<Job> find(Collection<String> ids);

	}

}
