package io.rq.redis.connection;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.exceptions.JedisAccessControlException;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.util.IOUtils;

import org.springframework.util.Assert;

import io.rq.lifecycle.Round;
import io.rq.lifecycle.RoundLoop;
import io.rq.log.SafeLog;

/**
 * Knows through Jedis which server Sentinels have made the primary. All of them are asked
 * again and again, for what one announces can be missed, and at once when one of them
 * announces something. A former primary may take writes for seconds, which are lost when
 * it learns of its successor.
 */
final class PrimaryCheck implements Round {

	private static final SafeLog log = SafeLog.of(PrimaryCheck.class);

	private static final Duration PAUSE = Duration.ofMillis(500);

	private static final Duration PATIENCE = Duration.ofSeconds(1);

	private final RoundLoop loop = new RoundLoop("rq-sentinel-check", log, this);

	private final SentinelSettings settings;

	private final List<Sentinel> sentinels;

	private final List<SentinelEar> ears;

	private final Supplier<@Nullable HostAndPort> connected;

	private final Runnable replaced;

	private volatile @Nullable Answer known;

	/**
	 * Creates the check, which does not ask yet.
	 * @param settings how to ask
	 * @param connected tells where connections lead now, {@code null} if there are none
	 * @param replaced is called when that is not the primary
	 */
	PrimaryCheck(SentinelSettings settings, Supplier<@Nullable HostAndPort> connected, Runnable replaced) {
		this.settings = settings;
		this.sentinels = settings.nodes().stream().map((node) -> new Sentinel(node, settings.config())).toList();
		this.ears = settings.nodes()
			.stream()
			.map((node) -> new SentinelEar(node, settings.config(), this.loop::wake))
			.toList();
		this.connected = connected;
		this.replaced = replaced;
	}

	/**
	 * Asks once, and goes on with it.
	 * @throws JedisConnectionException if no Sentinel knows the primary
	 */
	void start() {
		ask();
		this.loop.start();
		this.ears.forEach(SentinelEar::start);
	}

	void stop() {
		this.ears.forEach(SentinelEar::stop);
		this.loop.terminate(PATIENCE, PATIENCE);
	}

	/** Returns the last primary that is known of since the start. */
	HostAndPort primary() {
		Answer last = this.known;
		Assert.state(last != null, "It is asked for at the start");
		return last.server();
	}

	/** Lets the Sentinels be asked now. */
	void wake() {
		this.loop.wake();
	}

	@Override
	public Duration run() {
		ask();
		HostAndPort current = this.connected.get();
		if (current != null && !current.equals(primary())) {
			this.replaced.run();
		}
		return PAUSE;
	}

	/**
	 * The newest answer counts. That of a few Sentinels, which may be cut off with a
	 * former primary, counts only if it is newer than what is known; most of them may
	 * begin to count anew, when they have been set up again.
	 */
	private synchronized void ask() {
		List<Answer> answers = this.sentinels.stream()
			.map((sentinel) -> sentinel.ask(this.settings.primary()))
			.filter(Objects::nonNull)
			.toList();
		Answer newest = answers.stream()
			.max(Comparator.comparingLong(Answer::epoch))
			.orElseThrow(() -> new JedisConnectionException(
					"None of the Sentinels at %s tells which server is the primary %s".formatted(this.settings.nodes(),
							this.settings.primary())));
		Answer last = this.known;
		if (last == null || newest.epoch() > last.epoch() || answers.size() > this.sentinels.size() / 2) {
			this.known = newest;
		}
	}

	@Override
	public void end() {
		this.sentinels.forEach(Sentinel::close);
	}

	/**
	 * What a Sentinel has told.
	 *
	 * @param server the primary
	 * @param epoch counts the fail-overs
	 */
	private record Answer(HostAndPort server, long epoch) {

	}

	/**
	 * A Sentinel, and the connection over which it is asked. One thread at a time.
	 */
	private static final class Sentinel {

		private final HostAndPort node;

		private final JedisClientConfig config;

		private @Nullable Jedis connection;

		Sentinel(HostAndPort node, JedisClientConfig config) {
			this.node = node;
			this.config = config;
		}

		@Nullable Answer ask(String name) {
			try {
				Jedis current = this.connection;
				if (current == null) {
					current = new Jedis(this.node, this.config);
					this.connection = current;
				}
				return ask(current, name);
			}
			catch (JedisException ex) {
				log.debug("Sentinel at {} does not tell which server is the primary", this.node, ex);
				close();
				return null;
			}
		}

		private static Answer ask(Jedis sentinel, String name) {
			long epoch = epoch(sentinel, name);
			List<String> primary = sentinel.sentinelGetMasterAddrByName(name);
			if (primary == null) {
				throw new JedisException("It knows no " + name);
			}
			return new Answer(new HostAndPort(primary.get(0), Integer.parseInt(primary.get(1))), epoch);
		}

		private static long epoch(Jedis sentinel, String name) {
			try {
				return Long.parseLong(sentinel.sentinelMaster(name).get("config-epoch"));
			}
			catch (JedisAccessControlException ex) {
				// who may not ask for that may still ask for the primary
				return 0;
			}
		}

		void close() {
			IOUtils.closeQuietly(this.connection);
			this.connection = null;
		}

	}

}
