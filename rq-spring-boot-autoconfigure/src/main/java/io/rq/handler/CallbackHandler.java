package io.rq.handler;

/**
 * Is called at the end of the runs of jobs that name it, whoever has enqueued them.
 * Implemented for every method with {@code @RqCallback}; an application may declare beans
 * of its own.
 *
 * <p>
 * Called on the thread of the job before its outcome is recorded, so at least once, as
 * the job itself runs. What it throws is logged and changes nothing.
 */
public interface CallbackHandler {

	/**
	 * Returns the name by which jobs ask for it.
	 * @return the name as it stands in the job
	 */
	String name();

	/**
	 * Hears of the end of a run. Interrupted when its time is up.
	 * @param event the end
	 * @throws Exception to have it logged
	 */
	void handle(CallbackEvent event) throws Exception;

}
