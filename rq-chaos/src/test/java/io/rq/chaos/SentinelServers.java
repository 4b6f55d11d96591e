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

	private static final Duration DOWN_AFTER = Duration.ofSeconds(3);

	private static final Duration AT_WORK = Duration.ofSeconds(2);

	private final TestRedis first = TestRedis.start("--appendonly", "yes");

	private final TestRedis second = TestRedis.start("--appendonly", "yes", "--replicaof", "127.0.0.1",
			String.valueOf(this.first.port()));

	private final TestSentinel sentinel = TestSentinel.watch(this.first, DOWN_AFTER);

	@Override
	public String name() {
		return "Sentinel";
	}

	@Override
	public List<String> connection() {
		return Stream
			.concat(WITH_REPLICA.stream(), Stream.of("--spring.data.redis.sentinel.master=" + TestSentinel.MASTER,
					"--spring.data.redis.sentinel.nodes=127.0.0.1:" + this.sentinel.port()))
			.toList();
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
			return failedOver(stage, primary, () -> begin.accept(primary), () -> end.accept(primary));
		});
	}

	private Fault handedOver(Random random, Form form) {
		return new Fault("primary replaced on demand", "",
				(stage) -> failedOver(stage, primary(), this.sentinel::failover, () -> {
				}));
	}

	/**
	 * Whatever happens until all is well again is of the fault when Sentinel has failed
	 * over more than once: a machine under load can be too slow for it.
	 */
	private Strike failedOver(Stage stage, TestRedis former, Runnable begin, Runnable end) {
		long epoch = this.sentinel.epoch();
		long from = System.currentTimeMillis();
		begin.run();
		this.sentinel.awaitFailover(former);
		long to = System.currentTimeMillis();
		end.run();
		Duration recovery = stage.awaitStarts(to);
		this.sentinel.awaitReplica();
		boolean once = this.sentinel.epoch() == epoch + 1;
		if (!once) {
			System.out.println("Sentinel has failed over more than once");
		}
		return Strike.atAll(from, once ? to : System.currentTimeMillis(), recovery, AT_WORK);
	}

	@Override
	public void close() {
		this.sentinel.close();
		this.second.close();
		this.first.close();
	}

}
