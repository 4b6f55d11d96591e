package io.rq.metrics;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import io.rq.cron.CronFire;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CronMetrics}.
 */
class CronMetricsTests {

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	private final CronMetrics metrics = new CronMetrics(this.registry);

	private void settled(CronFire.Outcome outcome) {
		this.metrics
			.settled(new CronFire("report", "mail", Instant.EPOCH, outcome, Duration.ofMillis(3), "cron-report-1"));
	}

	@Test
	void firesAreCountedByOutcomeAndTheirLatenessIsMeasured() {
		settled(CronFire.Outcome.FIRED);
		settled(CronFire.Outcome.FIRED);
		settled(CronFire.Outcome.OVERLAPPED);
		assertThat(this.registry.get("rq.cron.fires").tags("name", "report", "outcome", "fired").counter().count())
			.isEqualTo(2);
		assertThat(this.registry.get("rq.cron.fires").tag("outcome", "overlapped").counter().count()).isEqualTo(1);
		assertThat(this.registry.get("rq.cron.lateness").tag("name", "report").timer().totalTime(TimeUnit.MILLISECONDS))
			.isEqualTo(6);
	}

}
