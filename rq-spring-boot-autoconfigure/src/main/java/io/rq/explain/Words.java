package io.rq.explain;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Numbers, times and names as people read them.
 */
final class Words {

	private static final int MOST_NAMES = 5;

	private static final int LONGEST = 300;

	private Words() {
	}

	/** Returns a duration by its two largest units. */
	static String duration(Duration duration) {
		Duration rounded = duration.abs().plusMillis(500).truncatedTo(ChronoUnit.SECONDS);
		if (rounded.isZero()) {
			return "less than a second";
		}
		List<String> parts = new ArrayList<>();
		add(parts, rounded.toDays(), "d");
		add(parts, rounded.toHoursPart(), "h");
		add(parts, rounded.toMinutesPart(), "min");
		add(parts, rounded.toSecondsPart(), "s");
		return parts.stream().limit(2).collect(Collectors.joining(" "));
	}

	private static void add(List<String> parts, long number, String unit) {
		if (number > 0) {
			parts.add(number + " " + unit);
		}
	}

	/** Returns a time and how far away it is. */
	static String when(Instant time, Instant now) {
		return time.truncatedTo(ChronoUnit.SECONDS)
				+ (time.isBefore(now) ? " (" + duration(Duration.between(time, now)) + " ago)"
						: " (in " + duration(Duration.between(now, time)) + ")");
	}

	/** Returns the first of some names, and how many more there are. */
	static String list(Collection<String> names) {
		String first = names.stream().limit(MOST_NAMES).collect(Collectors.joining(", "));
		return (names.size() > MOST_NAMES) ? first + " and " + (names.size() - MOST_NAMES) + " more" : first;
	}

	static String count(long number, String one) {
		return number + " " + ((number == 1) ? one : one + "s");
	}

	/** Returns the beginning of a text that others have written. */
	static String head(String text) {
		return (text.length() > LONGEST) ? text.substring(0, LONGEST) + "…" : text;
	}

}
