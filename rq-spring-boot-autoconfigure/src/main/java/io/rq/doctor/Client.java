package io.rq.doctor;

import java.time.Duration;

/**
 * How this application is connected.
 *
 * @param name the name of the Redis client in Spring Boot's properties
 * @param timeout how long a command may take, zero for no limit
 * @param longestWait for how long workers let Redis wait for a job
 * @param poolSize how many connections the application may have
 * @param kept how many of them workers and schedulers keep, 0 if they have others
 * @param development whether the Redis comes and goes with this application
 */
public record Client(String name, Duration timeout, Duration longestWait, int poolSize, int kept, boolean development) {

	/** How many connections are usually free beside those that are kept. */
	public static final int USUALLY_FREE = 8;

	/** For how long workers let Redis wait for a job unless commands may take less. */
	public static final Duration USUAL_WAIT = Duration.ofSeconds(2);

}
