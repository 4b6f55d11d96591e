package io.rq.benchmarks;

import java.util.Locale;

/**
 * A measure that is a distribution of times.
 */
enum LatencyMeasure {

	COLD_SCHEDULED("lateness of scheduled jobs, as installed, process just started"),

	COLD_RETRIED("lateness of retries, as installed, process just started"),

	PICKUP("pickup latency, idle worker"),

	LOADED("pickup latency at half the drain rate"),

	SCHEDULED("lateness of scheduled jobs"),

	RETRIED("lateness of retries"),

	PING("PING round trip");

	private final String title;

	LatencyMeasure(String title) {
		this.title = title;
	}

	String title() {
		return this.title;
	}

	/**
	 * Returns the name used in files.
	 */
	String id() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
