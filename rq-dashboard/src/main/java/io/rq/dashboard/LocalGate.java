package io.rq.dashboard;

import java.util.Collections;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.HttpStatus;

import io.rq.operations.Operator;

/**
 * Without Spring Security nobody has a name: who sits at this machine may look, and
 * nobody else. What came through a proxy came from elsewhere.
 */
class LocalGate implements Gate {

	private static final String REMEDY = " Without Spring Security the dashboard is for the machine that it runs on; "
			+ "add spring-boot-starter-security to open it to others.";

	private static final Pattern LOOPBACK = Pattern
		.compile("127(\\.\\d{1,3}){3}|::1|(0+:){7}0*1|(::|(0:){5})ffff:127(\\.\\d{1,3}){3}", Pattern.CASE_INSENSITIVE);

	/**
	 * What Tomcat leaves when it has looked at such headers, and taken some away, itself.
	 */
	private static final String FORWARDED = "org.apache.tomcat.request.forwarded";

	private final String viewer;

	LocalGate(String viewer) {
		this.viewer = viewer;
	}

	@Override
	public Viewer admit(HttpServletRequest request) {
		HttpServletRequest original = original(request);
		require(isLoopback(original.getRemoteAddr()), "The request does not come from this machine.");
		require(isLocalName(original.getServerName()), "The request names another host than localhost.");
		require(!isForwarded(original), "The request came through a proxy, "
				+ "or Tomcat may have hidden that it did (server.forward-headers-strategy=native).");
		return new Viewer(new Operator("local", Set.of(this.viewer), Operator.Face.DASHBOARD), false, () -> null);
	}

	/** Filters hide what a proxy has added. */
	private static HttpServletRequest original(HttpServletRequest request) {
		HttpServletRequest original = request;
		while (original instanceof ServletRequestWrapper wrapper
				&& wrapper.getRequest() instanceof HttpServletRequest wrapped) {
			original = wrapped;
		}
		return original;
	}

	private static boolean isLoopback(String address) {
		return LOOPBACK.matcher(address.replaceAll("^\\[|(%.*)?]?$", "")).matches();
	}

	private static boolean isLocalName(String host) {
		return host.equalsIgnoreCase("localhost") || isLoopback(host);
	}

	private static boolean isForwarded(HttpServletRequest request) {
		return request.getAttribute(FORWARDED) != null || Collections.list(request.getHeaderNames())
			.stream()
			.map((name) -> name.toLowerCase(Locale.ROOT))
			.anyMatch((name) -> name.equals("forwarded") || name.startsWith("x-forwarded-"));
	}

	private static void require(boolean condition, String otherwise) {
		if (!condition) {
			throw new RefusedException(HttpStatus.FORBIDDEN, otherwise + REMEDY);
		}
	}

}
