package io.rq.sample.report;

import java.util.concurrent.atomic.LongAdder;

import org.springframework.stereotype.Component;

/**
 * Counts what the jobs of this process have done.
 */
@Component
public class Tally {

	private final LongAdder thumbnails = new LongAdder();

	private final LongAdder deliveries = new LongAdder();

	private final LongAdder refusals = new LongAdder();

	/**
	 * Counts a thumbnail.
	 */
	public void thumbnailMade() {
		this.thumbnails.increment();
	}

	/**
	 * Counts a webhook that was accepted.
	 */
	public void webhookDelivered() {
		this.deliveries.increment();
	}

	/**
	 * Counts a webhook that was not accepted, this time.
	 */
	public void deliveryRefused() {
		this.refusals.increment();
	}

	long thumbnails() {
		return this.thumbnails.sum();
	}

	long deliveries() {
		return this.deliveries.sum();
	}

	long refusals() {
		return this.refusals.sum();
	}

}
