package io.rq.cron;

/**
 * Hears what becomes of the occurrences of cron jobs. Implemented by metrics and by
 * applications; called on the scheduler's thread: it should be quick. What it throws is
 * logged and changes nothing.
 */
public interface CronListener {

	/**
	 * Called when this process has settled an occurrence.
	 * @param fire what became of it
	 */
	void settled(CronFire fire);

}
