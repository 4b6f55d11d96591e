package io.rq.worker;

/**
 * Why a run was ended before its method was through.
 */
enum CutShort {

	/** Its time is up. */
	TIMEOUT("timeout"),

	/** A command ended all runs of the worker. */
	KILLED("kill"),

	/** A command stopped the job. */
	STOPPED("stop");

	private final String text;

	CutShort(String text) {
		this.text = text;
	}

	@Override
	public String toString() {
		return this.text;
	}

}
