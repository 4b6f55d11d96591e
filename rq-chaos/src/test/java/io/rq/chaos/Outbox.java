package io.rq.chaos;

import java.sql.SQLException;
import java.util.List;

import org.h2.tools.Server;

/**
 * The database of the producers' transactions, which nobody disturbs.
 */
final class Outbox implements AutoCloseable {

	private final Server server;

	Outbox() {
		try {
			this.server = Server.createTcpServer("-tcpPort", "0", "-ifNotExists").start();
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * What an application has that writes to it or delivers from it. Markers end well
	 * within a soak, in which what lives longer cannot be told from what stays.
	 */
	List<String> properties() {
		return List.of(
				"--database.url=jdbc:h2:tcp://127.0.0.1:" + this.server.getPort() + "/mem:outbox;DB_CLOSE_DELAY=-1",
				"--rq.outbox.initialize-schema=always", "--db-scheduler.polling-interval=1s",
				"--db-scheduler.heartbeat-interval=1s", "--db-scheduler.threads=4", "--rq.outbox.marker-ttl=5m");
	}

	@Override
	public void close() {
		this.server.stop();
	}

}
