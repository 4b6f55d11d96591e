package io.rq.test;

import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.util.StringUtils;

/**
 * The {@linkplain TestRedis#shared() shared} Redis where it is a cluster: what is asked
 * of all of it, all nodes do.
 */
final class SharedCluster extends TestRedis {

	private final TestCluster cluster;

	private SharedCluster(TestCluster cluster, TestRedis first) {
		super(new Node(first), true);
		this.cluster = cluster;
	}

	/**
	 * Starts the cluster. Applications find it by system properties, which come before
	 * what their tests say of one server.
	 */
	static SharedCluster start() {
		TestCluster cluster = TestCluster.startPrimaries();
		System.setProperty("spring.data.redis.cluster.nodes", cluster.addresses());
		System.setProperty("rq.layout", "cluster");
		return new SharedCluster(cluster, cluster.nodes().get(0));
	}

	@Override
	public boolean isAtLeast(int major) {
		return this.cluster.nodes().get(0).isAtLeast(major);
	}

	@Override
	public RedisConnectionFactory newConnectionFactory() {
		return RedisClients.connect(
				new RedisClusterConfiguration(StringUtils.commaDelimitedListToSet(this.cluster.addresses())),
				COMMAND_TIMEOUT);
	}

	@Override
	public void flush() {
		this.cluster.flush();
	}

	@Override
	public long endWaits() {
		return this.cluster.nodes().stream().mapToLong(TestRedis::endWaits).sum();
	}

	@Override
	public long subscribers(String channel) {
		return this.cluster.nodes().stream().mapToLong((node) -> node.subscribers(channel)).sum();
	}

	@Override
	public RedisState state() {
		return this.cluster.state();
	}

	/** Where clients begin to look. */
	private record Node(TestRedis node) implements RedisServerHandle {

		@Override
		public String host() {
			return this.node.host();
		}

		@Override
		public int port() {
			return this.node.port();
		}

		@Override
		public void start() {
			this.node.restart();
		}

		@Override
		public void stop() {
			this.node.stop();
		}

		@Override
		public void kill() {
			this.node.kill();
		}

		@Override
		public ProcessHandle process() {
			return this.node.process();
		}

	}

}
