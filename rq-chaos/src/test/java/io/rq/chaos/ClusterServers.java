package io.rq.chaos;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.util.JedisClusterCRC16;

import io.rq.test.RedisState;
import io.rq.test.TestCluster;
import io.rq.test.TestRedis;

/**
 * A cluster of three primaries, each with a replica. Producers wait for the replica.
 */
final class ClusterServers implements Ground {

	private static final Duration AT_WORK = Duration.ofSeconds(2);

	/** In the slot of the queue that has most of the load. */
	private static final String BUSIEST = "{" + Shape.QUEUE + "}";

	private final TestCluster cluster = TestCluster.start(Duration.ofSeconds(2));

	@Override
	public String name() {
		return "Redis Cluster";
	}

	@Override
	public List<String> connection() {
		return Stream
			.concat(WITH_REPLICA.stream(),
					Stream.of("--spring.data.redis.cluster.nodes=" + this.cluster.addresses(), "--rq.layout=cluster"))
			.toList();
	}

	@Override
	public UnifiedJedis connect() {
		TestRedis node = owner();
		return RedisClusterClient.create(new HostAndPort(node.host(), node.port()));
	}

	@Override
	public RedisState state() {
		return this.cluster.state();
	}

	@Override
	public String key(String queue, String name) {
		return "rq:{" + queue + "}:" + name;
	}

	@Override
	public List<Fault.Kind> faults() {
		return Stream.concat(ProcessFaults.deaths().stream(), Stream.of(this::slotMoved, this::primaryKilled)).toList();
	}

	private Fault slotMoved(Random random, Form form) {
		int choice = random.nextInt(2);
		return new Fault("busiest slot moved to another node", "", (stage) -> {
			TestRedis owner = owner();
			this.cluster.move(BUSIEST, owner, primaries().filter((node) -> node != owner).toList().get(choice));
			return Strike.harmless(stage.awaitStarts(System.currentTimeMillis()), AT_WORK);
		});
	}

	private Fault primaryKilled(Random random, Form form) {
		return new Fault("primary of the busiest slot killed", "", (stage) -> {
			TestRedis owner = owner();
			long from = System.currentTimeMillis();
			owner.kill();
			Stage.comes(() -> primaries().anyMatch((node) -> node != owner && owns(node)));
			long to = System.currentTimeMillis();
			Duration recovery = stage.awaitStarts(to);
			owner.restart();
			Stage.comes(() -> replication(owner).contains("master_link_status:up"));
			return Strike.atAll(from, to, recovery, AT_WORK);
		});
	}

	/** The primary that has the busiest slot now. */
	private TestRedis owner() {
		return primaries().filter(ClusterServers::owns)
			.findFirst()
			.orElseThrow(() -> new IllegalStateException("Nobody owns the slot of " + BUSIEST));
	}

	private Stream<TestRedis> primaries() {
		return this.cluster.nodes().stream().filter((node) -> replication(node).contains("role:master"));
	}

	/** What a node says of its replication, an empty text if it is gone. */
	private static String replication(TestRedis node) {
		try (Jedis jedis = new Jedis(node.host(), node.port())) {
			return jedis.info("replication");
		}
		catch (JedisException ex) {
			return "";
		}
	}

	private static boolean owns(TestRedis node) {
		int slot = JedisClusterCRC16.getSlot(BUSIEST);
		try (Jedis jedis = new Jedis(node.host(), node.port())) {
			String id = jedis.clusterMyId();
			return jedis.clusterShards()
				.stream()
				.filter((shard) -> shard.getNodes()
					.stream()
					.anyMatch((member) -> member.getId().equals(id) && member.getRole().equals("master")))
				.flatMap((shard) -> shard.getSlots().stream())
				.anyMatch((range) -> range.get(0) <= slot && slot <= range.get(1));
		}
	}

	@Override
	public void close() {
		this.cluster.close();
	}

}
