package io.rq.dashboard;

import java.util.Collections;

import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;

/**
 * Lets in who sits at this machine.
 */
class LocalServletGate implements ServletGate {

	/**
	 * What Tomcat leaves when it has looked at such headers, and taken some away, itself.
	 */
	private static final String FORWARDED = "org.apache.tomcat.request.forwarded";

	private final LocalViewers viewers;

	LocalServletGate(LocalViewers viewers) {
		this.viewers = viewers;
	}

	@Override
	public Viewer admit(HttpServletRequest request) {
		HttpServletRequest original = original(request);
		return this.viewers.admit(original.getRemoteAddr(), original.getServerName(), isForwarded(original));
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

	/**
	 * Whether a proxy was in between, or may have been, as the server's own request says.
	 */
	static boolean isForwarded(HttpServletRequest request) {
		return request.getAttribute(FORWARDED) != null
				|| Collections.list(request.getHeaderNames()).stream().anyMatch(LocalViewers::isOfProxies);
	}

}
