package io.rq.redis.connection;

/**
 * Hears when connections to Redis are replaced; implemented by applications and by the
 * meters. Called on the thread that met the trouble: it must not block. Does it use Redis
 * itself, it does not hear of what that meets.
 */
@FunctionalInterface
public interface ConnectionListener {

	/**
	 * Called when connections have been replaced because one was of no use any more.
	 * @param trouble what was wrong with it
	 */
	void replaced(ConnectionTrouble trouble);

}
