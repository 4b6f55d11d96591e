package io.rq.operations;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

import io.rq.cron.CronOperations;
import io.rq.doctor.Doctor;
import io.rq.doctor.Finding;
import io.rq.explain.JobExplainer;
import io.rq.history.HistoryReader;
import io.rq.monitor.Recent;
import io.rq.redis.BulkStore;
import io.rq.redis.JobPages;
import io.rq.redis.JobReader;
import io.rq.redis.QueueStore;
import io.rq.template.JobOperations;
import io.rq.template.QueueOperations;
import io.rq.template.WorkerOperations;

/**
 * What carries out the operations, whoever asks for them.
 */
public class OperationsParts {

	/** However many look, Redis is asked once in this time. */
	private static final Duration MAX_AGE = Duration.ofSeconds(1);

	private static final Duration MAX_AGE_OF_FINDINGS = Duration.ofSeconds(5);

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final JobOperations jobs;

	private final QueueOperations queues;

	private final WorkerOperations workers;

	private final Supplier<CronOperations> cron;

	private final Overviews overviews;

	private final JobExplainer explainer;

	private final Recent<List<Finding>> findings;

	private final Recent<Overview> overview;

	private final JobLists lists;

	private final JobDetailsReader details;

	private final HistoryReader history;

	private final Deletions deletions;

	private final BulkStore bulk;

	private final BulkBatches batches;

	/**
	 * Gathers the parts.
	 * @param jobs does things to jobs
	 * @param queues does things to queues
	 * @param workers does things to workers
	 * @param cron gets what does things to cron jobs
	 * @param overviews looks at everything
	 * @param physicians tell why jobs do not run and what is wrong with the set-up
	 * @param stores what is read in other ways than an application does
	 */
	public OperationsParts(JobOperations jobs, QueueOperations queues, WorkerOperations workers,
			Supplier<CronOperations> cron, Overviews overviews, Physicians physicians, Stores stores) {
		this.jobs = jobs;
		this.queues = queues;
		this.workers = workers;
		this.cron = cron;
		this.overviews = overviews;
		this.explainer = physicians.explainer();
		this.findings = new Recent<>(physicians.doctor()::examine, MAX_AGE_OF_FINDINGS, PATIENCE);
		this.overview = new Recent<>(overviews::overview, MAX_AGE, PATIENCE);
		this.lists = new JobLists(stores.pages(), stores.queues());
		this.details = new JobDetailsReader(jobs, queues, stores.jobs());
		this.history = stores.history();
		this.deletions = stores.deletions();
		this.bulk = stores.bulk();
		this.batches = new BulkBatches(jobs, this.lists, stores.pages(), stores.deletions());
	}

	JobOperations jobs() {
		return this.jobs;
	}

	QueueOperations queues() {
		return this.queues;
	}

	WorkerOperations workers() {
		return this.workers;
	}

	CronOperations cron() {
		return this.cron.get();
	}

	JobExplainer explainer() {
		return this.explainer;
	}

	Overviews overviews() {
		return this.overviews;
	}

	Recent<Overview> overview() {
		return this.overview;
	}

	JobLists lists() {
		return this.lists;
	}

	HistoryReader history() {
		return this.history;
	}

	JobDetailsReader details() {
		return this.details;
	}

	Recent<List<Finding>> findings() {
		return this.findings;
	}

	Deletions deletions() {
		return this.deletions;
	}

	BulkStore bulk() {
		return this.bulk;
	}

	BulkBatches batches() {
		return this.batches;
	}

	/**
	 * What is read in other ways than an application does.
	 *
	 * @param pages lists of jobs
	 * @param queues numbers of queues
	 * @param jobs jobs
	 * @param history what was counted in the past
	 * @param bulk bulk operations
	 * @param deletions deleted jobs
	 */
	public record Stores(JobPages pages, QueueStore queues, JobReader jobs, HistoryReader history, BulkStore bulk,
			Deletions deletions) {

	}

	/**
	 * What tells what is wrong.
	 *
	 * @param explainer with a job
	 * @param doctor with the set-up
	 */
	public record Physicians(JobExplainer explainer, Doctor doctor) {

	}

}
