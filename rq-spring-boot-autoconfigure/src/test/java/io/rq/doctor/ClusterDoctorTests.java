package io.rq.doctor;

import java.util.List;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import redis.clients.jedis.Jedis;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.rq.autoconfigure.RqAutoConfiguration;
import io.rq.test.RedisClients;
import io.rq.test.TestCluster;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Doctor} on a Redis Cluster, each node of which is examined.
 */
@EnabledIf(value = "isRedis7", disabledReason = "Redis before 7 has no scripts that are held to one slot")
class ClusterDoctorTests {

	static boolean isRedis7() {
		return TestRedis.shared().isAtLeast(7);
	}

	@Test
	void eachNodeIsExaminedAndNamed() {
		try (TestCluster cluster = TestCluster.start()) {
			TestRedis replica = cluster.replica("a");
			TestRedis owner = cluster.owner("a");
			command(replica, (jedis) -> jedis.configSet("maxmemory-policy", "allkeys-lru"));
			command(owner, (jedis) -> jedis.aclSetUser("default", "-zadd"));
			runner(cluster).run((context) -> {
				Doctor doctor = context.getBean(Doctor.class);
				List<Finding> findings = doctor.examine();
				assertThat(texts("eviction-policy", findings)).singleElement()
					.asString()
					.startsWith("On " + address(replica) + ": ");
				assertThat(texts("scripting", findings)).singleElement()
					.asString()
					.startsWith("On " + address(owner) + ": ")
					.contains("ZADD");
				assertThat(texts("persistence", findings)).singleElement()
					.satisfies((text) -> assertThat(cluster.nodes())
						.allSatisfy((node) -> assertThat(text).contains(address(node))));
				assertThat(texts("server-role", findings)).isEmpty();
				replica.kill();
				assertThat(texts("version", doctor.examine())).singleElement()
					.asString()
					.startsWith("On " + address(replica) + ": The node does not answer: ");
			});
		}
	}

	@Test
	void aNodeWithoutReplicaIsAWord() {
		try (TestCluster cluster = TestCluster.startPrimaries()) {
			runner(cluster).run((context) -> assertThat(context.getBean(Doctor.class).examine())
				.filteredOn((finding) -> finding.check().equals("server-role"))
				.singleElement()
				.satisfies((finding) -> assertThat(finding.severity()).isEqualTo(Severity.INFORMATION))
				.satisfies((finding) -> assertThat(finding.text()).contains("no replica")));
		}
	}

	private static ApplicationContextRunner runner(TestCluster cluster) {
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, JacksonAutoConfiguration.class,
					RqAutoConfiguration.class))
			.withPropertyValues("spring.data.redis.client-type=" + RedisClients.name(),
					"spring.data.redis.cluster.nodes=" + cluster.addresses(), "spring.data.redis.timeout=2s",
					"rq.layout=cluster", "rq.doctor.enabled=false");
	}

	private static void command(TestRedis node, Consumer<Jedis> command) {
		try (Jedis jedis = new Jedis(node.host(), node.port())) {
			command.accept(jedis);
		}
	}

	private static String address(TestRedis node) {
		return node.host() + ":" + node.port();
	}

	private static List<String> texts(String check, List<Finding> findings) {
		return findings.stream().filter((finding) -> finding.check().equals(check)).map(Finding::text).toList();
	}

}
