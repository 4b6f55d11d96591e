package io.rq.autoconfigure.metrics;

import io.micrometer.core.instrument.MeterRegistry;

import io.rq.autoconfigure.OwnRefreshListener;
import io.rq.metrics.QueueMetrics;

/**
 * Binds the gauges when the context has started. A {@code MeterBinder} bean would be
 * bound earlier, when the queues of jobs may not be known yet.
 */
final class QueueMetricsBinding extends OwnRefreshListener {

	private final QueueMetrics metrics;

	private final MeterRegistry registry;

	QueueMetricsBinding(QueueMetrics metrics, MeterRegistry registry) {
		this.metrics = metrics;
		this.registry = registry;
	}

	@Override
	protected void refreshed() {
		this.metrics.bindTo(this.registry);
	}

}
