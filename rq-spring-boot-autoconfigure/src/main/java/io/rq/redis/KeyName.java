package io.rq.redis;

/**
 * The names of keys, or what they begin or end with, each with its Redis type (protocol
 * §1); keys that RQ does not have say so. Scripts use these constants.
 */
enum KeyName {

	/** A job, by its id (hash). */
	JOB("job:"),

	/** The jobs that wait for a job, at the end of the job's key (set). */
	DEPENDENTS(":dependents", Place.END),

	/**
	 * The jobs a job waits for, at the end of the job's key with a colon before the id
	 * (set).
	 */
	DEPENDENCIES(":dependencies", Place.END),

	/**
	 * Those of them that have ended, where they may lie on other nodes, at the end of the
	 * job's key (set). Ours.
	 */
	ENDED_PARENTS(":ended-parents", Place.END),

	/** The ends of a job, by its id (stream). */
	RESULTS("results:"),

	/**
	 * The attempts of a job that were answered with another, by its id (stream). Ours.
	 */
	ATTEMPTS("attempts:"),

	/**
	 * Where the first entry of one of these is written, inside a script (stream). Ours.
	 */
	RECORDING("recording"),

	/**
	 * What ends the wait of a process for results, by a UUID (stream). Ours.
	 */
	AWAITING("awaiting:"),

	/** What beats write of a run, by job id, colon and run id (hash). */
	EXECUTION("execution:"),

	/** The runs of a job, by its id (sorted set, by expiry). */
	EXECUTIONS("executions:"),

	/** All queues, by their keys (set). */
	QUEUES("queues"),

	/** A queue, by its name (list of job ids, next one first). */
	QUEUE("queue:"),

	/**
	 * The ids a Python worker has popped but not started, at the end of a queue's key
	 * (list).
	 */
	INTERMEDIATE(":intermediate", Place.END),

	/** The running executions of a queue (sorted set, by expiry). */
	WIP("wip:"),

	/** The jobs that are due later (sorted set, by due time). */
	SCHEDULED("scheduled:"),

	/** The jobs that wait for others (sorted set). */
	DEFERRED("deferred:"),

	/** The jobs that RQ 3 is about to put on the queue (sorted set). */
	READY("ready:"),

	/** The jobs that succeeded (sorted set, by expiry). */
	FINISHED("finished:"),

	/** The jobs that failed for good (sorted set, by expiry). */
	FAILED("failed:"),

	/** The cancelled jobs (sorted set, by the time they were cancelled). */
	CANCELED("canceled:"),

	/**
	 * Ended jobs of the queue with so many dependents that not all have been looked at
	 * (hash). Ours.
	 */
	RELEASING("releasing:"),

	/**
	 * The jobs that wait for others which have all ended, and that a key of another type
	 * does not take, at the end of that; with a comma, which no name of a queue has
	 * (hash). Ours.
	 */
	STUCK(",stuck", Place.END),

	/** What a script of the queue leaves to be done on other nodes (list). Ours. */
	DELIVERIES("deliveries"),

	/**
	 * The reply to a call that must not be carried out twice, by its nonce (string).
	 * Ours.
	 */
	ENQUEUED("enqueued:"),

	/** Held while a Python worker maintains the queue (string). */
	MAINTENANCE_LOCK("clean_registries:"),

	/** Present while all workers are suspended (string). */
	SUSPENDED("suspended"),

	/** The queues that are paused, since when and why (string: JSON). Ours. */
	PAUSED_QUEUES("paused-queues"),

	/** All workers, by their keys (set). */
	WORKERS("workers"),

	/** The workers of a queue, by their keys (set). */
	WORKERS_OF_QUEUE("workers:"),

	/** A worker, by its name (hash). */
	WORKER("worker:"),

	/**
	 * The runs of a worker that have lasted for a beat, at the end of the worker's key
	 * (set of job id, colon, run id). As in RQ 3.
	 */
	WORKER_RUNS(":executions", Place.END),

	/** All groups, by their names (set). */
	GROUPS("groups", Place.COMMON),

	/** A group, by its name (set of job ids). */
	GROUP("group:", Place.COMMON),

	/** All keys of rate limits (set). */
	RATE_LIMITS("rl-keys"),

	/** All rate limits by time (set). Ours. */
	RATE_WINDOWS("rate-windows"),

	/** A rate limit, by its key (hash). */
	RATE_LIMIT("rl:"),

	/**
	 * The queue that a rate limit is for where each has its own hash tag, by the limit's
	 * name (string). Ours.
	 */
	RATE_LIMIT_QUEUE("rl-queue:", Place.COMMON),

	/** The jobs that have a slot of a limit, at the end of that (sorted set, by time). */
	HOLDERS(":allowed", Place.END),

	/**
	 * The jobs that wait for a slot of a limit, at the end of that (sorted set, by time).
	 */
	SLOTLESS(":rate_limited", Place.END),

	/** The workers that may hold ids of a queue that they took (set of names). Ours. */
	TAKERS("takers:"),

	/**
	 * The ids that a worker's blocking wait took from a queue and the worker has not
	 * claimed yet, by queue, colon and worker (list). Ours, in place of RQ's shared
	 * intermediate list (W5, W6).
	 */
	TAKEN("taken:"),

	/**
	 * How often a worker has given up claims whose replies did not come, by its name
	 * (string). Ours.
	 */
	CLAIM_EPOCH("claim-epoch:"),

	/**
	 * What the last claim of a worker took that took something, by the worker's name
	 * (string: JSON). Ours.
	 */
	WORKER_CLAIM("worker-claim:"),

	/** A scheduler, by its name (hash). */
	SCHEDULER("scheduler:"),

	/** Held by the scheduler of a queue (string: the scheduler's name). */
	SCHEDULER_LOCK("scheduler-lock:"),

	/**
	 * What is known of a cron job, by its queue, colon and name (hash). Ours.
	 */
	CRON_STATE("cron:"),

	/** A scheduler that has cron jobs, by its name (hash). */
	CRON_SCHEDULER("cron_scheduler:"),

	/** All of them, by their names (sorted set, by the last heartbeat). */
	CRON_SCHEDULERS("cron_schedulers"),

	/** All cron jobs, by their names (sorted set, by the last enqueue). */
	CRON_JOBS("cron_jobs"),

	/** What there is of a cron job, by its name. */
	CRON_JOB("cron_job:"),

	/**
	 * The last jobs of a cron job, at the end of that (sorted set, by time).
	 */
	CRON_HISTORY(":jobs", Place.END),

	/**
	 * What was counted of a queue, by the unit and number of a block of minutes or hours,
	 * colon and queue, or a comma for all queues (hash). Ours.
	 */
	HISTORY("history:"),

	/**
	 * The same of a function on a queue, at the end a colon and its name (hash). Ours.
	 */
	HISTORY_OF_FUNCTION("history-of-function:"),

	/**
	 * The functions of which there is one, by queue, comma and function (sorted set, by
	 * when they last ran). Ours.
	 */
	HISTORY_FUNCTIONS("history-functions"),

	/** A bulk operation, by its id (hash). Ours. */
	OPERATION("operation:"),

	/** The bulk operations of the last day (sorted set, by their start). Ours. */
	OPERATIONS("operations"),

	/** Those that have not ended (sorted set, by their start). Ours. */
	OPEN_OPERATIONS("open-operations"),

	/**
	 * A deleted job that can be put back, by its id (hash); with {@link #DEPENDENTS} the
	 * jobs that wait for it. Ours.
	 */
	DELETED("deleted:"),

	/** The ends of a deleted job, by its id (stream). Ours. */
	DELETED_RESULTS("deleted-results:"),

	/** The attempts of a deleted job, by its id (stream). Ours. */
	DELETED_ATTEMPTS("deleted-attempts:"),

	/**
	 * The deleted jobs of a bulk operation that can be put back, by its id (list). Ours.
	 */
	DELETED_JOBS("deleted-jobs:"),

	/** A job on its way to another node, by the nonce of its move (hash). Ours. */
	MOVING("moving:"),

	/** The ends of a job on its way, by that nonce (stream). Ours. */
	MOVING_RESULTS("moving-results:"),

	/** The attempts of a job on its way, by that nonce (stream). Ours. */
	MOVING_ATTEMPTS("moving-attempts:"),

	/** Who did what (stream). Ours. */
	AUDIT("audit", Place.COMMON),

	/** Channel on which schedulers hear of earlier due times (pub/sub). Ours. */
	WAKE("scheduler-wake", Place.CHANNEL),

	/** Channel on which schedulers hear of locks given back (pub/sub). Ours. */
	HANDOVER("scheduler-handover", Place.CHANNEL),

	/** Channels on which schedulers hear themselves, by a UUID (pub/sub). Ours. */
	PROBE("scheduler-probe:", Place.CHANNEL),

	/** Channels on which workers hear commands, by their names (pub/sub). */
	PUBSUB("pubsub:", Place.CHANNEL),

	/** Channels on which workers hear themselves, by a UUID (pub/sub). Ours. */
	WORKER_PROBE("worker-probe:", Place.CHANNEL);

	private final String text;

	private final Place place;

	KeyName(String text) {
		this(text, Place.QUEUE);
	}

	KeyName(String text, Place place) {
		this.text = text;
		this.place = place;
	}

	String text() {
		return this.text;
	}

	Place place() {
		return this.place;
	}

	/**
	 * What the text is part of.
	 */
	enum Place {

		/** The beginning of a key that lies with the queue. */
		QUEUE,

		/** The beginning of a name that all queues share. */
		COMMON,

		/** The beginning of the name of a channel, which all queues share. */
		CHANNEL,

		/** The end of another key. */
		END

	}

}
