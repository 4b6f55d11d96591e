package io.rq.operations;

/**
 * Is told of every operation that changes something, and of every one that was refused.
 * Called on the thread of the caller, after the operation; what it throws is logged.
 */
@FunctionalInterface
public interface AuditListener {

	/**
	 * An operation was carried out or refused.
	 * @param entry what is known of it
	 */
	void audited(AuditEntry entry);

}
