package io.rq.test;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.ClusterFailoverOption;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.util.JedisClusterCRC16;

import static org.awaitility.Awaitility.await;

/**
 * A real Redis Cluster of two primaries; the one that has a key has a replica.
 */
public final class TestCluster implements AutoCloseable {

	private static final int SLOTS = 16_384;

	private static final int HALF = SLOTS / 2;

	private final TestRedis other = node();

	private final TestRedis owner = node();

	private final TestRedis replica = node();

	private TestCluster() {
	}

	/**
	 * Starts a cluster and waits until it is complete.
	 * @param key the key that {@link #owner()} has
	 * @return the cluster, to be closed by the caller
	 */
	public static TestCluster start(String key) {
		TestCluster cluster = new TestCluster();
		cluster.form(JedisClusterCRC16.getSlot(key) < HALF);
		return cluster;
	}

	private static TestRedis node() {
		return TestRedis.start("--cluster-enabled", "yes", "--cluster-node-timeout", "60000",
				"--repl-diskless-sync-delay", "0");
	}

	private void form(boolean low) {
		try (Jedis jedis = connect(this.owner);
				Jedis others = connect(this.other);
				Jedis copy = connect(this.replica)) {
			jedis.clusterAddSlots(slots(low ? 0 : HALF));
			others.clusterAddSlots(slots(low ? HALF : 0));
			jedis.clusterMeet(this.other.host(), this.other.port());
			jedis.clusterMeet(this.replica.host(), this.replica.port());
			String id = jedis.clusterMyId();
			await().ignoreExceptionsInstanceOf(JedisException.class)
				.until(() -> copy.clusterReplicate(id).equals("OK"));
			await().until(() -> Stream.of(jedis, others, copy)
				.allMatch((node) -> node.clusterInfo().contains("cluster_state:ok")
						&& node.clusterNodes().lines().filter((line) -> line.contains("connected")).count() == 3
						&& node.clusterNodes().contains("slave " + id)));
			await().until(() -> copy.info("replication").contains("master_link_status:up"));
		}
	}

	private static int[] slots(int first) {
		return IntStream.range(first, first + HALF).toArray();
	}

	private static Jedis connect(TestRedis node) {
		return new Jedis(node.host(), node.port());
	}

	/**
	 * The node that had the key at the start.
	 * @return the node
	 */
	public TestRedis owner() {
		return this.owner;
	}

	/**
	 * The node that never has the key.
	 * @return the node
	 */
	public TestRedis other() {
		return this.other;
	}

	/**
	 * The node that is the owner's replica at the start.
	 * @return the node
	 */
	public TestRedis replica() {
		return this.replica;
	}

	/** Lets the replica take the place of its primary, which is gone. */
	public void takeOver() {
		promote((replica) -> replica.clusterFailover(ClusterFailoverOption.TAKEOVER));
	}

	/** Lets the primary hand its place over to the replica. */
	public void handOver() {
		promote(Jedis::clusterFailover);
	}

	private void promote(Consumer<Jedis> request) {
		try (Jedis jedis = connect(this.replica); Jedis others = connect(this.other)) {
			request.accept(jedis);
			String id = jedis.clusterMyId();
			await().until(() -> List.of(jedis, others)
				.stream()
				.allMatch((node) -> node.clusterNodes()
					.lines()
					.anyMatch((line) -> line.startsWith(id) && line.contains("master"))));
		}
	}

	@Override
	public void close() {
		Stream.of(this.other, this.owner, this.replica).forEach(TestRedis::close);
	}

}
