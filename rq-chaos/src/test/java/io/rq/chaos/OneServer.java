package io.rq.chaos;

import java.util.List;
import java.util.stream.Stream;

import redis.clients.jedis.RedisClient;
import redis.clients.jedis.UnifiedJedis;

import io.rq.test.FaultProxy;
import io.rq.test.RedisState;
import io.rq.test.TestRedis;

/**
 * One server with an append-only file, behind a network that fails as told.
 */
final class OneServer implements Ground {

	private final TestRedis redis = TestRedis.start("--appendonly", "yes");

	private final FaultProxy network = FaultProxy.to(this.redis);

	@Override
	public String name() {
		return "one server";
	}

	@Override
	public List<String> connection() {
		return List.of("--spring.data.redis.port=" + this.network.port());
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
	public List<Fault.Kind> faults() {
		return Stream.of(ProcessFaults.all(), new ServerFaults(this.redis).all(), new NetworkFaults(this.network).all())
			.flatMap(List::stream)
			.toList();
	}

	@Override
	public void close() {
		this.network.close();
		this.redis.close();
	}

}
