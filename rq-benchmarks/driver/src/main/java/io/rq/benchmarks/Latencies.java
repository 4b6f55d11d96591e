package io.rq.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.HdrHistogram.Histogram;

/**
 * Times from what was intended to what happened.
 */
final class Latencies {

	private static final long HIGHEST_MICROS = 600_000_000L;

	private static final int DIGITS = 3;

	private final Histogram micros = new Histogram(HIGHEST_MICROS, DIGITS);

	private long earliest = Long.MAX_VALUE;

	private long early;

	static Latencies read(Path file) throws IOException {
		Latencies latencies = new Latencies();
		try (var lines = Files.lines(file)) {
			lines.mapToLong(Long::parseLong).forEach(latencies::add);
		}
		return latencies;
	}

	void add(long value) {
		this.micros.recordValue(Math.min(HIGHEST_MICROS, Math.max(0, value)));
		this.earliest = Math.min(this.earliest, value);
		this.early += (value < 0) ? 1 : 0;
	}

	void add(Latencies other) {
		this.micros.add(other.micros);
		this.earliest = Math.min(this.earliest, other.earliest);
		this.early += other.early;
	}

	boolean isEmpty() {
		return this.micros.getTotalCount() == 0;
	}

	long count() {
		return this.micros.getTotalCount();
	}

	double millisAt(double percentile) {
		return this.micros.getValueAtPercentile(percentile) / 1_000.0;
	}

	double maxMillis() {
		return this.micros.getMaxValue() / 1_000.0;
	}

	/**
	 * Returns the smallest time; negative if something happened before it was due.
	 */
	double earliestMillis() {
		return this.earliest / 1_000.0;
	}

	/**
	 * Returns how many happened before they were due.
	 */
	long early() {
		return this.early;
	}

}
