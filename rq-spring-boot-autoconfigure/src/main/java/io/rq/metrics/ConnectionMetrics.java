package io.rq.metrics;

import java.util.Locale;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Counts connections to Redis that were of no use any more:
 * {@code rq.connections.replaced}, by {@code reason} ({@code timeout}, {@code refused},
 * {@code closed}, {@code failover}, {@code unreachable}).
 */
public class ConnectionMetrics {

	private final MeterRegistry registry;

	/**
	 * Creates the meters.
	 * @param registry where they are kept
	 */
	public ConnectionMetrics(MeterRegistry registry) {
		this.registry = registry;
	}

	/**
	 * Takes note that connections have been replaced.
	 * @param reason why, in a word
	 */
	public void replaced(String reason) {
		Counter.builder("rq.connections.replaced")
			.description("Times that connections to Redis were of no use any more")
			.tag("reason", reason.toLowerCase(Locale.ROOT))
			.register(this.registry)
			.increment();
	}

}
