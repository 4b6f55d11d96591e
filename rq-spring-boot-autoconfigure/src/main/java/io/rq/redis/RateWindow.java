package io.rq.redis;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import io.rq.job.RateLimit;

/**
 * How a job names a rate limit by time where another has its key, as in
 * {@code windows.lua}: RQ, which finds no concurrency, takes no notice of it.
 */
final class RateWindow {

	private static final Pattern NAME = Pattern.compile("window:([0-9]{1,9}):([0-9]{1,10}):(.+)");

	/** What the keys in Redis of all such limits begin with. */
	private static final String WINDOWS = "windows:";

	private RateWindow() {
	}

	/** Returns how a job names a limit of either kind. */
	static String name(RateLimit limit) {
		Duration window = limit.window();
		return (window != null) ? "window:" + limit.jobs() + ":" + window.toMillis() + ":" + limit.key() : limit.key();
	}

	/**
	 * Returns the limit by time that a job names, or {@code null} if it names another.
	 */
	static @Nullable RateLimit find(String name) {
		Matcher matcher = NAME.matcher(name);
		return matcher.matches() ? new RateLimit(matcher.group(3), Integer.parseInt(matcher.group(1)),
				Duration.ofMillis(Long.parseLong(matcher.group(2)))) : null;
	}

	/** Returns the key of a limit by what its keys in Redis have. */
	static String key(String name) {
		return name.startsWith(WINDOWS) ? name.substring(WINDOWS.length()) : name;
	}

}
