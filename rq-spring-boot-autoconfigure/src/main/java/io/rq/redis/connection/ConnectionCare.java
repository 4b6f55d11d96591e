package io.rq.redis.connection;

import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.RedisConnectionFactory;

import io.rq.lifecycle.Listeners;
import io.rq.log.SafeLog;

/**
 * Looks after the connections of one factory: when a call shows that one is of no use any
 * more, all are replaced, for the others will mostly have met the same fate. Calls that
 * began before that do not replace them again.
 */
public final class ConnectionCare {

	private static final SafeLog log = SafeLog.of(ConnectionCare.class);

	private final @Nullable Consumer<ConnectionTrouble> exchange;

	private final int patience;

	private final boolean moving;

	private final Listeners<ConnectionListener> listeners;

	/** What the current thread tells the listeners. */
	private final ThreadLocal<@Nullable ConnectionTrouble> teller = new ThreadLocal<>();

	private volatile int generation;

	private volatile int timeouts;

	/**
	 * Creates the care.
	 * @param exchange closes the connections, so that others are made when needed, and is
	 * told why; {@code null} if they are not ours to close
	 * @param patience after how many time-outs in a row they are replaced
	 * @param moving whether others may lead to another server when this one is gone
	 * @param listeners are told
	 */
	ConnectionCare(@Nullable Consumer<ConnectionTrouble> exchange, int patience, boolean moving,
			Listeners<ConnectionListener> listeners) {
		this.exchange = exchange;
		this.patience = patience;
		this.moving = moving;
		this.listeners = listeners;
	}

	/**
	 * Returns the care for the connections of a factory, which takes none of foreign
	 * ones.
	 */
	static ConnectionCare of(RedisConnectionFactory connections) {
		return (connections instanceof ReplaceableConnections ours) ? ours.care()
				: new ConnectionCare(null, 1, false, Listeners.none());
	}

	/**
	 * Returns how often the connections have been replaced.
	 * @return how often
	 */
	public int generation() {
		return this.generation;
	}

	/** Takes note of a call that went well. */
	public void succeeded() {
		if (this.timeouts != 0) {
			this.timeouts = 0;
		}
	}

	/**
	 * Takes note of a call that failed, and replaces the connections if need be.
	 * @param failure how it failed
	 * @param generation the generation when it began
	 * @return the trouble with its connection, or {@code null} if there was none
	 */
	@Nullable ConnectionTrouble failed(Throwable failure, int generation) {
		ConnectionTrouble trouble = ConnectionTrouble.of(failure);
		if (trouble != null) {
			met(trouble, generation);
		}
		return trouble;
	}

	/**
	 * Replaces the connections if need be.
	 * @param trouble what was wrong with one of them
	 * @param since the generation it belonged to
	 */
	public void met(ConnectionTrouble trouble, int since) {
		if (isReplaced(trouble, since) && this.teller.get() == null) {
			tell(trouble);
		}
	}

	/** A listener that meets trouble itself hears nothing of that. */
	private void tell(ConnectionTrouble trouble) {
		this.teller.set(trouble);
		try {
			this.listeners.tell((listener) -> listener.replaced(trouble));
		}
		finally {
			this.teller.remove();
		}
	}

	private synchronized boolean isReplaced(ConnectionTrouble trouble, int since) {
		if (since != this.generation || this.exchange == null || trouble == ConnectionTrouble.MOVED
				|| (trouble == ConnectionTrouble.UNREACHABLE && !this.moving)) {
			return false;
		}
		if (trouble == ConnectionTrouble.TIMEOUT && this.timeouts + 1 < this.patience) {
			this.timeouts++;
			return false;
		}
		this.timeouts = 0;
		this.generation++;
		try {
			this.exchange.accept(trouble);
			log.debug("Connections to Redis replaced: {}", trouble);
		}
		catch (RuntimeException ex) {
			log.debug("Connections to Redis could not be replaced", ex);
		}
		return true;
	}

}
