package io.rq.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.Lifecycle;
import org.springframework.context.SmartLifecycle;
import org.springframework.data.redis.connection.RedisConnectionFactory;

import io.rq.doctor.Client;
import io.rq.lifecycle.Listeners;
import io.rq.log.SafeLog;
import io.rq.redis.KeyLayout;
import io.rq.redis.connection.ConnectionListener;
import io.rq.redis.connection.OwnConnections;
import io.rq.redis.connection.OwnConnections.Use;
import io.rq.redis.connection.ShareableConnections;

/**
 * The connections to the Redis that holds the jobs. They are like the application's but
 * our own: those for calls of the application, and those of the engine, which no job can
 * use up. Open from their first use until the context stops, after the workers; started
 * again with it.
 */
final class RqConnections implements SmartLifecycle, DisposableBean {

	private static final SafeLog log = SafeLog.of(RqConnections.class);

	/** As that of Spring's connection factories: they stop after all that uses them. */
	static final int PHASE = 0;

	private static final int PARTS_OF_LEASE = 4;

	private static final Duration SHORTEST_TIMEOUT = Duration.ofMillis(500);

	private static final Duration LONGEST_WAIT = Client.USUAL_WAIT;

	private final RedisConnectionFactory given;

	private final KeyLayout layout;

	private final RedisClientSettings client;

	private final Listeners<ConnectionListener> listeners;

	private final Map<Duration, RedisConnectionFactory> engine = new HashMap<>();

	private final List<RedisConnectionFactory> own = new ArrayList<>();

	private @Nullable RedisConnectionFactory application;

	private boolean foreign;

	private volatile boolean running;

	RqConnections(RedisConnectionFactory given, KeyLayout layout, Listeners<ConnectionListener> listeners) {
		this.given = given;
		this.layout = layout;
		this.client = RedisClientSettings.of(given);
		this.listeners = listeners;
	}

	/** Where the keys lie. */
	KeyLayout layout() {
		return this.layout;
	}

	RedisClientSettings client() {
		return this.client;
	}

	/** Returns the connections for the calls of the application and of its jobs. */
	synchronized RedisConnectionFactory application() {
		if (this.application == null) {
			this.application = like(Use.APPLICATION);
		}
		return this.application;
	}

	/**
	 * Returns the connections for the engine's own threads.
	 * @param lease how long leases last that are renewed over them: a command may take a
	 * quarter of it
	 */
	synchronized RedisConnectionFactory engine(Duration lease) {
		return this.engine.computeIfAbsent(timeout(lease), (timeout) -> like(Use.engine(timeout)));
	}

	private RedisConnectionFactory like(Use use) {
		RedisConnectionFactory like = this.foreign ? null
				: OwnConnections.like(this.given, this.layout::clusterKey, use, this.listeners);
		if (like != null) {
			this.own.add(like);
			return like;
		}
		if (this.client.cluster()) {
			throw new InvalidRqConfigurationException(
					"Connections to a Redis Cluster of " + this.given.getClass().getName()
							+ " cannot be copied, as they must be to reach each node.",
					"Use a plain LettuceConnectionFactory, or "
							+ "from Spring Boot 4.1 on JedisConnectionFactory, marked with @RqRedis if there are several.");
		}
		if (!this.foreign && !(this.given instanceof ShareableConnections)) {
			log.warn("Connections to Redis of {} cannot be copied: workers and schedulers share those of the "
					+ "application. They stand still while jobs use them all, and a connection of no use is not "
					+ "replaced. A plain LettuceConnectionFactory, or from Spring Boot 4.1 on JedisConnectionFactory, "
					+ "marked with @RqRedis if there are several, avoids that", this.given.getClass().getName());
		}
		this.foreign = true;
		return this.given;
	}

	/** Returns whether jobs may use the connections that the engine needs. */
	synchronized boolean isShared() {
		application();
		return this.foreign;
	}

	/** For how long a command of the engine may block. */
	Duration longestWait(Duration lease) {
		Duration allowed = OwnConnections.longestWait(engine(lease),
				isShared() ? this.client.timeout() : timeout(lease));
		return (!allowed.isZero() && allowed.compareTo(LONGEST_WAIT) < 0) ? allowed : LONGEST_WAIT;
	}

	private Duration timeout(Duration lease) {
		Duration part = lease.dividedBy(PARTS_OF_LEASE);
		Duration most = (part.compareTo(SHORTEST_TIMEOUT) > 0) ? part : SHORTEST_TIMEOUT;
		Duration usual = this.client.timeout();
		return (usual.isZero() || usual.compareTo(most) > 0) ? most : usual;
	}

	@Override
	public synchronized void start() {
		this.own.forEach((connections) -> ((Lifecycle) connections).start());
		this.running = true;
	}

	@Override
	public synchronized void stop() {
		this.own.forEach((connections) -> ((Lifecycle) connections).stop());
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

	@Override
	public synchronized void destroy() throws Exception {
		for (RedisConnectionFactory connections : this.own) {
			((DisposableBean) connections).destroy();
		}
	}

}
