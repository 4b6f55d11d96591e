package io.rq.worker;

import java.time.Duration;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.rq.job.JobResult;
import io.rq.redis.Outcome;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ActiveRun}.
 */
class ActiveRunTests {

	private static final Duration SECOND = Duration.ofSeconds(1);

	private final MovedTime time = new MovedTime();

	private final ActiveRun run = TestRuns.claimed(this.time);

	@AfterEach
	void clearInterrupt() {
		Thread.interrupted();
	}

	@Test
	void beginsOnce() {
		assertThat(TestRuns.begin(this.run, SECOND, this.time)).isTrue();
		assertThat(TestRuns.begin(this.run, SECOND, this.time)).isFalse();
		assertThat(this.run.owner()).isSameAs(Thread.currentThread());
	}

	@Test
	void doesNotBeginAfterItWasGivenBack() {
		assertThat(this.run.giveBack()).isTrue();
		assertThat(TestRuns.begin(this.run, SECOND, this.time)).isFalse();
		assertThat(this.run.giveBack()).isFalse();
	}

	@Test
	void isNotGivenBackAfterItBegan() {
		TestRuns.begin(this.run, SECOND, this.time);
		assertThat(this.run.giveBack()).isFalse();
	}

	@Test
	void whoeverEndsItFirstDecides() {
		TestRuns.begin(this.run, SECOND, this.time);
		assertThat(this.run.end()).isTrue();
		assertThat(this.run.end()).isFalse();
		assertThat(this.run.loseLease()).isFalse();
		assertThat(this.run.owner()).isNull();
	}

	@Test
	void isInterruptedOnceWhenItsTimeIsUp() {
		TestRuns.begin(this.run, SECOND, this.time);
		this.time.pass(SECOND.minusNanos(1));
		this.run.interruptIfLate(this.time.ticks());
		assertThat(Thread.interrupted()).isFalse();
		assertThat(this.run.cutShort()).isNull();
		this.time.pass(Duration.ofNanos(1));
		this.run.interruptIfLate(this.time.ticks());
		assertThat(Thread.interrupted()).isTrue();
		assertThat(this.run.cutShort()).isEqualTo(CutShort.TIMEOUT);
		assertThat(this.run.timeout()).isEqualTo(SECOND);
		assertThat(this.run.isCancelled()).isTrue();
		this.run.interruptIfLate(this.time.ticks());
		assertThat(Thread.interrupted()).isFalse();
	}

	@Test
	void isNotInterruptedWhenOnlyTheClockWasSet() {
		TestRuns.begin(this.run, SECOND, this.time);
		this.time.set(Duration.ofDays(1));
		this.run.interruptIfLate(this.time.ticks());
		assertThat(Thread.interrupted()).isFalse();
	}

	@Test
	void isNeverLateWithoutATimeout() {
		TestRuns.begin(this.run, TestRuns.NO_TIMEOUT, this.time);
		this.time.pass(Duration.ofDays(1));
		this.run.interruptIfLate(this.time.ticks());
		assertThat(Thread.interrupted()).isFalse();
	}

	@Test
	void isAbandonedWhenItHasNotHeededTheInterruptForTheGrace() {
		TestRuns.begin(this.run, SECOND, this.time);
		this.time.pass(SECOND);
		this.run.interruptIfLate(this.time.ticks());
		assertThat(this.run.abandonIfStuck(this.time.ticks(), SECOND)).isFalse();
		this.time.pass(SECOND);
		assertThat(this.run.abandonIfStuck(this.time.ticks(), SECOND)).isTrue();
		assertThat(this.run.isAbandoned()).isTrue();
		assertThat(this.run.end()).isFalse();
	}

	@Test
	void aCallbackHasATimeoutOfItsOwnAndTheRunEndsAsDecided() {
		TestRuns.begin(this.run, SECOND, this.time);
		this.time.pass(SECOND);
		this.run.interruptIfLate(this.time.ticks());
		this.run.leave();
		ActiveRun.Ending ending = new ActiveRun.Ending(new Outcome.Finished(this.run.execution(),
				new Outcome.Attempt(this.time.instant(), this.time.instant(), null, null), JobResult.Type.FAILED, 1),
				null);
		assertThat(this.run.beginEnding(ending, SECOND, this.time.source())).isTrue();
		this.time.pass(SECOND.minusNanos(1));
		this.run.interruptIfLate(this.time.ticks());
		assertThat(this.run.abandonIfStuck(this.time.ticks(), Duration.ofNanos(1))).isFalse();
		assertThat(Thread.interrupted()).isFalse();
		assertThat(this.run.stopJob(this.time.ticks())).isFalse();
		assertThat(this.run.kill(this.time.ticks())).isFalse();
		this.time.pass(Duration.ofNanos(1));
		this.run.interruptIfLate(this.time.ticks());
		assertThat(Thread.interrupted()).isTrue();
		this.run.interruptIfLate(this.time.ticks());
		assertThat(Thread.interrupted()).isFalse();
		this.time.pass(SECOND);
		assertThat(this.run.abandonIfStuck(this.time.ticks(), SECOND)).isTrue();
		assertThat(this.run.ending()).isSameAs(ending);
		assertThat(this.run.cutShort()).isEqualTo(CutShort.TIMEOUT);
	}

	@Test
	void aDecisionHasATimeOfItsOwnWhichEndsWithIt() {
		TestRuns.begin(this.run, SECOND, this.time);
		this.run.leave();
		IllegalStateException failure = new IllegalStateException();
		assertThat(this.run.beginEnding(ActiveRun.Ending.undecided(failure), SECOND, this.time.source())).isTrue();
		this.time.pass(SECOND);
		this.run.interruptIfLate(this.time.ticks());
		assertThat(Thread.currentThread().isInterrupted()).isTrue();
		this.run.leave();
		assertThat(Thread.interrupted()).isFalse();
		this.time.pass(SECOND);
		assertThat(this.run.abandonIfStuck(this.time.ticks(), SECOND)).isFalse();
		assertThat(this.run.cutShort()).isNull();
	}

	@Test
	void noCallbackBeginsForARunThatDoesNotCount() {
		TestRuns.begin(this.run, SECOND, this.time);
		this.run.leave();
		this.run.loseLease();
		assertThat(this.run.beginEnding(new ActiveRun.Ending(new Outcome.Finished(this.run.execution(),
				new Outcome.Attempt(this.time.instant(), this.time.instant(), null, null), JobResult.Type.SUCCESSFUL,
				1), null), SECOND, this.time.source()))
			.isFalse();
	}

	@Test
	void isKilledWhileItsMethodIsUnderWayOnly() {
		assertThat(this.run.kill(this.time.ticks())).isFalse();
		TestRuns.begin(this.run, SECOND, this.time);
		assertThat(this.run.kill(this.time.ticks())).isTrue();
		assertThat(Thread.interrupted()).isTrue();
		assertThat(this.run.cutShort()).isEqualTo(CutShort.KILLED);
		assertThat(this.run.isCancelled()).isTrue();
		assertThat(this.run.kill(this.time.ticks())).isFalse();
	}

	@Test
	void isNotStoppedWhenItsMethodIsThrough() {
		TestRuns.begin(this.run, SECOND, this.time);
		this.run.leave();
		assertThat(this.run.stopJob(this.time.ticks())).isFalse();
		assertThat(this.run.kill(this.time.ticks())).isFalse();
		assertThat(this.run.cutShort()).isNull();
		assertThat(Thread.interrupted()).isFalse();
		this.run.end();
		assertThat(this.run.stopJob(this.time.ticks())).isFalse();
	}

	@Test
	void aStopIsMoreThanAnyOtherReasonToEnd() {
		TestRuns.begin(this.run, SECOND, this.time);
		this.time.pass(SECOND);
		this.run.interruptIfLate(this.time.ticks());
		assertThat(this.run.kill(this.time.ticks())).isFalse();
		assertThat(this.run.stopJob(this.time.ticks())).isTrue();
		this.run.interruptIfLate(this.time.ticks());
		assertThat(this.run.cutShort()).isEqualTo(CutShort.STOPPED);
		assertThat(Thread.interrupted()).isTrue();
	}

	@Test
	void aRunThatIsStoppedBeforeItBeginsIsNotGivenBackButEnds() {
		assertThat(this.run.endUnbegun()).isFalse();
		assertThat(this.run.stopJob(this.time.ticks())).isTrue();
		assertThat(this.run.giveBack()).isFalse();
		assertThat(this.run.endUnbegun()).isTrue();
		assertThat(this.run.endUnbegun()).isFalse();
		assertThat(TestRuns.begin(this.run, SECOND, this.time)).isFalse();
	}

	@Test
	void nobodyInterruptsWhatFollowsTheMethod() {
		TestRuns.begin(this.run, SECOND, this.time);
		this.run.stop();
		this.run.leave();
		this.run.interrupt();
		assertThat(Thread.currentThread().isInterrupted()).isFalse();
		assertThat(this.run.isStopping()).isTrue();
	}

	@Test
	void needsABeatOnceAnIntervalAndOneEarlyToBeShown() {
		Duration interval = Duration.ofSeconds(10);
		assertThat(this.run.needsBeat(this.time.ticks(), interval, SECOND)).isFalse();
		this.time.pass(SECOND);
		assertThat(this.run.needsBeat(this.time.ticks(), interval, SECOND)).isTrue();
		this.run.beaten(this.time.ticks(), TestRuns.LEASE);
		this.time.pass(interval.minusNanos(1));
		assertThat(this.run.needsBeat(this.time.ticks(), interval, SECOND)).isFalse();
		this.time.pass(Duration.ofNanos(1));
		assertThat(this.run.needsBeat(this.time.ticks(), interval, SECOND)).isTrue();
		this.run.loseLease();
		assertThat(this.run.needsBeat(this.time.ticks(), interval, SECOND)).isFalse();
	}

	@Test
	void beginsOnlyWhileItsLeaseIsSureToHold() {
		this.time.pass(TestRuns.LEASE);
		assertThat(TestRuns.begin(this.run, TestRuns.NO_TIMEOUT, this.time)).isFalse();
		this.run.beaten(this.time.ticks() - SECOND.toNanos(), SECOND);
		assertThat(TestRuns.begin(this.run, TestRuns.NO_TIMEOUT, this.time)).isFalse();
		this.run.beaten(this.time.ticks(), SECOND);
		assertThat(TestRuns.begin(this.run, TestRuns.NO_TIMEOUT, this.time)).isTrue();
	}

	@Test
	void doesNotBeginWithoutItsLease() {
		this.run.loseLease();
		assertThat(TestRuns.begin(this.run, TestRuns.NO_TIMEOUT, this.time)).isFalse();
		assertThat(this.run.giveBack()).isTrue();
	}

	@Test
	void itsPlaceComesBackOnce() {
		assertThat(this.run.returnPlace()).isTrue();
		assertThat(this.run.returnPlace()).isFalse();
	}

	@Test
	void keepsItsPlaceIfItHasEndedAndStillHasItAtTheSecondLook() {
		assertThat(this.run.keepsPlace()).isFalse();
		this.run.end();
		assertThat(this.run.keepsPlace()).isFalse();
		assertThat(this.run.keepsPlace()).isTrue();
		this.run.returnPlace();
		assertThat(this.run.keepsPlace()).isFalse();
	}

}
