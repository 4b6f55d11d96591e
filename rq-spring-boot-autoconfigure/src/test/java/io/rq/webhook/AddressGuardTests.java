package io.rq.webhook;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link AddressGuard}.
 */
class AddressGuardTests {

	private static final AddressGuard NOTHING_ALLOWED = new AddressGuard(List.of());

	private static boolean permits(AddressGuard guard, String host, String address) throws UnknownHostException {
		return guard.permits(host, InetAddress.getByName(address));
	}

	@ParameterizedTest
	@ValueSource(strings = { "8.8.8.8", "1.1.1.1", "100.63.255.255", "100.128.0.0", "172.15.255.255", "172.32.0.0",
			"192.167.255.255", "192.169.0.0", "223.255.255.255", "2606:4700:4700::1111", "2a00:1450:4001:800::200e",
			"::ffff:8.8.8.8" })
	void publicAddressesArePermitted(String address) throws UnknownHostException {
		assertThat(permits(NOTHING_ALLOWED, "example.org", address)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.1",
			"2130706433", "127.255.255.254", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8",
			"192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1",
			"224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:127.0.0.1",
			"::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1", "100::1",
			"2001::1", "2001:20::1", "2001:db8::1", "2002:7f00:1::", "3fff::1", "fc00::1", "fd12:3456::1", "fe80::1",
			"fec0::1", "ff02::1" })
	void allOthersAreRefused(String address) throws UnknownHostException {
		assertThat(permits(NOTHING_ALLOWED, "example.org", address)).isFalse();
	}

	@Test
	void whatIsAllowedByNameOrNetworkIsPermitted() throws UnknownHostException {
		AddressGuard guard = new AddressGuard(List.of("hooks.Internal", "10.1.0.0/16", "127.0.0.1", "fd00::/8"));
		assertThat(permits(guard, "HOOKS.internal", "192.168.1.1")).isTrue();
		assertThat(permits(guard, "other.internal", "192.168.1.1")).isFalse();
		assertThat(permits(guard, "other.internal", "10.1.255.255")).isTrue();
		assertThat(permits(guard, "other.internal", "10.2.0.0")).isFalse();
		assertThat(permits(guard, "localhost", "127.0.0.1")).isTrue();
		assertThat(permits(guard, "localhost", "127.0.0.2")).isFalse();
		assertThat(permits(guard, "localhost", "::ffff:127.0.0.1")).isTrue();
		assertThat(permits(guard, "six", "fd12::1")).isTrue();
		assertThat(permits(guard, "six", "fe80::1")).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "http://host", "10.0.0.0/33", "10.0.0.0/", "host:80", "a b", "*.example.org" })
	void whatIsNeitherANameNorANetworkIsNamed(String entry) {
		assertThatIllegalArgumentException().isThrownBy(() -> new AddressGuard(List.of(entry)))
			.withMessageContaining("'" + entry);
	}

}
