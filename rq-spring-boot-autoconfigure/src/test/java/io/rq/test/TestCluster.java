package io.rq.test;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.ClusterFailoverOption;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.MigrateParams;
import redis.clients.jedis.util.JedisClusterCRC16;

import org.springframework.util.Assert;

import static org.awaitility.Awaitility.await;

/**
 * A real Redis Cluster of three primaries, each with a replica unless it is to do
 * without.
 */
public final class TestCluster implements AutoCloseable {

	private static final int SLOTS = 16_384;

	private static final int SHARDS = 3;

	private static final Duration SOON = Duration.ofMinutes(1);

	/** The first of each shard is its primary at the start. */
	private final List<Shard> shards;

	private TestCluster(Duration nodeTimeout, boolean replicas) {
		String[] arguments = { "--cluster-enabled", "yes", "--cluster-node-timeout",
				Long.toString(nodeTimeout.toMillis()), "--repl-diskless-sync-delay", "0",
				"--cluster-allow-replica-migration", "no" };
		this.shards = IntStream.range(0, SHARDS)
			.mapToObj((shard) -> new Shard(TestRedis.start(arguments), replicas ? TestRedis.start(arguments) : null,
					IntStream.range(SLOTS * shard / SHARDS, SLOTS * (shard + 1) / SHARDS).toArray()))
			.toList();
	}

	/**
	 * Starts a cluster in which nothing takes the place of a primary by itself, and waits
	 * until it is complete.
	 * @return the cluster, to be closed by the caller
	 */
	public static TestCluster start() {
		return start(SOON);
	}

	/**
	 * Starts a cluster without replicas, which is there sooner, and waits until it is
	 * complete.
	 * @return the cluster, to be closed by the caller
	 */
	public static TestCluster startPrimaries() {
		return form(new TestCluster(SOON, false));
	}

	/**
	 * Starts a cluster and waits until it is complete.
	 * @param nodeTimeout for how long a primary may be silent before its replica takes
	 * its place
	 * @return the cluster, to be closed by the caller
	 */
	public static TestCluster start(Duration nodeTimeout) {
		return form(new TestCluster(nodeTimeout, true));
	}

	private static TestCluster form(TestCluster cluster) {
		try {
			cluster.form();
			return cluster;
		}
		catch (RuntimeException ex) {
			cluster.close();
			throw ex;
		}
	}

	private void form() {
		Shard first = this.shards.get(0);
		for (Shard shard : this.shards) {
			call(shard.primary, (node) -> node.clusterAddSlots(shard.slots));
		}
		for (TestRedis node : nodes()) {
			call(first.primary, (meeting) -> meeting.clusterMeet(node.host(), node.port()));
		}
		for (Shard shard : this.shards) {
			if (shard.replica != null) {
				follow(shard.replica, id(shard.primary));
			}
		}
		awaitAgreement();
	}

	private static void follow(TestRedis replica, String primary) {
		await().atMost(SOON).ignoreExceptionsInstanceOf(JedisException.class).until(() -> {
			call(replica, (node) -> node.clusterReplicate(primary));
			return true;
		});
	}

	private void awaitAgreement() {
		await().atMost(SOON).until(() -> nodes().stream().allMatch(this::isComplete));
	}

	private boolean isComplete(TestRedis node) {
		try (Jedis jedis = connect(node)) {
			List<String> nodes = jedis.clusterNodes().lines().toList();
			return jedis.clusterInfo().contains("cluster_state:ok") && nodes.size() == nodes().size()
					&& nodes.stream().filter((line) -> line.contains("slave")).count() == nodes.size() - SHARDS
					&& nodes.stream().allMatch((line) -> line.contains(" connected") && !line.contains("handshake"))
					&& (!jedis.info("replication").contains("role:slave")
							|| jedis.info("replication").contains("master_link_status:up"));
		}
	}

	private static Jedis connect(TestRedis node) {
		return new Jedis(node.host(), node.port(), (int) SOON.toMillis());
	}

	private static void call(TestRedis node, Consumer<Jedis> call) {
		try (Jedis jedis = connect(node)) {
			call.accept(jedis);
		}
	}

	private static String id(TestRedis node) {
		try (Jedis jedis = connect(node)) {
			return jedis.clusterMyId();
		}
	}

	/**
	 * All nodes: those that were primaries at the start, each followed by its replica.
	 * @return the nodes
	 */
	public List<TestRedis> nodes() {
		return this.shards.stream().flatMap((shard) -> shard.nodes()).toList();
	}

	/**
	 * The nodes as {@code spring.data.redis.cluster.nodes} names them.
	 * @return their addresses
	 */
	public String addresses() {
		return nodes().stream().map((node) -> node.host() + ":" + node.port()).collect(Collectors.joining(","));
	}

	/**
	 * The primary that had a key at the start.
	 * @param key the key
	 * @return the node
	 */
	public TestRedis owner(String key) {
		return shard(key).primary;
	}

	/**
	 * The replica of {@link #owner(String)} at the start.
	 * @param key the key
	 * @return the node
	 */
	public TestRedis replica(String key) {
		TestRedis replica = shard(key).replica;
		Assert.state(replica != null, "This cluster has no replicas");
		return replica;
	}

	/**
	 * A primary that did not have a key at the start.
	 * @param key the key
	 * @return the node
	 */
	public TestRedis other(String key) {
		return this.shards.stream().filter((shard) -> shard != shard(key)).findFirst().orElseThrow().primary;
	}

	private Shard shard(String key) {
		return this.shards.get(JedisClusterCRC16.getSlot(key) * SHARDS / SLOTS);
	}

	/**
	 * Lets the replica of a key's owner take its place, which is gone.
	 * @param key the key
	 */
	public void takeOver(String key) {
		promote(key, (replica) -> replica.clusterFailover(ClusterFailoverOption.TAKEOVER));
	}

	/**
	 * Lets a key's owner hand its place over to its replica.
	 * @param key the key
	 */
	public void handOver(String key) {
		promote(key, Jedis::clusterFailover);
	}

	private void promote(String key, Consumer<Jedis> request) {
		call(replica(key), request);
		awaitPrimary(replica(key), owner(key));
	}

	private void awaitPrimary(TestRedis primary, TestRedis gone) {
		String id = id(primary);
		await().atMost(SOON).until(() -> nodes().stream().filter((node) -> node != gone).allMatch((node) -> {
			try (Jedis jedis = connect(node)) {
				return jedis.clusterNodes().lines().anyMatch((line) -> line.startsWith(id) && line.contains("master"));
			}
		}));
	}

	/**
	 * Begins to move the slot of a key from one primary to another: nothing is carried
	 * out that names a key which is not there.
	 * @param key the key
	 * @param from who has the slot
	 * @param to who is to have it
	 */
	public void beginMove(String key, TestRedis from, TestRedis to) {
		int slot = JedisClusterCRC16.getSlot(key);
		String source = id(from);
		String target = id(to);
		call(to, (node) -> node.clusterSetSlotImporting(slot, source));
		call(from, (node) -> node.clusterSetSlotMigrating(slot, target));
	}

	/**
	 * Moves some keys of a slot whose move has begun.
	 * @param key a key in the slot
	 * @param from who has the slot
	 * @param to who is to have it
	 * @param most how many keys at most
	 * @return how many keys were moved
	 */
	public int moveKeys(String key, TestRedis from, TestRedis to, int most) {
		try (Jedis jedis = connect(from)) {
			List<byte[]> keys = jedis.clusterGetKeysInSlotBinary(JedisClusterCRC16.getSlot(key), most);
			if (!keys.isEmpty()) {
				jedis.migrate(to.host(), to.port(), (int) SOON.toMillis(), new MigrateParams(),
						keys.toArray(byte[][]::new));
			}
			return keys.size();
		}
	}

	/**
	 * Ends the move of a slot, with the keys that are left, and waits until all nodes
	 * know.
	 * @param key a key in the slot
	 * @param from who had the slot
	 * @param to who is to have it
	 */
	public void endMove(String key, TestRedis from, TestRedis to) {
		while (moveKeys(key, from, to, 10) > 0) {
			Thread.onSpinWait();
		}
		int slot = JedisClusterCRC16.getSlot(key);
		String target = id(to);
		Stream.of(to, from).forEach((node) -> call(node, (jedis) -> jedis.clusterSetSlotNode(slot, target)));
		await().atMost(SOON).until(() -> nodes().stream().allMatch((node) -> isOwner(target, slot, node)));
	}

	private static boolean isOwner(String id, int slot, TestRedis witness) {
		try (Jedis jedis = connect(witness)) {
			return jedis.clusterShards()
				.stream()
				.filter((shard) -> shard.getNodes().stream().anyMatch((node) -> node.getId().equals(id)))
				.flatMap((shard) -> shard.getSlots().stream())
				.anyMatch((range) -> range.get(0) <= slot && slot <= range.get(1));
		}
	}

	/**
	 * Moves the slot of a key from one primary to another.
	 * @param key the key
	 * @param from who has the slot
	 * @param to who is to have it
	 */
	public void move(String key, TestRedis from, TestRedis to) {
		beginMove(key, from, to);
		endMove(key, from, to);
	}

	/**
	 * Everything that is on the primaries now.
	 * @return the state
	 */
	public RedisState state() {
		SortedMap<String, RedisState.Entry> keys = new TreeMap<>();
		for (TestRedis node : nodes()) {
			if (isPrimary(node)) {
				keys.putAll(node.state().keys());
			}
		}
		return new RedisState(keys);
	}

	/**
	 * The names of all keys that are on the primaries now, those too that are on their
	 * way.
	 * @return the names
	 */
	public Set<String> keys() {
		Set<String> keys = new TreeSet<>();
		for (TestRedis node : nodes()) {
			if (isPrimary(node)) {
				call(node, (jedis) -> keys.addAll(jedis.keys("*")));
			}
		}
		return keys;
	}

	private static boolean isPrimary(TestRedis node) {
		try (Jedis jedis = connect(node)) {
			return jedis.info("replication").contains("role:master");
		}
		catch (JedisException ex) {
			return false;
		}
	}

	/** Removes all data. */
	public void flush() {
		nodes().stream().filter(TestCluster::isPrimary).forEach(TestRedis::flush);
	}

	@Override
	public void close() {
		nodes().forEach(TestRedis::close);
	}

	/**
	 * A primary, its replica and their slots at the start.
	 */
	@SuppressWarnings("ArrayRecordComponent")
	private record Shard(TestRedis primary, @Nullable TestRedis replica, int[] slots) {

		Stream<TestRedis> nodes() {
			return Stream.concat(Stream.of(this.primary), Stream.ofNullable(this.replica));
		}

	}

}
