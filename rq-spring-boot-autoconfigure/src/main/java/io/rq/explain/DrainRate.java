package io.rq.explain;

import java.util.OptionalDouble;

/**
 * Tells how fast queues are worked off, from what has been counted of the past.
 */
@FunctionalInterface
public interface DrainRate {

	/** Nothing is counted. */
	DrainRate UNKNOWN = (queue) -> OptionalDouble.empty();

	/**
	 * Returns how many jobs of a queue end in a second, of late.
	 * @param queue the queue's name
	 * @return the number, or empty if it is not known
	 */
	OptionalDouble perSecond(String queue);

}
