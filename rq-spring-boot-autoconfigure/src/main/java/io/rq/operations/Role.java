package io.rq.operations;

/**
 * What someone may do, each role all of those before it too.
 */
public enum Role {

	/** Looks at everything. */
	VIEWER,

	/** Does what can be undone or repeated: requeue, run now, pause, cancel, stop. */
	OPERATOR,

	/** Does the rest: delete, empty, edit, move, suspend all, stop workers. */
	ADMIN

}
