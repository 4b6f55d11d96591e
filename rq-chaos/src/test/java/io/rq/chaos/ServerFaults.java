package io.rq.chaos;

import java.time.Duration;
import java.util.List;
import java.util.Random;

import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.ClientPauseMode;
import redis.clients.jedis.args.ClientType;
import redis.clients.jedis.params.ClientKillParams;

import io.rq.test.TestRedis;

/**
 * What happens to a server.
 */
final class ServerFaults {

	private static final Duration AT_WORK = Duration.ofSeconds(2);

	private static final Duration BETWEEN_KILLS = Duration.ofMillis(300);

	private final TestRedis redis;

	ServerFaults(TestRedis redis) {
		this.redis = redis;
	}

	List<Fault.Kind> all() {
		return List.of(lasting("Redis stopped and started", TestRedis::stop, TestRedis::restart),
				lasting("Redis killed and started", TestRedis::kill, TestRedis::restart),
				lasting("Redis frozen", TestRedis::pause, TestRedis::resume),
				lasting("Redis full", (redis) -> configure("maxmemory", "1"), (redis) -> configure("maxmemory", "0")),
				lasting("Redis takes no writes", (redis) -> configure("min-replicas-to-write", "1"),
						(redis) -> configure("min-replicas-to-write", "0")),
				this::clientsPaused, this::scriptsFlushed, this::clientsKilled);
	}

	private Fault.Kind lasting(String kind, Step begin, Step end) {
		return (random, form) -> {
			Duration length = Duration.ofMillis(random.nextInt(form.longest() * 1_000));
			return new Fault(kind, "for " + length.toMillis() + " ms", (stage) -> {
				begin.take(this.redis);
				Stage.pause(length);
				end.take(this.redis);
				return Strike.harmless(stage.awaitStarts(System.currentTimeMillis()), AT_WORK);
			});
		};
	}

	private void configure(String name, String value) {
		try (Jedis jedis = connect()) {
			jedis.configSet(name, value);
		}
	}

	private Jedis connect() {
		return new Jedis(this.redis.host(), this.redis.port());
	}

	private Fault clientsPaused(Random random, Form form) {
		int millis = 1 + random.nextInt(form.longest() * 1_000);
		return new Fault("Redis pauses its clients", "for " + millis + " ms", (stage) -> {
			try (Jedis jedis = connect()) {
				jedis.clientPause(millis, ClientPauseMode.ALL);
			}
			Stage.pause(Duration.ofMillis(millis));
			return Strike.harmless(stage.awaitStarts(System.currentTimeMillis()), AT_WORK);
		});
	}

	private Fault scriptsFlushed(Random random, Form form) {
		return new Fault("Redis forgets its scripts", "", (stage) -> {
			try (Jedis jedis = connect()) {
				jedis.scriptFlush();
			}
			return Strike.harmless(stage.awaitStarts(System.currentTimeMillis()), AT_WORK);
		});
	}

	private Fault clientsKilled(Random random, Form form) {
		int times = 1 + random.nextInt(form.longest() * 3);
		return new Fault("Redis ends all connections", times + " times", (stage) -> {
			try (Jedis jedis = connect()) {
				for (int i = 0; i < times; i++) {
					jedis.clientKill(new ClientKillParams().type(ClientType.NORMAL));
					jedis.clientKill(new ClientKillParams().type(ClientType.PUBSUB));
					Stage.pause(BETWEEN_KILLS);
				}
			}
			return Strike.harmless(stage.awaitStarts(System.currentTimeMillis()), AT_WORK);
		});
	}

	@FunctionalInterface
	private interface Step {

		void take(TestRedis redis);

	}

}
