package io.rq.doctor;

/**
 * One thing that can be wrong. May throw what comes of asking Redis.
 */
interface Check {

	/** The name, by which people find it in the documentation. */
	String name();

	/** Looks, and reports what is wrong. */
	void examine(Report report);

}
