package io.rq.outbox;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import io.rq.log.SafeLog;

/**
 * Tells whether the transaction of a thread is one in which the outbox can write.
 */
public final class OutboxTransaction {

	private static final SafeLog log = SafeLog.of(OutboxTransaction.class);

	private final DataSource dataSource;

	private final JdbcTransactions transactions;

	private final boolean autoCommit;

	private final AtomicBoolean warned = new AtomicBoolean();

	/**
	 * Creates it for a database, which is asked for a connection.
	 * @param dataSource connects the scheduler, and the transactions that it can join
	 * @throws DataAccessResourceFailureException if there is none
	 */
	public OutboxTransaction(DataSource dataSource) {
		DataSource target = (dataSource instanceof TransactionAwareDataSourceProxy proxy) ? proxy.getTargetDataSource()
				: null;
		this.dataSource = (target != null) ? target : dataSource;
		this.transactions = new JdbcTransactions(this.dataSource);
		try (Connection connection = this.dataSource.getConnection()) {
			this.autoCommit = connection.getAutoCommit();
		}
		catch (SQLException ex) {
			throw new DataAccessResourceFailureException("The outbox cannot connect to its database", ex);
		}
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

	private boolean isOpen(@Nullable ConnectionHolder holder) {
		try {
			return holder != null && !holder.getConnection().getAutoCommit() && isCommitted(holder);
		}
		catch (SQLException ex) {
			throw new DataAccessResourceFailureException("The jobs of a transaction could not be written to the outbox",
					ex);
		}
	}

	/**
	 * Others' transactions bind the connections that are used in them, too. Nobody
	 * commits on these, and auto-commit is off there as well if the pool has it off.
	 */
	private boolean isCommitted(ConnectionHolder holder) {
		return this.autoCommit || !holder.isSynchronizedWithTransaction() || this.transactions.isOpen();
	}

	/**
	 * Tells the connections on which a transaction was begun from those that are only
	 * used in one. JPA does not mark its own as either.
	 */
	@SuppressWarnings("serial")
	private static final class JdbcTransactions extends DataSourceTransactionManager {

		JdbcTransactions(DataSource dataSource) {
			super(dataSource);
		}

		boolean isOpen() {
			return isExistingTransaction(doGetTransaction());
		}

	}

}
