package io.rq.redis;

import java.util.UUID;

/**
 * The names of the keys, each with its Redis type (protocol §1). The layout is RQ's own;
 * keys that RQ does not have say so.
 */
public final class RqKeys {

	/** All queues, by their keys (set). */
	static final String QUEUES = "rq:queues";

	/** All workers, by their keys (set). */
	static final String WORKERS = "rq:workers";

	/** Present while all workers are suspended (string). */
	static final String SUSPENDED = "rq:suspended";

	/** Channel on which schedulers hear of earlier due times (pub/sub). Ours. */
	static final String WAKE = "rq:scheduler-wake";

	/** Channel on which schedulers hear of locks given back (pub/sub). Ours. */
	static final String HANDOVER = "rq:scheduler-handover";

	static final String PREFIX = "rq:";

	static final String JOB = "rq:job:";

	static final String QUEUE = "rq:queue:";

	static final String RESULTS = "rq:results:";

	static final String ATTEMPTS = "rq:attempts:";

	static final String EXECUTION = "rq:execution:";

	static final String EXECUTIONS = "rq:executions:";

	static final String ENQUEUED = "rq:enqueued:";

	static final String WORKER = "rq:worker:";

	private RqKeys() {
	}

	/** A job (hash). */
	static String job(String id) {
		return JOB + id;
	}

	/** The recorded outcomes of a job (stream). */
	static String results(String id) {
		return RESULTS + id;
	}

	/** The attempts of a job that were answered with another (stream). Ours. */
	static String attempts(String id) {
		return ATTEMPTS + id;
	}

	/** A queue (list of job ids, next one first). */
	static String queue(String name) {
		return QUEUE + name;
	}

	/** The ids a Python worker has popped but not started (list). */
	static String intermediate(String queue) {
		return QUEUE + queue + ":intermediate";
	}

	/** The running executions of a queue (sorted set, by expiry). */
	static String wip(String queue) {
		return "rq:wip:" + queue;
	}

	/** The jobs that are due later (sorted set, by due time). */
	static String scheduled(String queue) {
		return "rq:scheduled:" + queue;
	}

	/** The jobs that wait for others (sorted set). */
	static String deferred(String queue) {
		return "rq:deferred:" + queue;
	}

	/**
	 * Ended jobs of the queue with so many dependents that not all have been looked at
	 * (hash). Ours.
	 */
	static String releasing(String queue) {
		return "rq:releasing:" + queue;
	}

	/** The jobs that succeeded (sorted set, by expiry). */
	static String finished(String queue) {
		return "rq:finished:" + queue;
	}

	/** The jobs that failed for good (sorted set, by expiry). */
	static String failed(String queue) {
		return "rq:failed:" + queue;
	}

	/** The cancelled jobs (sorted set). */
	static String canceled(String queue) {
		return "rq:canceled:" + queue;
	}

	/** Held while a Python worker maintains the queue (string). */
	static String maintenanceLock(String queue) {
		return "rq:clean_registries:" + queue;
	}

	/** Held by the scheduler of a queue (string: the scheduler's name). */
	static String schedulerLock(String queue) {
		return "rq:scheduler-lock:" + queue;
	}

	/** A scheduler (hash). */
	static String scheduler(String name) {
		return "rq:scheduler:" + name;
	}

	/** A worker (hash). */
	static String worker(String name) {
		return WORKER + name;
	}

	/** The workers of a queue, by their keys (set). */
	static String workers(String queue) {
		return "rq:workers:" + queue;
	}

	/** The workers that may hold ids of a queue in a {@link #taken} list (set). Ours. */
	static String takers(String queue) {
		return "rq:takers:" + queue;
	}

	/**
	 * The ids that a worker's blocking wait took from a queue and the worker has not
	 * claimed yet (list). Ours, in place of RQ's shared intermediate list (W5, W6).
	 */
	static String taken(String queue, String worker) {
		return takenPrefix(queue) + worker;
	}

	static String takenPrefix(String queue) {
		return "rq:taken:" + queue + ":";
	}

	/**
	 * How often a worker has given up claims whose replies did not come (string). Ours.
	 */
	static String claimEpoch(String worker) {
		return "rq:claim-epoch:" + worker;
	}

	/**
	 * The channel on which a subscription of a scheduler listens for itself. Ours.
	 */
	static String probe(UUID subscription) {
		return "rq:scheduler-probe:" + subscription;
	}

	/** The name of the queue behind a queue's key. */
	static String queueName(String key) {
		return key.substring(QUEUE.length());
	}

}
