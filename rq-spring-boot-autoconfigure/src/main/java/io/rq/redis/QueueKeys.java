package io.rq.redis;

import io.rq.queue.Registry;

/**
 * The keys of one queue and of all that belongs to it, as {@link KeyName} describes them.
 *
 * @param prefix what they begin with
 * @param name the queue's name
 */
record QueueKeys(String prefix, String name) {

	String job(String id) {
		return of(KeyName.JOB) + id;
	}

	String dependents(String id) {
		return job(id) + KeyName.DEPENDENTS.text();
	}

	String results(String id) {
		return of(KeyName.RESULTS) + id;
	}

	String attempts(String id) {
		return of(KeyName.ATTEMPTS) + id;
	}

	/** What ends the wait of a process for results. */
	String awaiting(String wait) {
		return of(KeyName.AWAITING) + wait;
	}

	/** What a call that must not be carried out twice has been answered with. */
	String enqueued(String nonce) {
		return of(KeyName.ENQUEUED) + nonce;
	}

	String executions(String id) {
		return of(KeyName.EXECUTIONS) + id;
	}

	String execution(String id, String execution) {
		return of(KeyName.EXECUTION) + id + ":" + execution;
	}

	String queue() {
		return ofQueue(KeyName.QUEUE);
	}

	String intermediate() {
		return queue() + KeyName.INTERMEDIATE.text();
	}

	String wip() {
		return ofQueue(KeyName.WIP);
	}

	String scheduled() {
		return ofQueue(KeyName.SCHEDULED);
	}

	String deferred() {
		return ofQueue(KeyName.DEFERRED);
	}

	String ready() {
		return ofQueue(KeyName.READY);
	}

	String finished() {
		return ofQueue(KeyName.FINISHED);
	}

	String failed() {
		return ofQueue(KeyName.FAILED);
	}

	String canceled() {
		return ofQueue(KeyName.CANCELED);
	}

	String releasing() {
		return ofQueue(KeyName.RELEASING);
	}

	String deliveries() {
		return of(KeyName.DELIVERIES);
	}

	String maintenanceLock() {
		return ofQueue(KeyName.MAINTENANCE_LOCK);
	}

	String suspended() {
		return of(KeyName.SUSPENDED);
	}

	String pausedQueues() {
		return of(KeyName.PAUSED_QUEUES);
	}

	String workers() {
		return of(KeyName.WORKERS);
	}

	String workersOfQueue() {
		return ofQueue(KeyName.WORKERS_OF_QUEUE);
	}

	String worker(String worker) {
		return of(KeyName.WORKER) + worker;
	}

	/** The name of the worker behind a worker's key. */
	String workerName(String key) {
		return key.substring(of(KeyName.WORKER).length());
	}

	String takers() {
		return ofQueue(KeyName.TAKERS);
	}

	String taken(String worker) {
		return ofQueue(KeyName.TAKEN) + ":" + worker;
	}

	String claimEpoch(String worker) {
		return of(KeyName.CLAIM_EPOCH) + worker;
	}

	/** What the last claim of a worker took. */
	String workerClaim(String worker) {
		return of(KeyName.WORKER_CLAIM) + worker;
	}

	String scheduler(String scheduler) {
		return of(KeyName.SCHEDULER) + scheduler;
	}

	String schedulerLock() {
		return ofQueue(KeyName.SCHEDULER_LOCK);
	}

	/** What is known of a cron job. */
	String cron(String job) {
		return ofQueue(KeyName.CRON_STATE) + ":" + job;
	}

	/** The last jobs of a cron job. */
	String cronHistory(String job) {
		return of(KeyName.CRON_JOB) + job + KeyName.CRON_HISTORY.text();
	}

	String cronScheduler(String scheduler) {
		return of(KeyName.CRON_SCHEDULER) + scheduler;
	}

	String cronSchedulers() {
		return of(KeyName.CRON_SCHEDULERS);
	}

	/** The functions of which there is a history. */
	String historyFunctions() {
		return of(KeyName.HISTORY_FUNCTIONS);
	}

	String operation(String id) {
		return of(KeyName.OPERATION) + id;
	}

	String operations() {
		return of(KeyName.OPERATIONS);
	}

	String openOperations() {
		return of(KeyName.OPEN_OPERATIONS);
	}

	/** A deleted job that can be put back. */
	String deleted(String id) {
		return of(KeyName.DELETED) + id;
	}

	/** What a bulk operation has deleted and can be put back. */
	String deletedJobs(String operation) {
		return of(KeyName.DELETED_JOBS) + operation;
	}

	/** A job on its way to another node. */
	String moving(String move) {
		return of(KeyName.MOVING) + move;
	}

	/** The ends of a job on its way. */
	String movingResults(String move) {
		return of(KeyName.MOVING_RESULTS) + move;
	}

	/** The attempts of a job on its way. */
	String movingAttempts(String move) {
		return of(KeyName.MOVING_ATTEMPTS) + move;
	}

	/** All keys of rate limits. */
	String rateLimits() {
		return of(KeyName.RATE_LIMITS);
	}

	/** All rate limits by time. */
	String rateWindows() {
		return of(KeyName.RATE_WINDOWS);
	}

	/** Where the jobs are that are in a registry, or on the queue itself. */
	String of(Registry registry) {
		return switch (registry) {
			case QUEUED -> queue();
			case STARTED -> wip();
			case SCHEDULED -> scheduled();
			case DEFERRED -> deferred();
			case READY -> ready();
			case FINISHED -> finished();
			case FAILED -> failed();
			case CANCELED -> canceled();
		};
	}

	private String of(KeyName key) {
		return this.prefix + key.text();
	}

	private String ofQueue(KeyName key) {
		return of(key) + this.name;
	}

}
