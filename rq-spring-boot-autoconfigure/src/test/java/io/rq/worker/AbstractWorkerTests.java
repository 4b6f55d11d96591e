package io.rq.worker;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

import org.springframework.data.redis.connection.RedisConnectionFactory;

import io.rq.job.Job;
import io.rq.job.JobStatus;
import io.rq.lifecycle.Listeners;
import io.rq.redis.connection.OwnConnections;
import io.rq.test.RedisClients;
import io.rq.test.RedisTest;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What the tests of running workers share: workers that end with each test, and the
 * patience to wait for what they do.
 */
@RedisTest
abstract class AbstractWorkerTests {

	final WorkerBench bench;

	private final @Nullable RedisConnectionFactory own;

	AbstractWorkerTests(RedisConnectionFactory connections) {
		// the stores of a cluster have connections of their own anyway
		this.own = TestRedis.isCluster() ? null
				: OwnConnections.like(connections, OwnConnections.Use.engine(Duration.ofSeconds(10)), Listeners.none());
		this.bench = new WorkerBench((this.own != null) ? this.own : connections);
	}

	@BeforeAll
	static void patience() {
		Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
	}

	@AfterEach
	void close() {
		this.bench.close();
		if (this.own != null) {
			RedisClients.close(this.own);
		}
	}

	final void awaitStatus(Job job, JobStatus status) {
		await().untilAsserted(() -> assertThat(this.bench.status(job)).isEqualTo(status));
	}

	static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
