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

	private static final Pattern WINDOW = Pattern.compile("window:([0-9]{1,9}):([0-9]{1,10}):(.+)");

	private static final Pattern BUCKET = Pattern.compile("bucket:([0-9]{1,9}):([0-9]{1,10}):([0-9]{1,9}):(.+)");

	/** What the keys in Redis of all such limits begin with. */
	private static final Pattern PREFIX = Pattern.compile("^(windows|buckets):");

	private RateWindow() {
	}

	/** Returns how a job names a limit of any kind. */
	static String name(RateLimit limit) {
		Duration window = limit.window();
		if (window == null) {
			return limit.key();
		}
		String numbers = limit.jobs() + ":" + window.toMillis() + ":";
		return (limit.burst() != null) ? "bucket:" + numbers + limit.burst() + ":" + limit.key()
				: "window:" + numbers + limit.key();
	}

	/** Returns what a limit of either kind has its keys in Redis by. */
	static String keys(RateLimit limit) {
		if (limit.window() == null) {
			return limit.key();
		}
		return ((limit.burst() != null) ? "buckets:" : "windows:") + limit.key();
	}

	/**
	 * Returns the limit by time that a job names, or {@code null} if it names another.
	 */
	static @Nullable RateLimit find(String name) {
		Matcher window = WINDOW.matcher(name);
		Matcher bucket = BUCKET.matcher(name);
		try {
			return window.matches() ? limit(window, null)
					: bucket.matches() ? limit(bucket, Integer.valueOf(bucket.group(3))) : null;
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	private static RateLimit limit(Matcher name, @Nullable Integer burst) {
		return new RateLimit(name.group(name.groupCount()), Integer.parseInt(name.group(1)),
				Duration.ofMillis(Long.parseLong(name.group(2))), burst);
	}

	/** Returns the key of a limit by what its keys in Redis have. */
	static String key(String name) {
		return PREFIX.matcher(name).replaceFirst("");
	}

}
