package io.rq.outbox;

import java.util.List;

/**
 * The outbox on PostgreSQL.
 */
class PostgresOutboxTests extends AbstractOutboxTests {

	@Override
	List<String> database() {
		return Postgres.shared().properties();
	}

}
