package io.rq.redis;

import io.rq.RqException;

/**
 * Thrown when the Redis user has no right to a channel. Trying again will not help;
 * someone must grant it.
 */
public class ChannelForbiddenException extends RqException {

	private static final long serialVersionUID = 1L;

	ChannelForbiddenException(String channel, Throwable cause) {
		super("The Redis user has no right to the channel " + channel
				+ ": grant it the channels and the commands PUBLISH and SUBSCRIBE (ACL SETUSER <user> &rq:* "
				+ "+@pubsub)", cause);
	}

	/** Returns whether Redis refused a call for want of a right. */
	static boolean isBehind(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause.getMessage() != null && cause.getMessage().contains("NOPERM")) {
				return true;
			}
		}
		return false;
	}

}
