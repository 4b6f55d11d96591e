package io.rq.redis;

import java.time.Duration;

/**
 * What is heard on channels of Redis until it is closed.
 */
public interface Subscription extends AutoCloseable {

	/**
	 * Returns the channel on which this subscription alone listens, and expects that a
	 * message is sent to it soon. A connection may hear nothing more without being
	 * closed.
	 * @return the channel
	 */
	String probe();

	/**
	 * Returns whether a message that was expected has not been heard.
	 * @param patience how long it may take
	 * @return whether it has taken longer
	 */
	boolean isDeaf(Duration patience);

	/**
	 * Ends the subscription, and waits until nothing more is heard and its thread has
	 * ended.
	 */
	@Override
	void close();

}
