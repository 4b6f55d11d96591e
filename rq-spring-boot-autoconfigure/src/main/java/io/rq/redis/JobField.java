package io.rq.redis;

import java.util.List;

/**
 * The fields of a job's hash that Java or a script writes or reads (protocol §3.1); those
 * that RQ does not have say so. Scripts use the same names, in quotes.
 */
enum JobField {

	/** The call, compressed. */
	DATA("data"),

	/** The state. */
	STATUS("status"),

	/** The name of the queue. */
	ORIGIN("origin"),

	/** When it was created. */
	CREATED_AT("created_at"),

	/** When it was last put on its queue. */
	ENQUEUED_AT("enqueued_at"),

	/** When its last run started. */
	STARTED_AT("started_at"),

	/** When its last run ended. */
	ENDED_AT("ended_at"),

	/** When its worker was last heard of. */
	LAST_HEARTBEAT("last_heartbeat"),

	/** Who runs or ran it. */
	WORKER_NAME("worker_name"),

	/** The text for people. */
	DESCRIPTION("description"),

	/** How many seconds one run may take. */
	TIMEOUT("timeout"),

	/** How many seconds it may wait. */
	TTL("ttl"),

	/** How many seconds it is kept after success. */
	RESULT_TTL("result_ttl"),

	/** How many seconds it is kept after the final failure. */
	FAILURE_TTL("failure_ttl"),

	/** What it notes about itself. */
	META("meta"),

	/** How often it may be tried again. */
	RETRIES_LEFT("retries_left"),

	/** The waits before that. */
	RETRY_INTERVALS("retry_intervals"),

	/** Whether it goes to the front then. */
	ENQUEUE_AT_FRONT_ON_RETRY("enqueue_at_front_on_retry"),

	/** Whether it goes to the front when it is due or released. */
	ENQUEUE_AT_FRONT("enqueue_at_front"),

	/** How many returned retries it has had. */
	NUMBER_OF_RETRIES("number_of_retries"),

	/** How often it is to be repeated. */
	REPEATS_LEFT("repeats_left"),

	/** The waits between repetitions. */
	REPEAT_INTERVALS("repeat_intervals"),

	/** The ids it waited for. */
	DEPENDENCY_IDS("dependency_ids"),

	/** The first of them, for readers that know one only. */
	DEPENDENCY_ID("dependency_id"),

	/** Whether it runs if one of them has failed. */
	ALLOW_DEPENDENCY_FAILURES("allow_dependency_failures"),

	/** What is to be called after success. */
	SUCCESS_CALLBACK_NAME("success_callback_name"),

	/** What is to be called after a failure. */
	FAILURE_CALLBACK_NAME("failure_callback_name"),

	/** What is to be called after a stop. */
	STOPPED_CALLBACK_NAME("stopped_callback_name"),

	/** How long that may take. */
	SUCCESS_CALLBACK_TIMEOUT("success_callback_timeout"),

	/** How long that may take. */
	FAILURE_CALLBACK_TIMEOUT("failure_callback_timeout"),

	/** How long that may take. */
	STOPPED_CALLBACK_TIMEOUT("stopped_callback_timeout"),

	/** Who is to be told over HTTP. */
	WEBHOOKS("webhooks"),

	/** When it may run at the earliest, while it waits for others. Ours. */
	DUE_AT("due_at"),

	/** The name of its group. */
	GROUP_ID("group_id"),

	/** The key of its rate limit. */
	RATE_LIMIT_KEY("rate_limit_key"),

	/** How many jobs of that key may be on queues or run. */
	RATE_LIMIT_CONCURRENCY("rate_limit_concurrency"),

	/** The job that it was enqueued again for. Ours. */
	AGAIN_OF("again_of"),

	/** How many attempts were answered with another one. Ours. */
	ATTEMPTS("attempts"),

	/** How often it was put back from a dead worker. Ours. */
	RECLAIMS("reclaims"),

	/** By what an enqueue knows that it has stored the job itself. Ours. */
	NONCE("nonce"),

	/** Whether its id may stand on a list where it should not. Ours. */
	STRAY_ID("stray_id"),

	/** Since when it has a due entry although it has ended. Ours. */
	UNREADY_SINCE("unready_since");

	/**
	 * Whoever has one of them leaves more behind than its hash: its end has to see to it.
	 */
	static final List<JobField> LINKS = List.of(REPEATS_LEFT, DEPENDENCY_IDS, ATTEMPTS, RECLAIMS, GROUP_ID,
			RATE_LIMIT_KEY);

	private final String text;

	private final byte[] bytes;

	JobField(String text) {
		this.text = text;
		this.bytes = ScriptArguments.bytes(text);
	}

	/** The name in the hash. */
	String text() {
		return this.text;
	}

	/** The name as it is sent; not to be changed. */
	byte[] bytes() {
		return this.bytes;
	}

}
