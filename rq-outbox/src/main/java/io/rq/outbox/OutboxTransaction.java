package io.rq.outbox;

import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import io.rq.lifecycle.SafeLog;

/**
 * Tells whether the transaction of a thread is one in which the outbox can write.
 */
public final class OutboxTransaction {

	private static final SafeLog log = SafeLog.of(OutboxTransaction.class);

	private final DataSource dataSource;

	private final AtomicBoolean warned = new AtomicBoolean();

	/**
	 * Creates it for a database.
	 * @param dataSource connects the scheduler, and the transactions that it can join
	 */
	public OutboxTransaction(DataSource dataSource) {
		DataSource target = (dataSource instanceof TransactionAwareDataSourceProxy proxy) ? proxy.getTargetDataSource()
				: null;
		this.dataSource = (target != null) ? target : dataSource;
	}

	/**
	 * Returns whether a row that is written now is committed with the transaction of this
	 * thread. A transaction that only reads has no row.
	 * @param jobs how many jobs ask for it
	 */
	boolean isOpen(int jobs) {
		if (TransactionSynchronizationManager.isCurrentTransactionReadOnly()) {
			return false;
		}
		boolean open = isOpen((ConnectionHolder) TransactionSynchronizationManager.getResource(this.dataSource));
		if (!open && this.warned.compareAndSet(false, true)) {
			log.warn(
					"{} jobs of transaction '{}' are not written to the outbox, because it is not a transaction of the "
							+ "outbox's DataSource: they are enqueued after its commit, and lost if this process dies or Redis "
							+ "is away then. Ask for jobs in a transaction of that DataSource. This is not said again",
					jobs, TransactionSynchronizationManager.getCurrentTransactionName());
		}
		return open;
	}

	/** Others' transactions bind the connections that are used in them, too. */
	private static boolean isOpen(@Nullable ConnectionHolder holder) {
		try {
			return holder != null && !holder.getConnection().getAutoCommit();
		}
		catch (SQLException ex) {
			throw new DataAccessResourceFailureException("The jobs of a transaction could not be written to the outbox",
					ex);
		}
	}

}
