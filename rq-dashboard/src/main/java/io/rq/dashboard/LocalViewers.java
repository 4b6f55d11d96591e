package io.rq.dashboard;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;

import io.rq.operations.Operator;

/**
 * Without Spring Security nobody has a name: who sits at this machine may look, and
 * nobody else. What came through a proxy came from elsewhere.
 */
class LocalViewers {

	private static final String REMEDY = " Without Spring Security the dashboard is for the machine that it runs on; "
			+ "add spring-boot-starter-security to open it to others.";

	private static final Pattern LOOPBACK = Pattern
		.compile("127(\\.\\d{1,3}){3}|::1|(0+:){7}0*1|(::|(0:){5})ffff:127(\\.\\d{1,3}){3}", Pattern.CASE_INSENSITIVE);

	private final Viewer viewer;

	/**
	 * Creates them.
	 * @param authority what lets them look
	 */
	LocalViewers(String authority) {
		this.viewer = new Viewer(new Operator("local", Set.of(authority), Operator.Face.DASHBOARD), false, () -> null);
	}

	/**
	 * Lets someone in.
	 * @param address the address of the peer, {@code null} if it is not known
	 * @param host the host that the request names, {@code null} if none can be read
	 * @param forwarded whether a proxy was in between, or may have been
	 * @return who it is
	 * @throws RefusedException if they do not sit at this machine
	 */
	Viewer admit(@Nullable String address, @Nullable String host, boolean forwarded) {
		require(address != null && isLoopback(address), "The request does not come from this machine.");
		require(host != null && isLocalName(host), "The request names another host than localhost.");
		require(!forwarded, "The request came through a proxy, "
				+ "or the server may have hidden that it did (server.forward-headers-strategy).");
		return this.viewer;
	}

	/** Whether proxies send a header of this name. */
	static boolean isOfProxies(String header) {
		String name = header.toLowerCase(Locale.ROOT);
		return name.equals("forwarded") || name.startsWith("x-forwarded-");
	}

	private static boolean isLoopback(String address) {
		return LOOPBACK.matcher(address.replaceAll("^\\[|(%.*)?]?$", "")).matches();
	}

	private static boolean isLocalName(String host) {
		return host.equalsIgnoreCase("localhost") || isLoopback(host);
	}

	private static void require(boolean condition, String otherwise) {
		if (!condition) {
			throw new RefusedException(HttpStatus.FORBIDDEN, otherwise + REMEDY);
		}
	}

}
