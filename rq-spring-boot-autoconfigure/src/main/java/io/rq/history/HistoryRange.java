package io.rq.history;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

import org.springframework.util.StringUtils;

import io.rq.redis.HistoryStore.Unit;

/**
 * How far back a history goes.
 */
public enum HistoryRange {

	/** The last hour, by minute. */
	HOUR("1h", Unit.MINUTES, 60),

	/** The last 24 hours, by minute. */
	DAY("24h", Unit.MINUTES, 24 * 60),

	/** The last 90 days, by hour. */
	QUARTER("90d", Unit.HOURS, 90 * 24);

	private final String value;

	private final Unit unit;

	private final int points;

	HistoryRange(String value, Unit unit, int points) {
		this.value = value;
		this.unit = unit;
		this.points = points;
	}

	/**
	 * Returns the range of a text.
	 * @param value {@code 1h}, {@code 24h} or {@code 90d}
	 * @return the range
	 * @throws IllegalArgumentException if there is no such range
	 */
	public static HistoryRange of(String value) {
		return Arrays.stream(values())
			.filter((range) -> range.value.equals(value))
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException("'range' must be one of "
					+ List.of(HOUR.value, DAY.value, QUARTER.value) + " but is '" + StringUtils.truncate(value) + "'"));
	}

	/**
	 * Returns the text that stands for the range.
	 * @return the text
	 */
	public String value() {
		return this.value;
	}

	/**
	 * Returns how long a point of the range lasts.
	 * @return a minute or an hour
	 */
	public Duration step() {
		return (this.unit == Unit.MINUTES) ? Duration.ofMinutes(1) : Duration.ofHours(1);
	}

	Unit unit() {
		return this.unit;
	}

	int points() {
		return this.points;
	}

}
