package io.rq.test;

/**
 * The checks that applications make after their start, on a thread of their own.
 */
public final class StartChecks {

	private StartChecks() {
	}

	/**
	 * Returns whether the check of an application of this JVM has not ended yet.
	 * @return whether it still asks Redis
	 */
	public static boolean areUnderWay() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.anyMatch((thread) -> "rq-start-check".equals(thread.getName()));
	}

}
