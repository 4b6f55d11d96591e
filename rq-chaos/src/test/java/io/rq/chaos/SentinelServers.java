package io.rq.chaos;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;

import redis.clients.jedis.RedisClient;
import redis.clients.jedis.UnifiedJedis;

import io.rq.test.RedisState;
import io.rq.test.TestRedis;
import io.rq.test.TestSentinel;

/**
 * A primary and its replica, which Sentinel makes the primary when that is gone.
 * Producers wait for the replica.
 */
final class SentinelServers implements Ground {

	private static final Duration AT_WORK = Duration.ofSeconds(2);

	private final TestRedis first = TestRedis.start("--appendonly", "yes");

	private final TestRedis second = TestRedis.start("--appendonly", "yes", "--replicaof", "127.0.0.1",
			String.valueOf(this.first.port()));

	private final TestSentinel sentinel = TestSentinel.watch(this.first);

	@Override
	public String name() {
		return "Sentinel";
	}

	@Override
	public List<String> connection() {
		return List.of("--spring.data.redis.sentinel.master=" + TestSentinel.MASTER,
				"--spring.data.redis.sentinel.nodes=127.0.0.1:" + this.sentinel.port(), "--rq.template.min-replicas=1");
	}

	@Override
	public UnifiedJedis connect() {
		return RedisClient.create("127.0.0.1", this.sentinel.primaryPort());
	}

	@Override
	public RedisState state() {
		return primary().state();
	}

	private TestRedis primary() {
		return (this.sentinel.primaryPort() == this.first.port()) ? this.first : this.second;
	}

	@Override
	public List<Fault.Kind> faults() {
		return Stream.concat(ProcessFaults.deaths().stream(),
				Stream.of((random, form) -> primaryGone("primary killed", TestRedis::kill, TestRedis::restart),
						(random, form) -> primaryGone("primary frozen", TestRedis::pause, TestRedis::resume),
						this::handedOver))
			.toList();
	}

	private Fault primaryGone(String kind, Consumer<TestRedis> begin, Consumer<TestRedis> end) {
		return new Fault(kind, "", (stage) -> {
			TestRedis primary = primary();
			long from = System.currentTimeMillis();
			begin.accept(primary);
			this.sentinel.awaitFailover(primary);
			long to = System.currentTimeMillis();
			end.accept(primary);
			return back(stage, from, to);
		});
	}

	private Fault handedOver(Random random, Form form) {
		return new Fault("primary replaced on demand", "", (stage) -> {
			TestRedis primary = primary();
			long from = System.currentTimeMillis();
			this.sentinel.failover();
			this.sentinel.awaitFailover(primary);
			return back(stage, from, System.currentTimeMillis());
		});
	}

	private Strike back(Stage stage, long from, long to) {
		Duration recovery = stage.awaitStart(to);
		this.sentinel.awaitReplica();
		return Strike.atAll(from, to, recovery, AT_WORK);
	}

	@Override
	public void close() {
		this.sentinel.close();
		this.second.close();
		this.first.close();
	}

}
