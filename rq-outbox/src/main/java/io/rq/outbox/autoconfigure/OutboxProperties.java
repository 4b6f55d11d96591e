package io.rq.outbox.autoconfigure;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.convert.DurationUnit;
import org.springframework.boot.jdbc.init.DatabaseInitializationProperties;

/**
 * Properties of the outbox. A duration without a unit is in seconds, as everywhere in RQ.
 */
@ConfigurationProperties("rq.outbox")
public class OutboxProperties extends DatabaseInitializationProperties {

	/**
	 * How long Redis knows which jobs have been enqueued from the outbox, in whole
	 * seconds. Must be longer than the database may be away, or a row that could not be
	 * removed is enqueued again.
	 */
	@DurationUnit(ChronoUnit.SECONDS)
	private Duration markerTtl = Duration.ofDays(7);

	/**
	 * Returns how long Redis knows which jobs have been enqueued.
	 * @return the time
	 */
	public Duration getMarkerTtl() {
		return this.markerTtl;
	}

	/**
	 * Sets how long Redis knows which jobs have been enqueued.
	 * @param markerTtl the time, in whole seconds
	 */
	public void setMarkerTtl(Duration markerTtl) {
		this.markerTtl = markerTtl;
	}

	@Override
	public String getDefaultSchemaLocation() {
		return "classpath:io/rq/outbox/schema-@@platform@@.sql";
	}

}
