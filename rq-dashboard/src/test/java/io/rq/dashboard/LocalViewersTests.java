package io.rq.dashboard;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link LocalViewers}.
 */
class LocalViewersTests {

	private final LocalViewers viewers = new LocalViewers("ROLE_RQ_VIEWER");

	@ParameterizedTest
	@ValueSource(
			strings = { "127.0.0.1", "127.1.2.3", "::1", "0:0:0:0:0:0:0:1", "0:0:0:0:0:0:0:1%lo", "::ffff:127.0.0.1" })
	void thisMachineIsLetIn(String address) {
		assertThat(this.viewers.admit(address, "localhost", false).guarded()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "10.0.0.1", "192.168.127.0", "::2", "::ffff:10.0.0.1", "fe80::1", "0:0:0:0:0:0:1:1", "" })
	void othersAreNot(String address) {
		assertThatExceptionOfType(RefusedException.class)
			.isThrownBy(() -> this.viewers.admit(address, "localhost", false))
			.withMessageContaining("does not come from this machine");
	}

	@Test
	void whoCannotBeToldFromOthersIsNot() {
		assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> this.viewers.admit(null, "localhost", false))
			.withMessageContaining("does not come from this machine");
		assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> this.viewers.admit("127.0.0.1", null, false))
			.withMessageContaining("another host");
		assertThatExceptionOfType(RefusedException.class)
			.isThrownBy(() -> this.viewers.admit("127.0.0.1", "localhost", true))
			.withMessageContaining("server.forward-headers-strategy");
	}

}
