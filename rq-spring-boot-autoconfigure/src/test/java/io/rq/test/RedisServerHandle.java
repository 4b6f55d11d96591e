package io.rq.test;

/**
 * A Redis server that somebody else runs for the tests.
 */
interface RedisServerHandle {

	String host();

	int port();

	/**
	 * Starts the server; on the same port as before when it had been started already.
	 */
	void start();

	/**
	 * Asks the server to end and waits for it.
	 */
	void stop();

	/**
	 * Ends the server as a crash would, and waits for it.
	 */
	void kill();

	/**
	 * The operating system's process.
	 * @return the process
	 * @throws UnsupportedOperationException if it is not on this machine
	 */
	ProcessHandle process();

}
