package io.rq.redis;

import java.util.List;

import org.junit.jupiter.api.Test;

import io.rq.RqException;
import io.rq.test.OneRedis;
import io.rq.test.RedisTest;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for what the oldest Redis that is supported cannot do.
 */
@RedisTest
@OneRedis("its layout is the one for clusters, on one server")
class OldRedisTests {

	@Test
	void theLayoutForClustersNeedsRedis7(TestRedis redis) {
		QueueStore queues = new QueueStore(new RedisScripts(redis.connectionFactory(), KeyLayout.tagged("rq")));
		if (redis.isAtLeast(7)) {
			assertThat(queues.census(List.of("mail"))).hasSize(1);
		}
		else {
			assertThatExceptionOfType(RqException.class).isThrownBy(() -> queues.census(List.of("mail")))
				.withMessageContaining("needs Redis 7")
				.withMessageContaining("'rq.layout'");
		}
	}

}
