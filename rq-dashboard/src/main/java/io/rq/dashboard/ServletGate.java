package io.rq.dashboard;

import jakarta.servlet.http.HttpServletRequest;

/**
 * Finds out who looks, in applications with servlets.
 */
@FunctionalInterface
interface ServletGate {

	/**
	 * Lets someone in.
	 * @param request the request
	 * @return who it is
	 * @throws RefusedException if nobody is let in
	 */
	Viewer admit(HttpServletRequest request);

}
