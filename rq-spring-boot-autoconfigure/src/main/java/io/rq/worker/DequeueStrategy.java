package io.rq.worker;

/**
 * The order in which jobs are taken from several queues (protocol §4.4).
 */
public enum DequeueStrategy {

	/** As the queues are given: a queue is served when those before it are empty. */
	DEFAULT,

	/** In turn. */
	ROUND_ROBIN,

	/** In random order. */
	RANDOM

}
