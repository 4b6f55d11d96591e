package io.rq.redis;

import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisException;

import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisSentinelConnection;

import io.rq.lifecycle.Round;
import io.rq.lifecycle.RoundLoop;
import io.rq.lifecycle.SafeLog;

/**
 * Asks a Sentinel which server is the primary, as Jedis may miss what it announces: a
 * client that is made in that moment asks before it listens, and one whose connection is
 * half open hears nothing more. To the former primary connections stay open, and it may
 * take writes for seconds that are lost when it learns of its successor.
 */
final class PrimaryCheck implements Round {

	private static final SafeLog log = SafeLog.of(PrimaryCheck.class);

	private static final Duration PAUSE = Duration.ofMillis(500);

	private static final Duration PATIENCE = Duration.ofSeconds(1);

	private final RoundLoop loop = new RoundLoop("rq-sentinel-check", log, this);

	private final String primary;

	private final Supplier<RedisSentinelConnection> sentinels;

	private final Supplier<HostAndPort> connected;

	private final Runnable replaced;

	private @Nullable RedisSentinelConnection connection;

	private volatile @Nullable HostAndPort answer;

	/**
	 * Creates the check, which does not ask yet.
	 * @param primary the name that Sentinel has for the primary
	 * @param sentinels connects to a Sentinel
	 * @param connected tells where the connections lead now
	 * @param replaced is called when they lead to another server than Sentinel names
	 */
	PrimaryCheck(String primary, Supplier<RedisSentinelConnection> sentinels, Supplier<HostAndPort> connected,
			Runnable replaced) {
		this.primary = primary;
		this.sentinels = sentinels;
		this.connected = connected;
		this.replaced = replaced;
	}

	void start() {
		this.loop.start();
	}

	void stop() {
		this.loop.terminate(PATIENCE, PATIENCE);
	}

	/** The connections are others now, of which nothing is known yet. */
	void forget() {
		this.answer = null;
	}

	/**
	 * Compares only what is news: a Sentinel that is cut off from the others must not
	 * lead back again and again to where it believes the primary to be.
	 */
	@Override
	public Duration run() {
		HostAndPort named = ask();
		if (named != null && !named.equals(this.answer)) {
			if (!named.equals(this.connected.get())) {
				this.replaced.run();
			}
			this.answer = named;
		}
		return PAUSE;
	}

	private @Nullable HostAndPort ask() {
		try {
			RedisSentinelConnection current = this.connection;
			if (current == null) {
				current = this.sentinels.get();
				this.connection = current;
			}
			return current.masters()
				.stream()
				.filter((server) -> this.primary.equals(server.getName()))
				.map((server) -> new HostAndPort(Objects.requireNonNull(server.getHost()),
						Objects.requireNonNull(server.getPort())))
				.findFirst()
				.orElse(null);
		}
		catch (DataAccessException | JedisException | IllegalStateException ex) {
			log.debug("No Sentinel has told which server is the primary", ex);
			end();
			return null;
		}
	}

	@Override
	public void end() {
		RedisSentinelConnection last = this.connection;
		this.connection = null;
		if (last != null) {
			try {
				last.close();
			}
			catch (IOException | RuntimeException ex) {
				log.debug("A connection to Sentinel was not closed well", ex);
			}
		}
	}

}
