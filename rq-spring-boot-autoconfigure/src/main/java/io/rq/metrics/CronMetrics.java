package io.rq.metrics;

import java.util.Locale;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

import io.rq.cron.CronFire;
import io.rq.cron.CronListener;

/**
 * Meters of cron jobs, by their {@code name}, which only the application can choose:
 * <ul>
 * <li>{@code rq.cron.fires}, counter: occurrences, also by {@code outcome}
 * ({@code fired}, {@code missed}, {@code paused}, {@code overlapped})</li>
 * <li>{@code rq.cron.lateness}, timer: how late jobs were enqueued</li>
 * </ul>
 */
public class CronMetrics implements CronListener {

	private static final String NAME = "name";

	private final MeterRegistry registry;

	/**
	 * Creates the listener.
	 * @param registry where the meters are kept
	 */
	public CronMetrics(MeterRegistry registry) {
		this.registry = registry;
	}

	@Override
	public void settled(CronFire fire) {
		Counter.builder("rq.cron.fires")
			.description("Occurrences of cron jobs")
			.tags(NAME, fire.name(), "outcome", fire.outcome().name().toLowerCase(Locale.ROOT))
			.register(this.registry)
			.increment();
		if (fire.outcome() == CronFire.Outcome.FIRED) {
			Timer.builder("rq.cron.lateness")
				.description("How late jobs of cron jobs were enqueued")
				.tag(NAME, fire.name())
				.register(this.registry)
				.record(fire.lateness());
		}
	}

}
