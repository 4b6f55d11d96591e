package io.rq.redis.connection;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.util.IOUtils;

import io.rq.lifecycle.Round;
import io.rq.lifecycle.RoundLoop;
import io.rq.log.SafeLog;

/**
 * Listens through Jedis to what one Sentinel announces of fail-overs. It waits for that
 * without end: who gives up in between misses it.
 */
final class SentinelEar implements Round {

	private static final SafeLog log = SafeLog.of(SentinelEar.class);

	private static final Duration PAUSE = Duration.ofMillis(500);

	/**
	 * What a Sentinel tells as soon as it knows the new primary, and when all is over.
	 */
	private static final String[] NEWS = { "+promoted-slave", "+switch-master" };

	private final RoundLoop loop;

	private final HostAndPort node;

	private final JedisClientConfig config;

	private final Runnable heard;

	private volatile @Nullable Jedis connection;

	/**
	 * Creates an ear that does not listen yet.
	 * @param node where the Sentinel is
	 * @param config how to connect to it
	 * @param heard is called when it has announced something, and when it is listened to
	 * from now on
	 */
	SentinelEar(HostAndPort node, JedisClientConfig config, Runnable heard) {
		this.loop = new RoundLoop("rq-sentinel-ear", log, this);
		this.node = node;
		this.config = config;
		this.heard = heard;
	}

	void start() {
		this.loop.start();
	}

	/** Hangs up, and does not wait until that is noticed. */
	void stop() {
		this.loop.requestStop();
		IOUtils.closeQuietly(this.connection);
	}

	@Override
	public Duration run() {
		try (Jedis sentinel = new Jedis(this.node, this.config)) {
			this.connection = sentinel;
			if (!this.loop.isStopping()) {
				sentinel.subscribe(new News(), NEWS);
			}
		}
		catch (JedisException ex) {
			log.debug("Sentinel at {} is not listened to", this.node, ex);
		}
		finally {
			this.connection = null;
		}
		return PAUSE;
	}

	private final class News extends JedisPubSub {

		@Override
		public void onSubscribe(String channel, int channels) {
			SentinelEar.this.heard.run();
		}

		@Override
		public void onMessage(String channel, String message) {
			SentinelEar.this.heard.run();
		}

	}

}
