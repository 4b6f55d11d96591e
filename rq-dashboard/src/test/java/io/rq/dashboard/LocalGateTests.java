package io.rq.dashboard;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.mock.web.MockHttpServletRequest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link LocalGate}.
 */
class LocalGateTests {

	private final LocalGate gate = new LocalGate("ROLE_RQ_VIEWER");

	private static MockHttpServletRequest from(String address) {
		MockHttpServletRequest request = new MockHttpServletRequest();
		request.setRemoteAddr(address);
		return request;
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "127.0.0.1", "127.1.2.3", "::1", "0:0:0:0:0:0:0:1", "0:0:0:0:0:0:0:1%lo", "::ffff:127.0.0.1" })
	void thisMachineIsLetIn(String address) {
		assertThat(this.gate.admit(from(address)).guarded()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "10.0.0.1", "192.168.127.0", "::2", "::ffff:10.0.0.1", "fe80::1", "0:0:0:0:0:0:1:1", "" })
	void othersAreNot(String address) {
		assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> this.gate.admit(from(address)))
			.withMessageContaining("does not come from this machine");
	}

}
