package io.rq.test;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TestSentinelTests {

	@Test
	void failsOverToTheReplica() {
		try (TestRedis primary = TestRedis.start();
				TestRedis replica = TestRedis.start("--replicaof", "127.0.0.1", String.valueOf(primary.port()));
				TestSentinel sentinel = TestSentinel.watch(primary)) {
			assertThat(sentinel.primaryPort()).isEqualTo(primary.port());
			long epoch = sentinel.epoch();
			primary.kill();
			sentinel.awaitFailover(primary);
			assertThat(sentinel.primaryPort()).isEqualTo(replica.port());
			assertThat(sentinel.epoch()).isEqualTo(epoch + 1);
		}
	}

}
