package io.rq.redis.connection;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.Lifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.ClusterStateFailureException;
import org.springframework.data.redis.connection.ClusterSlotHashUtil;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisClusterConnection;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisNode;
import org.springframework.data.redis.connection.RedisSentinelConnection;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.util.Assert;

import io.rq.lifecycle.Listeners;
import io.rq.log.SafeLog;

/**
 * Connections of our own to the nodes of a cluster, each of which is spoken to as a Redis
 * of its own: so both clients can block, pipeline and run scripts there as anywhere else.
 * A call goes to the node that has its key. Where that is, is asked anew when a
 * connection is of no use any more: the node is gone, or it says that it is not the one.
 * Then those to nodes that have left the cluster are closed.
 */
public final class ClusterConnections implements RedisConnectionFactory, Lifecycle, DisposableBean {

	/** Longer than all that is looked at for one overview. */
	private static final Duration MOMENT = Duration.ofSeconds(5);

	private static final SafeLog log = SafeLog.of(ClusterConnections.class);

	private final ClusterTopology topology;

	private final String commonKey;

	private final BiFunction<RedisStandaloneConfiguration, Listeners<ConnectionListener>, ReplaceableConnections> connector;

	private final Listeners<ConnectionListener> listeners;

	private final SilentNodes silent = new SilentNodes(MOMENT);

	private final Map<RedisNode, ReplaceableConnections> nodes = new ConcurrentHashMap<>();

	private volatile boolean running = true;

	/**
	 * Creates the connections, of which each is opened when it is needed.
	 * @param cluster some nodes of the cluster, and who speaks to it
	 * @param commonKey decides where that goes which belongs to no key
	 * @param connector makes and starts connections to a node, which tell the listeners
	 * when they are replaced
	 * @param listeners hear when those to a node are replaced
	 */
	ClusterConnections(RedisClusterConfiguration cluster, String commonKey,
			BiFunction<RedisStandaloneConfiguration, Listeners<ConnectionListener>, ReplaceableConnections> connector,
			Listeners<ConnectionListener> listeners) {
		this.topology = new ClusterTopology(cluster);
		this.commonKey = commonKey;
		this.connector = connector;
		this.listeners = listeners;
	}

	/**
	 * Returns the nodes that whoever only looks does not ask now.
	 * @return the nodes
	 */
	public SilentNodes silent() {
		return this.silent;
	}

	/**
	 * Returns the node that has a key.
	 * @param key the key
	 * @return the node
	 * @throws ClusterStateFailureException if no node is known to have it
	 */
	public Server server(String key) {
		RedisNode owner = owner(key);
		ReplaceableConnections connections = of(owner);
		return new Server(connections, connections.care(), () -> moved(key, owner));
	}

	/** Nothing is asked again that another call has found out already. */
	private void moved(String key, RedisNode from) {
		synchronized (this.topology) {
			if (from.equals(this.topology.owner(ClusterSlotHashUtil.calculateSlot(key)))) {
				refresh(from, null);
			}
		}
	}

	private ReplaceableConnections common() {
		return of(owner(this.commonKey));
	}

	private RedisNode owner(String key) {
		int slot = ClusterSlotHashUtil.calculateSlot(key);
		RedisNode owner = this.topology.owner(slot);
		if (owner == null) {
			refresh(null, null);
			owner = this.topology.owner(slot);
		}
		if (owner == null) {
			throw new ClusterStateFailureException("No node of the Redis Cluster is known to serve slot " + slot
					+ ", which has key '" + key + "'. Is one of " + this.topology.nodes() + " up?");
		}
		return owner;
	}

	private ReplaceableConnections of(RedisNode node) {
		return this.nodes.computeIfAbsent(node, this::open);
	}

	private ReplaceableConnections open(RedisNode node) {
		ReplaceableConnections connections = this.connector.apply(this.topology.server(node),
				new Listeners<>(List.of((trouble) -> replaced(node, trouble))));
		if (!this.running) {
			connections.stop();
		}
		return connections;
	}

	private void replaced(RedisNode node, ConnectionTrouble trouble) {
		if (this.running) {
			refresh(null, node);
		}
		this.listeners.tell((listener) -> listener.replaced(trouble));
	}

	private void refresh(@Nullable RedisNode first, @Nullable RedisNode last) {
		if (this.topology.refresh(first, last, (node) -> of(node).clusterNodes())) {
			Set<RedisNode> members = this.topology.members();
			this.nodes.keySet().stream().filter((node) -> !members.contains(node)).toList().forEach(this::close);
		}
	}

	private void close(RedisNode node) {
		ReplaceableConnections connections = this.nodes.remove(node);
		try {
			if (connections != null) {
				connections.destroy();
			}
		}
		catch (Exception ex) {
			log.debug("Connections to node {}, which is no part of the cluster any more, were not closed", node, ex);
		}
	}

	/**
	 * Returns the connections to all nodes of the cluster, replicas too.
	 * @return the connections, by the addresses of the nodes
	 */
	public SortedMap<String, RedisConnectionFactory> all() {
		refresh(null, null);
		SortedMap<String, RedisConnectionFactory> all = new TreeMap<>();
		this.topology.members().forEach((node) -> all.put(node.asString(), of(node)));
		return all;
	}

	/**
	 * Returns the address of the node that has a key.
	 * @param key the key
	 * @return host and port
	 * @throws ClusterStateFailureException if no node is known to have it
	 */
	public String address(String key) {
		return owner(key).asString();
	}

	/** Returns a connection to the node that has what is common to all queues. */
	@Override
	public RedisConnection getConnection() {
		return common().getConnection();
	}

	@Override
	public boolean getConvertPipelineAndTxResults() {
		return common().getConvertPipelineAndTxResults();
	}

	@Override
	public RedisClusterConnection getClusterConnection() {
		throw new UnsupportedOperationException("Each node is spoken to by itself");
	}

	@Override
	public RedisSentinelConnection getSentinelConnection() {
		throw new UnsupportedOperationException("A cluster has no Sentinels");
	}

	@Override
	public @Nullable DataAccessException translateExceptionIfPossible(RuntimeException ex) {
		return common().translateExceptionIfPossible(ex);
	}

	@Override
	public void start() {
		this.running = true;
		this.nodes.values().forEach(Lifecycle::start);
	}

	@Override
	public void stop() {
		this.running = false;
		this.nodes.values().forEach(Lifecycle::stop);
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public void destroy() throws Exception {
		for (ReplaceableConnections connections : this.nodes.values()) {
			connections.destroy();
		}
		this.nodes.clear();
	}

}
