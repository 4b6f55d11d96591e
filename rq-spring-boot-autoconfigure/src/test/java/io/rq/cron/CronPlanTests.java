package io.rq.cron;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.rq.job.JobRequest;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CronPlan}.
 */
class CronPlanTests {

	private static final Instant LAST = Instant.parse("2026-01-31T12:00:00Z");

	private final CronJob job = CronJob.of("nightly", JobRequest.of("tasks.nightly"),
			Schedule.every(Duration.ofMinutes(10)));

	@Test
	void whatIsDueLaterIsWaitedFor() {
		assertThat(plan(this.job, at(9))).isEqualTo(new CronPlan(at(10), at(10), true));
		assertThat(plan(this.job, at(10))).isEqualTo(new CronPlan(at(10), at(10), true));
	}

	@Test
	void onceMeansTheLastOfThoseThatWereMissed() {
		assertThat(plan(this.job, at(57))).isEqualTo(new CronPlan(at(50), at(50), true));
	}

	@Test
	void skipMeansNoneUnlessTheLastIsHardlyLate() {
		CronJob skipping = this.job.misfire(MisfirePolicy.SKIP);
		assertThat(plan(skipping, at(57))).isEqualTo(new CronPlan(at(50), at(50), false));
		assertThat(plan(skipping, at(51))).isEqualTo(new CronPlan(at(50), at(50), true));
	}

	@Test
	void allMeansEachFromTheOldestOn() {
		CronJob all = this.job.misfire(MisfirePolicy.ALL);
		assertThat(plan(all, at(57))).isEqualTo(new CronPlan(at(10), at(10), true));
	}

	@Test
	void whatWasDueDuringAPauseIsLeftOut() {
		CronJob all = this.job.misfire(MisfirePolicy.ALL);
		assertThat(CronPlan.of(this.job, LAST, at(55), at(57))).isEqualTo(new CronPlan(at(50), at(50), false));
		assertThat(CronPlan.of(all, LAST, at(35), at(57))).isEqualTo(new CronPlan(at(30), at(30), false));
		assertThat(CronPlan.of(all, at(30), at(35), at(57))).isEqualTo(new CronPlan(at(40), at(40), true));
		assertThat(CronPlan.of(this.job, LAST, at(35), at(57))).isEqualTo(new CronPlan(at(50), at(50), true));
	}

	@Test
	void nothingIsDueAfterTheEnd() {
		CronJob ending = this.job.until(at(25));
		assertThat(plan(ending, at(57))).isEqualTo(new CronPlan(at(20), at(20), true));
		assertThat(CronPlan.of(ending, at(20), Instant.EPOCH, at(21)).occurrence()).isNull();
	}

	@Test
	void jitterPutsOffEachOccurrenceTheSameWayOnAllNodes() {
		CronJob late = this.job.jitter(Duration.ofMinutes(2));
		CronPlan plan = plan(late, at(5));
		assertThat(plan.occurrence()).isEqualTo(at(10));
		assertThat(plan.due()).isBetween(at(10), at(12)).isEqualTo(plan(late, at(6)).due());
		assertThat(late.due(at(10))).isNotEqualTo(late.due(at(20)).minus(Duration.ofMinutes(10)));
		CronPlan missed = plan(late, at(57));
		assertThat(missed.occurrence()).isEqualTo(at(50));
		assertThat(missed.due()).isBefore(at(57));
	}

	@ParameterizedTest
	@ValueSource(ints = { 10, 60 })
	void howeverTheyArePutOffOneIsFiredForAllThatWereMissed(int jitter) {
		for (int i = 0; i < 200; i++) {
			CronJob job = CronJob.of("job-" + i, this.job.request(), Schedule.every(Duration.ofHours(1)))
				.jitter(Duration.ofMinutes(jitter));
			assertThat(settledUpTo(job, at(72 * 60 + 50))).hasSize(1).allMatch(CronPlan::fires);
		}
	}

	@ParameterizedTest
	@EnumSource(MisfirePolicy.class)
	void whatIsPutOffForLongerThanUntilTheNextIsNotMissed(MisfirePolicy misfire) {
		CronJob job = this.job.jitter(Duration.ofHours(1)).misfire(misfire);
		Instant last = LAST;
		Instant now = LAST;
		for (int i = 1; i <= 200; i++) {
			CronPlan plan = CronPlan.of(job, last, Instant.EPOCH, now);
			assertThat(plan).isEqualTo(new CronPlan(at(10 * i), job.due(at(10 * i)), true));
			now = plan.due().isAfter(now) ? plan.due() : now;
			last = at(10 * i);
		}
	}

	/** What is settled at a moment, one after the other. */
	private static List<CronPlan> settledUpTo(CronJob job, Instant now) {
		List<CronPlan> settled = new ArrayList<>();
		CronPlan next = plan(job, now);
		while (!next.due().isAfter(now)) {
			settled.add(next);
			next = CronPlan.of(job, Objects.requireNonNull(next.occurrence()), Instant.EPOCH, now);
		}
		return settled;
	}

	@Test
	void everyOccurrenceOfEveryCronJobHasAnIdOfItsOwn() {
		CronJob other = CronJob.of("nightly!", this.job.request(), this.job.schedule());
		assertThat(this.job.jobId("mail", at(10))).matches("cron-nightly-[0-9a-f]{8}-" + at(10).toEpochMilli())
			.isNotEqualTo(this.job.jobId("mail", at(20)))
			.isNotEqualTo(this.job.jobId("print", at(10)))
			.isNotEqualTo(other.jobId("mail", at(10)));
	}

	private static CronPlan plan(CronJob job, Instant now) {
		return CronPlan.of(job, LAST, Instant.EPOCH, now);
	}

	private static Instant at(int minute) {
		return LAST.plus(Duration.ofMinutes(minute));
	}

}
