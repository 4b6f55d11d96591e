package io.rq.redis;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link KeyLayout}.
 */
class KeyLayoutTests {

	@ParameterizedTest
	@ValueSource(strings = { "rq", "r{}q", "r{q" })
	void keysInSeveralSlotsFitNoCluster(String prefix) {
		assertThatIllegalArgumentException().isThrownBy(KeyLayout.rq(prefix)::clusterKey)
			.withMessageContaining("hash tag");
	}

	@Test
	void keysInOneSlotAndThoseOfQueuesWithTagsFitACluster() {
		assertThat(KeyLayout.rq("{rq}").clusterKey()).isEqualTo("{rq}:queues");
		assertThat(KeyLayout.tagged("rq").clusterKey()).isEqualTo("rq:queues");
	}

}
