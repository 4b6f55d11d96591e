package io.rq.doctor;

/**
 * How bad a finding is.
 */
public enum Severity {

	/** Jobs are lost, late or not run, or will be. */
	WARNING,

	/** Something to know. */
	INFORMATION,

	/** It could not be found out. */
	UNKNOWN

}
