package io.rq.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * Text for terminals. What comes from Redis can neither colour nor move anything there.
 */
final class Text {

	private Text() {
	}

	/** Returns a text on one line. */
	static String line(String text) {
		return text.lines().map(Text::printable).collect(Collectors.joining(" "));
	}

	private static String printable(String line) {
		StringBuilder printable = new StringBuilder();
		line.codePoints()
			.forEach((c) -> printable
				.appendCodePoint((Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) ? '?' : c));
		return printable.toString();
	}

	static List<String> lines(String text) {
		return text.lines().map((line) -> printable(line.replace("\t", "    "))).toList();
	}

	static String of(@Nullable Object value) {
		if (value == null) {
			return "-";
		}
		if (value instanceof Instant time) {
			return time.truncatedTo(ChronoUnit.SECONDS).toString();
		}
		if (value instanceof Duration duration) {
			return duration(duration);
		}
		if (value instanceof Collection<?> many) {
			return many.isEmpty() ? "-" : many.stream().map(Text::of).collect(Collectors.joining(", "));
		}
		String text = line(value.toString());
		return text.isEmpty() ? "-" : text;
	}

	/** Returns how many there are of what a noun names, without its 's'. */
	static String count(long count, String noun) {
		return count + " " + noun + ((count != 1) ? "s" : "");
	}

	private static String duration(Duration duration) {
		long seconds = duration.toSeconds();
		if (seconds < 60) {
			return seconds + "s";
		}
		if (seconds < 3_600) {
			return "%dm %02ds".formatted(seconds / 60, seconds % 60);
		}
		return (seconds < 86_400) ? "%dh %02dm".formatted(seconds / 3_600, seconds / 60 % 60)
				: "%dd %02dh".formatted(seconds / 86_400, seconds / 3_600 % 24);
	}

	/** Lays rows out in columns, numbers to the right; the first row has the titles. */
	static List<String> table(List<List<Object>> rows) {
		List<List<String>> cells = rows.stream().map((row) -> row.stream().map(Text::of).toList()).toList();
		int columns = cells.get(0).size();
		List<String> lines = new ArrayList<>();
		for (int at = 0; at < cells.size(); at++) {
			StringBuilder line = new StringBuilder();
			for (int column = 0; column < columns; column++) {
				int index = column;
				int width = cells.stream().mapToInt((row) -> row.get(index).length()).max().orElse(0);
				boolean number = rows.size() > 1 && rows.get(1).get(column) instanceof Number;
				String cell = cells.get(at).get(column);
				String space = " ".repeat(width - cell.length());
				line.append((column > 0) ? "  " : "").append(number ? space + cell : cell + space);
			}
			lines.add(line.toString().stripTrailing());
		}
		return lines;
	}

}
