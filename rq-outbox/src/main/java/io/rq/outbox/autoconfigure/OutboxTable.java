package io.rq.outbox.autoconfigure;

import javax.sql.DataSource;

import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The table of the scheduler, which the outbox needs.
 *
 * @param name the table's name
 */
record OutboxTable(String name) {

	/**
	 * Checks that the table is there.
	 * @throws UnusableOutboxException if it is not
	 */
	void requireIn(DataSource dataSource) {
		try {
			new JdbcTemplate(dataSource).execute("select task_data from " + this.name + " where 1 = 0");
		}
		catch (BadSqlGrammarException ex) {
			throw new UnusableOutboxException("The outbox has no table '" + this.name + "' in the database",
					"Set 'rq.outbox.initialize-schema' to 'always' to have it made at the start (H2 and PostgreSQL), or "
							+ "make it as part of your migrations: db-scheduler has a script for each database. "
							+ "'rq.outbox.enabled=false' and 'db-scheduler.enabled=false' do without the outbox.",
					ex);
		}
	}

}
