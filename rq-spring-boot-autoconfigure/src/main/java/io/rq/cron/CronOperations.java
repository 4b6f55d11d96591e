package io.rq.cron;

import java.util.List;

/**
 * What can be done with the cron jobs of this application, whichever process fires them.
 * Fails where Redis cannot be asked.
 */
public interface CronOperations {

	/**
	 * Looks at all cron jobs.
	 * @return the cron jobs, sorted by name
	 */
	List<CronJobInfo> list();

	/**
	 * Tells the jobs that a cron job has enqueued, those that were triggered and those
	 * that Python has enqueued for one of its name among them. They may be gone.
	 * @param name the cron job's name
	 * @return the ids of the last 1,000 jobs at most, the newest first
	 * @throws IllegalArgumentException if there is no cron job of that name here
	 */
	List<String> jobIds(String name);

	/**
	 * Enqueues a job of a cron job now, also while it is paused or its last job has not
	 * ended. Its schedule stays as it is.
	 * @param name the cron job's name
	 * @return the id of the job
	 * @throws IllegalArgumentException if there is no cron job of that name here
	 */
	String trigger(String name);

	/**
	 * Pauses a cron job: what is due until it is resumed is left out.
	 * @param name the cron job's name
	 * @param reason why, for people
	 * @throws IllegalArgumentException if there is no cron job of that name here, or the
	 * reason is longer than {@value io.rq.template.QueueOperations#MAX_REASON} characters
	 */
	void pause(String name, String reason);

	/**
	 * Ends the pause of a cron job. What was due meanwhile is not made up for.
	 * @param name the cron job's name
	 * @return whether it was paused
	 * @throws IllegalArgumentException if there is no cron job of that name here
	 */
	boolean resume(String name);

}
