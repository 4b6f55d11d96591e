package io.rq.lifecycle;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * The name of this host.
 */
public final class HostName {

	private HostName() {
	}

	/**
	 * Returns the name of this host.
	 * @param other what to return if the host cannot tell
	 * @return the name
	 */
	public static String orElse(String other) {
		try {
			return InetAddress.getLocalHost().getHostName();
		}
		catch (UnknownHostException ex) {
			return other;
		}
	}

}
