package io.rq.redis;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;

import org.jspecify.annotations.Nullable;

import io.rq.job.InvalidJobException;

/**
 * Times as they stand in Redis: UTC text with six fraction digits in job and worker
 * hashes, decimal seconds elsewhere (protocol §2).
 */
final class Timestamps {

	private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'")
		.withZone(ZoneOffset.UTC);

	private static final DateTimeFormatter PARSER = new DateTimeFormatterBuilder()
		.appendPattern("uuuu-MM-dd'T'HH:mm:ss")
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
			return LocalDateTime.parse(text, PARSER).toInstant(ZoneOffset.UTC);
		}
		catch (DateTimeParseException ex) {
			throw new InvalidJobException("Field '" + field + "' of the job holds '" + text
					+ "', not a UTC time like 2026-01-31T12:00:00.000000Z; the process that wrote it must be mended",
					ex);
		}
	}

	static String seconds(Instant time) {
		long micros = Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000L), time.getNano() / 1_000);
		return BigDecimal.valueOf(micros, 6).toPlainString();
	}

	static Instant ofSeconds(double seconds) {
		return Instant.ofEpochSecond(0, Math.round(seconds * 1_000_000) * 1_000);
	}

}
