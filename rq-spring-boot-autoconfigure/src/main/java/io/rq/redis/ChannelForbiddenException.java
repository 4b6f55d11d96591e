package io.rq.redis;

import io.rq.RqException;

/**
 * Thrown when the Redis user has no right to a channel. Trying again will not help;
 * someone must grant it.
 */
public class ChannelForbiddenException extends RqException {

	private static final long serialVersionUID = 1L;

	private ChannelForbiddenException(String channel, Throwable cause) {
		super("The Redis user has no right to the channel " + channel
				+ ": grant it the channels and the commands PUBLISH and SUBSCRIBE (ACL SETUSER <user> &rq:* "
				+ "+@pubsub)", cause);
	}

	/** Returns what to throw after a call that has failed, mostly its own failure. */
	static RuntimeException orElse(String channel, RuntimeException failure) {
		return RedisScripts.hasMessage(failure, "NOPERM") ? new ChannelForbiddenException(channel, failure) : failure;
	}

}
