package io.rq.annotation;

import java.time.Duration;

import org.springframework.format.annotation.DurationFormat;
import org.springframework.format.datetime.standard.DurationFormatterUtils;

import io.rq.job.JobOptions;

/**
 * Which durations an attribute takes, and how they are read from text.
 */
enum DurationRange {

	/** More than zero. */
	POSITIVE(1, false, "Give a positive duration"),

	/** More than zero, or {@code -1}. */
	POSITIVE_OR_UNLIMITED(1, true, "Give a positive duration, or -1 for no limit"),

	/** Zero or more, or {@code -1}. */
	ANY(0, true, "Give 0 for at once, a positive duration, or -1 for ever");

	private static final String EXAMPLES = ", in whole seconds, such as 3m, 180s, 180 or PT3M";

	private final long least;

	private final boolean unlimited;

	private final String remedy;

	DurationRange(long least, boolean unlimited, String remedy) {
		this.least = least;
		this.unlimited = unlimited;
		this.remedy = remedy;
	}

	String remedy() {
		return this.remedy + EXAMPLES;
	}

	Duration parse(String text) {
		Duration value = read(text);
		if (value.getNano() != 0) {
			throw new IllegalArgumentException("is not a whole number of seconds");
		}
		boolean allowed = value.getSeconds() >= this.least || (this.unlimited && value.equals(JobOptions.UNLIMITED));
		if (!allowed) {
			throw new IllegalArgumentException("is too short");
		}
		if (value.compareTo(JobOptions.LONGEST) > 0) {
			throw new IllegalArgumentException("is longer than 100 years");
		}
		return value;
	}

	private static Duration read(String text) {
		try {
			return DurationFormatterUtils.detectAndParse(text, DurationFormat.Unit.SECONDS);
		}
		catch (IllegalArgumentException | ArithmeticException ex) {
			throw new IllegalArgumentException("is not a duration", ex);
		}
	}

}
