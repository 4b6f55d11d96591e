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
	 * @throws MissingOutboxTableException if it is not
	 */
	void requireIn(DataSource dataSource) {
		try {
			new JdbcTemplate(dataSource).execute("select task_data from " + this.name + " where 1 = 0");
		}
		catch (BadSqlGrammarException ex) {
			throw new MissingOutboxTableException(this.name, ex);
		}
	}

}
