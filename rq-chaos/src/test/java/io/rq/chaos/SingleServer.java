package io.rq.chaos;

import redis.clients.jedis.RedisClient;
import redis.clients.jedis.UnifiedJedis;

import io.rq.test.RedisState;
import io.rq.test.TestRedis;

/**
 * One server with an append-only file.
 */
abstract class SingleServer implements Ground {

	/** Else a crash may lose what Redis has answered while its disk was slow. */
	static final String[] DURABLE = { "--appendonly", "yes", "--appendfsync", "always" };

	private final TestRedis redis = TestRedis.start(DURABLE);

	TestRedis redis() {
		return this.redis;
	}

	@Override
	public UnifiedJedis connect() {
		return RedisClient.create("127.0.0.1", this.redis.port());
	}

	@Override
	public RedisState state() {
		return this.redis.state();
	}

	@Override
	public void close() {
		this.redis.close();
	}

}
