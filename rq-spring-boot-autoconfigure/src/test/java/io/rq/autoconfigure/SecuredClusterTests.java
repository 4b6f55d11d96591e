package io.rq.autoconfigure;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.rq.test.OneRedis;
import io.rq.test.RedisRole;
import io.rq.test.RequiresTls;
import io.rq.test.TestCertificate;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application and a Redis Cluster whose nodes speak TLS, to each other too, and let in
 * a user of whom the documentation says what rights are needed.
 */
@RequiresTls
@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
@OneRedis("has a cluster of its own with TLS and users")
class SecuredClusterTests {

	private static final int SLOTS = 16_384;

	/** Nodes speak to each other on a port that is 10,000 higher. */
	private static final int HIGHEST_PORT = 55_535;

	/** By their ports for TLS. */
	private final TreeMap<Integer, TestRedis> nodes = new TreeMap<>();

	private TestCertificate server;

	private TestCertificate client;

	@BeforeEach
	void start(@TempDir Path folder) throws Exception {
		this.server = TestCertificate.create(folder, "server");
		this.client = TestCertificate.create(folder, "client");
		Path trusted = Files.writeString(folder.resolve("trusted.crt"),
				Files.readString(this.server.certificate()) + Files.readString(this.client.certificate()));
		while (this.nodes.size() < 3) {
			int port = TlsTests.freePort();
			if (port > HIGHEST_PORT) {
				continue;
			}
			this.nodes.put(port,
					TestRedis.start("--cluster-enabled", "yes", "--tls-cluster", "yes", "--tls-port",
							String.valueOf(port), "--tls-cert-file", this.server.certificate().toString(),
							"--tls-key-file", this.server.key().toString(), "--tls-ca-cert-file", trusted.toString()));
		}
		int slot = 0;
		for (TestRedis node : this.nodes.values()) {
			int end = (node == this.nodes.lastEntry().getValue()) ? SLOTS : slot + SLOTS / 3;
			form(node, slot, end);
			slot = end;
		}
		Awaitility.await().until(() -> this.nodes.values().stream().allMatch(SecuredClusterTests::isComplete));
		this.nodes.values().forEach(SecuredClusterTests::restrict);
	}

	private void form(TestRedis node, int from, int to) {
		try (Jedis jedis = new Jedis(node.host(), node.port())) {
			jedis.clusterAddSlotsRange(from, to - 1);
			this.nodes.keySet().forEach((port) -> jedis.clusterMeet(node.host(), port));
		}
	}

	private static void restrict(TestRedis node) {
		node.setUser("app", rules().toArray(String[]::new));
		node.setUser("default", "resetpass", "off");
	}

	private static List<String> rules() {
		List<String> rules = new ArrayList<>(List.of("on", ">secret", "~rq:*", "+cluster|nodes", "+cluster|slots"));
		Stream.of(RedisRole.PRODUCER, RedisRole.WORKER, RedisRole.SCHEDULER)
			.flatMap((role) -> role.rules().stream())
			.filter((rule) -> rule.matches("[+&-].*"))
			.forEach(rules::add);
		return rules;
	}

	private static boolean isComplete(TestRedis node) {
		try (Jedis jedis = new Jedis(node.host(), node.port())) {
			return jedis.clusterInfo().contains("cluster_state:ok")
					&& jedis.clusterNodes().lines().filter((line) -> line.contains(" connected ")).count() == 3;
		}
	}

	@AfterEach
	void stop() {
		this.nodes.values().forEach(TestRedis::close);
	}

	@Test
	void jobsOfAllKindsEnd(CapturedOutput output) {
		TlsTests.application(this.client.keyStore(), this.server.trustStore())
			.withPropertyValues("rq.layout=cluster", "spring.data.redis.username=app",
					"spring.data.redis.password=secret",
					"spring.data.redis.cluster.nodes=" + this.nodes.keySet()
						.stream()
						.map((port) -> "127.0.0.1:" + port)
						.collect(Collectors.joining(",")))
			.run(RqEndToEndTests::jobsOfAllKindsEnd);
		assertThat(output).doesNotContain("cannot reach Redis", "may not", "NOPERM");
	}

}
