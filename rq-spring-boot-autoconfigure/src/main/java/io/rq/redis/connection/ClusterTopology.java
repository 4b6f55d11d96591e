package io.rq.redis.connection;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.ClusterSlotHashUtil;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisClusterNode;
import org.springframework.data.redis.connection.RedisNode;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.convert.Converters;
import org.springframework.util.Assert;

import io.rq.log.SafeLog;

/**
 * Which node of a cluster has which slot, as far as is known. Safe for use by many
 * threads.
 */
final class ClusterTopology {

	private static final SafeLog log = SafeLog.of(ClusterTopology.class);

	private final RedisClusterConfiguration cluster;

	private volatile Set<RedisNode> nodes;

	private volatile Set<RedisNode> members = Set.of();

	/** By slot; what is not known is {@code null}. Replaced as a whole. */
	private volatile @Nullable RedisNode[] owners = new RedisNode[ClusterSlotHashUtil.SLOT_COUNT];

	/**
	 * Creates a topology of which nothing is known but some nodes.
	 * @param cluster these nodes, and who speaks to the cluster
	 */
	ClusterTopology(RedisClusterConfiguration cluster) {
		this.cluster = cluster;
		this.nodes = cluster.getClusterNodes();
		Assert.notEmpty(this.nodes, "'cluster' must name a node");
	}

	/** Returns the node that has a slot, or {@code null} if none is known. */
	@Nullable RedisNode owner(int slot) {
		return this.owners[slot];
	}

	/** Returns all nodes, replicas and those too that are configured. */
	Set<RedisNode> nodes() {
		return this.nodes;
	}

	/** Returns the nodes that the cluster has told of, none before it was asked. */
	Set<RedisNode> members() {
		return this.members;
	}

	/** Returns a node as a server. */
	RedisStandaloneConfiguration server(RedisNode node) {
		RedisStandaloneConfiguration server = new RedisStandaloneConfiguration(node.getRequiredHost(),
				node.getRequiredPort());
		server.setUsername(this.cluster.getUsername());
		server.setPassword(this.cluster.getPassword());
		return server;
	}

	/**
	 * Asks the nodes how it is now, until there is one for each slot.
	 * @param first who is asked first, because it says that it has not what it had;
	 * {@code null} for anybody
	 * @param last who is asked last, because it may not have heard yet that it has no
	 * slots any more; {@code null} for anybody
	 * @param question asks a node for {@code CLUSTER NODES}
	 * @return whether there is one for each slot
	 */
	synchronized boolean refresh(@Nullable RedisNode first, @Nullable RedisNode last,
			Function<RedisNode, @Nullable String> question) {
		Stream<RedisNode> others = this.nodes.stream().filter((node) -> !node.equals(first) && !node.equals(last));
		for (RedisNode node : Stream.concat(Stream.concat(Stream.ofNullable(first), others), Stream.ofNullable(last))
			.toList()) {
			try {
				String answer = question.apply(node);
				if (answer != null && learn(Converters.toSetOfRedisClusterNodes(answer), node)) {
					return true;
				}
			}
			catch (RuntimeException ex) {
				log.debug("Node {} of the cluster did not tell where the keys are", node, ex);
			}
		}
		return false;
	}

	private boolean learn(Set<RedisClusterNode> told, RedisNode asked) {
		if (told.stream().allMatch((node) -> node.getSlotRange().getSlots().isEmpty())) {
			// it is not, or no longer, one of the cluster
			return false;
		}
		Set<RedisNode> learned = new LinkedHashSet<>();
		// for a moment nobody may claim a slot that changes hands
		@Nullable RedisNode[] slots = this.owners.clone();
		for (RedisClusterNode node : told) {
			// a node without peers does not know its own address
			RedisNode address = node.hasValidHost() ? new RedisNode(node.getRequiredHost(), node.getRequiredPort())
					: asked;
			learned.add(address);
			for (int slot : List.copyOf(node.getSlotRange().getSlots())) {
				slots[slot] = address;
			}
		}
		this.members = Set.copyOf(learned);
		learned.addAll(this.cluster.getClusterNodes());
		this.nodes = learned;
		this.owners = slots;
		return Arrays.stream(slots).allMatch(Objects::nonNull);
	}

}
