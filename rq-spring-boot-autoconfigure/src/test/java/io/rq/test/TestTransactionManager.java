package io.rq.test;

import org.springframework.transaction.SavepointManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;

/**
 * Transactions of nothing, with savepoints.
 */
@SuppressWarnings("serial")
public class TestTransactionManager extends AbstractPlatformTransactionManager {

	private final ThreadLocal<Boolean> open = new ThreadLocal<>();

	public TestTransactionManager() {
		setNestedTransactionAllowed(true);
	}

	@Override
	protected Object doGetTransaction() {
		return new Savepoints();
	}

	@Override
	protected boolean isExistingTransaction(Object transaction) {
		return this.open.get() != null;
	}

	@Override
	protected void doBegin(Object transaction, TransactionDefinition definition) {
		this.open.set(true);
	}

	@Override
	protected Object doSuspend(Object transaction) {
		this.open.remove();
		return true;
	}

	@Override
	protected void doResume(Object transaction, Object suspended) {
		this.open.set(true);
	}

	@Override
	protected void doCommit(DefaultTransactionStatus status) {
	}

	@Override
	protected void doRollback(DefaultTransactionStatus status) {
	}

	@Override
	protected void doSetRollbackOnly(DefaultTransactionStatus status) {
	}

	@Override
	protected void doCleanupAfterCompletion(Object transaction) {
		this.open.remove();
	}

	private static final class Savepoints implements SavepointManager {

		@Override
		public Object createSavepoint() {
			return new Object();
		}

		@Override
		public void rollbackToSavepoint(Object savepoint) {
		}

		@Override
		public void releaseSavepoint(Object savepoint) {
		}

	}

}
