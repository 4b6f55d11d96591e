package io.rq.webhook;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import org.springframework.util.Assert;

/**
 * Decides which addresses may be connected to: public ones, and what is allowed by name
 * or network.
 */
public final class AddressGuard {

	/** Of the addresses of IPv4 all that are not for everybody (RFC 6890). */
	private static final List<Network> NOT_PUBLIC_4 = networks("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10",
			"127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
			"192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3");

	/**
	 * The only public addresses of IPv6. Outside are unspecified, loopback, mapped,
	 * translated (NAT64), unique local, link-local and multicast ones.
	 */
	private static final Network GLOBAL_6 = Network.of("2000::/3");

	/** Inside there are those that lead into IPv4, and those for documentation. */
	private static final List<Network> NOT_PUBLIC_6 = networks("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20");

	private final Set<String> hosts = new HashSet<>();

	private final List<Network> allowed = new ArrayList<>();

	/**
	 * Creates a guard.
	 * @param allowed names of hosts, addresses, or networks such as {@code 10.0.0.0/8}
	 * @throws IllegalArgumentException if one is none of these; the message names it
	 */
	public AddressGuard(List<String> allowed) {
		for (String entry : allowed) {
			String stripped = entry.strip().toLowerCase(Locale.ROOT);
			if (stripped.matches("[0-9.]+(/[0-9]+)?|[0-9a-f:.]*:[0-9a-f:.]*(/[0-9]+)?")) {
				this.allowed.add(Network.of(stripped));
			}
			else {
				Assert.isTrue(stripped.matches("[a-z0-9]([a-z0-9.-]*[a-z0-9])?"),
						() -> "'" + entry + "' is neither the name of a host nor a network such as 10.0.0.0/8");
				this.hosts.add(stripped);
			}
		}
	}

	private static List<Network> networks(String... texts) {
		return List.of(texts).stream().map(Network::of).toList();
	}

	/**
	 * Returns whether an address may be connected to.
	 * @param host the host as it was named
	 * @param address one of its addresses
	 */
	boolean permits(String host, InetAddress address) {
		return this.hosts.contains(host.toLowerCase(Locale.ROOT)) || isPublic(address)
				|| this.allowed.stream().anyMatch((network) -> network.contains(address));
	}

	static boolean isPublic(InetAddress address) {
		if (address instanceof Inet4Address) {
			return NOT_PUBLIC_4.stream().noneMatch((network) -> network.contains(address));
		}
		return GLOBAL_6.contains(address) && NOT_PUBLIC_6.stream().noneMatch((network) -> network.contains(address));
	}

	/**
	 * Addresses that begin alike.
	 *
	 * @param address one of them
	 * @param bits how many bits of it count
	 */
	@SuppressWarnings("ArrayRecordComponent")
	private record Network(byte[] address, int bits) {

		private static Network of(String text) {
			String[] parts = text.split("/");
			try {
				// a text of digits is never looked up
				byte[] address = InetAddress.getByName(parts[0]).getAddress();
				int bits = (parts.length > 1) ? Integer.parseInt(parts[1]) : 8 * address.length;
				Assert.isTrue(bits <= 8 * address.length, () -> "'" + text + "' has more bits than an address");
				return new Network(address, bits);
			}
			catch (UnknownHostException | NumberFormatException ex) {
				throw new IllegalArgumentException("'" + text + "' is no network such as 10.0.0.0/8", ex);
			}
		}

		private boolean contains(InetAddress other) {
			byte[] bytes = other.getAddress();
			if (bytes.length != this.address.length) {
				return false;
			}
			for (int i = 0; i < this.bits; i++) {
				int mask = 0x80 >> (i % 8);
				if ((bytes[i / 8] & mask) != (this.address[i / 8] & mask)) {
					return false;
				}
			}
			return true;
		}

	}

}
