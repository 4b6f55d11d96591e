package io.rq.chaos;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what {@link ChaosAudit} counts as doubled.
 */
class ChaosAuditTests {

	private final TestRedis record = TestRedis.start();

	private final Ledger ledger = new Ledger(this.record.port());

	@AfterEach
	void close() {
		this.ledger.close();
		this.record.close();
	}

	@Test
	void aJobThatIsTriedAgainIsNotDoubled() {
		run(1, true);
		run(2, false);
		assertThat(ChaosAudit.doubled(this.ledger.runs())).isEmpty();
	}

	@Test
	void aRunThatBeginsTwiceIsDoubled() {
		String run = start(1);
		start(1);
		this.ledger.ended(run, false);
		assertThat(ChaosAudit.doubled(this.ledger.runs())).containsExactly("job");
	}

	@Test
	void anAttemptThatIsMadeAgainIsDoubled() {
		run(1, true);
		run(1, false);
		assertThat(ChaosAudit.doubled(this.ledger.runs())).containsExactly("job");
	}

	@Test
	void aJobThatIsTriedAgainThoughItHasEndedWellIsDoubled() {
		run(1, false);
		run(2, false);
		assertThat(ChaosAudit.doubled(this.ledger.runs())).containsExactly("job");
	}

	@Test
	void aJobThatIsTriedAgainThoughItRunsIsDoubled() {
		start(1);
		run(2, false);
		assertThat(ChaosAudit.doubled(this.ledger.runs())).containsExactly("job");
	}

	@Test
	void eachJobIsCountedByItself() {
		run(1, false);
		this.ledger.started("other", "worker", 1, ChaosJobs.WORK);
		assertThat(ChaosAudit.doubled(this.ledger.runs())).isEmpty();
	}

	private String start(int attempt) {
		return this.ledger.started("job", "worker", attempt, ChaosJobs.WORK);
	}

	private void run(int attempt, boolean failing) {
		this.ledger.ended(start(attempt), failing);
	}

}
