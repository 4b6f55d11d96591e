package io.rq.queue;

/**
 * Where a job waits on its queue. Only the ends of a long queue are searched.
 *
 * @param before how many jobs are before it: 0 for the next one to run
 * @param exact whether that is their number; else there are more than that, before it and
 * behind
 */
public record QueuePosition(long before, boolean exact) {

	@Override
	public String toString() {
		return this.exact ? Long.toString(this.before) : "more than " + this.before;
	}

}
