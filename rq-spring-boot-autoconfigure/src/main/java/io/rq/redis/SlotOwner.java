package io.rq.redis;

import java.util.LinkedHashSet;
import java.util.List;
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

import io.rq.lifecycle.SafeLog;

/**
 * The node of a cluster that has all keys of a layout, because they are in one slot. It
 * is spoken to as a Redis of its own, and found again when it is another.
 */
final class SlotOwner {

	private static final SafeLog log = SafeLog.of(SlotOwner.class);

	private final RedisClusterConfiguration cluster;

	private final int slot;

	private Set<RedisNode> known;

	private volatile RedisNode owner;

	/**
	 * Creates the owner, who is not known yet: any node tells when it is asked for a key
	 * that it does not have.
	 * @param cluster some nodes of the cluster, and who speaks to it
	 * @param layout where the keys lie
	 * @throws IllegalArgumentException if the keys are in several slots
	 */
	SlotOwner(RedisClusterConfiguration cluster, KeyLayout layout) {
		Assert.isTrue(layout.isOneSlot(),
				() -> "'prefix' must have a hash tag on a Redis Cluster, as '{%s}' has".formatted(layout.prefix()));
		this.cluster = cluster;
		this.slot = ClusterSlotHashUtil.calculateSlot(layout.prefix());
		this.known = cluster.getClusterNodes();
		Assert.notEmpty(this.known, "'cluster' must name a node");
		this.owner = this.known.iterator().next();
	}

	/** Returns the owner as it was last known, as a server. */
	RedisStandaloneConfiguration server() {
		return server(this.owner);
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
	 * Asks who is the owner now. The last to be asked is the one who was it last, because
	 * it may not have heard yet that it is not any more.
	 * @param question asks a node for {@code CLUSTER NODES}
	 */
	synchronized void find(Function<RedisStandaloneConfiguration, @Nullable String> question) {
		List<RedisNode> others = this.known.stream().filter((node) -> !node.equals(this.owner)).toList();
		for (RedisNode node : Stream.concat(others.stream(), Stream.of(this.owner)).toList()) {
			try {
				String nodes = question.apply(server(node));
				if (nodes != null && learn(Converters.toSetOfRedisClusterNodes(nodes), node)) {
					return;
				}
			}
			catch (RuntimeException ex) {
				log.debug("Node {} of the cluster did not tell where the keys are", node, ex);
			}
		}
	}

	private boolean learn(Set<RedisClusterNode> nodes, RedisNode asked) {
		Set<RedisNode> learned = new LinkedHashSet<>(this.cluster.getClusterNodes());
		boolean found = false;
		for (RedisClusterNode node : nodes) {
			// a node without peers does not know its own address
			RedisNode address = node.hasValidHost() ? new RedisNode(node.getRequiredHost(), node.getRequiredPort())
					: asked;
			learned.add(address);
			if (node.servesSlot(this.slot)) {
				this.owner = address;
				found = true;
			}
		}
		this.known = learned;
		return found;
	}

}
