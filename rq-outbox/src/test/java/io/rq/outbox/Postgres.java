package io.rq.outbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

/**
 * A PostgreSQL that all tests of this JVM share, each with a database of its own. It ends
 * with the JVM.
 */
final class Postgres {

	private static final AtomicInteger databases = new AtomicInteger();

	private final EmbeddedPostgres server;

	private Postgres(EmbeddedPostgres server) {
		this.server = server;
	}

	static Postgres shared() {
		return Shared.INSTANCE;
	}

	int port() {
		return this.server.getPort();
	}

	/** The properties of an application that connects to a new database. */
	List<String> properties() {
		return properties(port());
	}

	/**
	 * The properties of an application that connects to a new database by way of another
	 * port.
	 */
	List<String> properties(int port) {
		String database = "outbox" + databases.incrementAndGet();
		try (Connection connection = this.server.getPostgresDatabase().getConnection();
				Statement statement = connection.createStatement()) {
			statement.execute("create database " + database);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
		return List.of("spring.datasource.url=jdbc:postgresql://localhost:" + port + "/" + database,
				"spring.datasource.username=postgres", "rq.outbox.initialize-schema=always");
	}

	private static final class Shared {

		private static final Postgres INSTANCE = new Postgres(server());

		private static EmbeddedPostgres server() {
			try {
				return EmbeddedPostgres.start();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
