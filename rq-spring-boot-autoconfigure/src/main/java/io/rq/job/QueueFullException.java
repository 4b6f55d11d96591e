package io.rq.job;

import io.rq.RqException;

/**
 * Thrown when so many jobs wait on a queue that those which were to be enqueued would be
 * more than its limit. Nothing of the refused call has been written, unless it had more
 * than 1,000 jobs or 16 MB, or jobs of several queues on a Redis Cluster: then others of
 * it may have been.
 */
public class QueueFullException extends RqException {

	private static final long serialVersionUID = 1L;

	private final String queue;

	private final long length;

	private final long limit;

	/**
	 * Creates the exception.
	 * @param queue the queue's name
	 * @param length how many jobs wait on it
	 * @param refused how many more were to be enqueued
	 * @param limit how many may wait on it
	 */
	public QueueFullException(String queue, long length, long refused, long limit) {
		super("Queue '" + queue + "' is full: " + length + " jobs wait on it, so " + refused
				+ " more were not enqueued. Its limit is " + limit + ". Enqueue them again when fewer wait, run more "
				+ "workers for it, or raise 'rq.queues." + queue + ".max-length' or 'rq.queue.max-length'");
		this.queue = queue;
		this.length = length;
		this.limit = limit;
	}

	/**
	 * Returns the name of the queue.
	 * @return the name
	 */
	public String getQueue() {
		return this.queue;
	}

	/**
	 * Returns how many jobs waited on the queue.
	 * @return the number
	 */
	public long getLength() {
		return this.length;
	}

	/**
	 * Returns how many jobs may wait on the queue.
	 * @return the number
	 */
	public long getLimit() {
		return this.limit;
	}

}
