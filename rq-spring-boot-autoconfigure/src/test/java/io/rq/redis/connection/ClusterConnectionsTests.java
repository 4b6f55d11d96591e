package io.rq.redis.connection;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.util.StringUtils;

import io.rq.lifecycle.Listeners;
import io.rq.redis.KeyLayout;
import io.rq.redis.connection.OwnConnections.Use;
import io.rq.test.RedisClients;
import io.rq.test.TestCluster;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ClusterConnections} whose cluster gains and loses a node.
 */
class ClusterConnectionsTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(5);

	@Test
	void thoseToANodeThatHasLeftAreClosed() throws Exception {
		try (TestCluster cluster = TestCluster.startPrimaries();
				TestRedis fourth = TestRedis.start("--cluster-enabled", "yes")) {
			TestRedis first = cluster.nodes().get(0);
			call(first, (node) -> node.clusterMeet(fourth.host(), fourth.port()));
			Awaitility.await()
				.until(() -> cluster.nodes()
					.stream()
					.allMatch((node) -> call(node, Jedis::clusterNodes).contains(id(fourth) + " ")));
			RedisConnectionFactory application = RedisClients.connect(
					new RedisClusterConfiguration(StringUtils.commaDelimitedListToSet(cluster.addresses())), TIMEOUT);
			ClusterConnections connections = (ClusterConnections) Objects.requireNonNull(OwnConnections.like(
					application, KeyLayout.tagged("rq")::clusterKey, Use.engine(TIMEOUT), new Listeners<>(List.of())));
			try {
				String address = fourth.host() + ":" + fourth.port();
				try (RedisConnection connection = Objects.requireNonNull(connections.all().get(address))
					.getConnection()) {
					assertThat(connection.ping()).isEqualTo("PONG");
				}
				assertThat(clients(fourth)).isPositive();
				String id = id(fourth);
				call(fourth, Jedis::clusterReset);
				cluster.nodes().forEach((node) -> call(node, (jedis) -> jedis.clusterForget(id)));
				assertThat(connections.all()).hasSize(3).doesNotContainKey(address);
				Awaitility.await().until(() -> clients(fourth) == 0);
			}
			finally {
				connections.destroy();
				RedisClients.close(application);
			}
		}
	}

	/** Counts who else is connected. */
	private static long clients(TestRedis node) {
		return call(node, (jedis) -> jedis.clientList().lines().filter((line) -> !line.contains("cmd=client")).count());
	}

	private static String id(TestRedis node) {
		return call(node, Jedis::clusterMyId);
	}

	private static <T> T call(TestRedis node, Function<Jedis, T> call) {
		try (Jedis jedis = new Jedis(node.host(), node.port())) {
			return call.apply(jedis);
		}
	}

}
