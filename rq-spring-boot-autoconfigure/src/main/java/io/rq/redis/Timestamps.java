package io.rq.redis;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;

import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

import io.rq.job.InvalidJobException;

/**
 * Times as they stand in Redis: UTC text with six fraction digits in job and worker
 * hashes, decimal seconds elsewhere (protocol §2).
 */
final class Timestamps {

	private static final DateTimeFormatter FORMAT = new DateTimeFormatterBuilder().appendInstant(6).toFormatter();

	private static final long SECONDS_PER_DAY = 86_400;

	private static final int MICROS_PER_SECOND = 1_000_000;

	private static final int LENGTH = "2026-01-31T12:00:00.000000Z".length();

	/** The last moment of a year that is written with four digits. */
	private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999Z");

	private static final DateTimeFormatter PARSER = new DateTimeFormatterBuilder().appendValue(ChronoField.YEAR, 4)
		.appendPattern("-MM-dd'T'HH:mm:ss")
		.appendFraction(ChronoField.MICRO_OF_SECOND, 0, 6, true)
		.appendLiteral('Z')
		.toFormatter();

	private Timestamps() {
	}

	static String text(Instant time) {
		return FORMAT.format(time);
	}

	static @Nullable Instant parse(String field, String text) {
		if (text.isEmpty()) {
			return null;
		}
		try {
			return (text.length() == LENGTH) ? parseUsual(text)
					: LocalDateTime.parse(text, PARSER).toInstant(ZoneOffset.UTC);
		}
		catch (DateTimeException | NumberFormatException ex) {
			throw new InvalidJobException("Field '" + field + "' of the job holds '" + StringUtils.truncate(text)
					+ "', not a UTC time like 2026-01-31T12:00:00.000000Z; the process that wrote it must be mended",
					ex);
		}
	}

	/**
	 * Reads the form that RQ and this library write; formatters take many times as long.
	 */
	private static Instant parseUsual(String text) {
		boolean punctuated = text.charAt(4) == '-' && text.charAt(7) == '-' && text.charAt(10) == 'T'
				&& text.charAt(13) == ':' && text.charAt(16) == ':' && text.charAt(19) == '.' && text.charAt(26) == 'Z';
		if (!punctuated) {
			throw new DateTimeException("not of the form yyyy-MM-ddTHH:mm:ss.SSSSSSZ");
		}
		long day = LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10)).toEpochDay();
		long second = LocalTime.of(number(text, 11, 13), number(text, 14, 16), number(text, 17, 19)).toSecondOfDay();
		return Instant.ofEpochSecond(day * SECONDS_PER_DAY + second, number(text, 20, 26) * 1_000L);
	}

	private static int number(String text, int from, int to) {
		int value = 0;
		for (int i = from; i < to; i++) {
			int digit = text.charAt(i) - '0';
			if (digit < 0 || digit > 9) {
				throw new NumberFormatException("'" + text.charAt(i) + "' is not a digit");
			}
			value = value * 10 + digit;
		}
		return value;
	}

	/**
	 * Reads a time that only informs people. What cannot be read is not known, nor is
	 * what is before 1970 or after 9999: nothing has happened there, and the time to it
	 * does not fit every unit.
	 */
	static @Nullable Instant ifReadable(@Nullable String text) {
		try {
			return (text != null) ? ifLikely(Instant.parse(text)) : null;
		}
		catch (DateTimeException ex) {
			return null;
		}
	}

	/**
	 * Reads a time in seconds, however far away it is: one that is wrong by so much is
	 * shown to whoever looks for the reason.
	 */
	static @Nullable Instant ifSeconds(@Nullable String text) {
		try {
			return (text != null) ? ofSeconds(Double.parseDouble(text)) : null;
		}
		catch (NumberFormatException ex) {
			return null;
		}
	}

	private static @Nullable Instant ifLikely(Instant time) {
		return (time.isBefore(Instant.EPOCH) || time.isAfter(LAST)) ? null : time;
	}

	/**
	 * Returns when an entry was added to a stream, as its id says. Whoever adds it may
	 * choose an id of up to 64 bits: all after 9999 are the end of that year.
	 */
	static Instant ofEntry(String id) {
		long millis = Long.parseUnsignedLong(id.substring(0, id.indexOf('-')));
		return (Long.compareUnsigned(millis, LAST.toEpochMilli()) < 0) ? Instant.ofEpochMilli(millis) : LAST;
	}

	static String seconds(Instant time) {
		return time.getEpochSecond() + "." + Integer.toString(1_000_000 + time.getNano() / 1_000).substring(1);
	}

	static Instant ofSeconds(double seconds) {
		long micros = Math.round(seconds * MICROS_PER_SECOND);
		return Instant.ofEpochSecond(Math.floorDiv(micros, MICROS_PER_SECOND),
				Math.floorMod(micros, MICROS_PER_SECOND) * 1_000L);
	}

}
