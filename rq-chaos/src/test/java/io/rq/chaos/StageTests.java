package io.rq.chaos;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.rq.test.JavaProcess;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.Mockito.mock;

/**
 * Tests for what {@link Stage} sees of a worker that is gone.
 */
class StageTests {

	private final TestRedis record = TestRedis.start();

	private final Ledger ledger = new Ledger(this.record.port());

	private final Stage stage = new Stage(mock(Ground.class), mock(Fleet.class), this.ledger);

	private final Fleet.Member victim = new Fleet.Member("worker", "worker-0", Fleet.Role.WORKER, List.of(),
			mock(JavaProcess.class));

	@AfterEach
	void close() {
		this.ledger.close();
		this.record.close();
	}

	@Test
	void nothingReturnsFromAWorkerThatWasIdle() {
		this.ledger.ended(start("worker-0"), false);
		long dead = System.currentTimeMillis();
		Duration recovery = this.stage.awaitReturn(this.victim, dead);
		assertThat(recovery).isNull();
		assertThat(Strike.at(this.victim, dead, dead, recovery, Stage.LEASE)).hasToString("over, was idle");
	}

	@Test
	void whatItWasRunningReturns() {
		start("worker-0");
		long dead = System.currentTimeMillis();
		await().until(() -> System.currentTimeMillis() > dead);
		start("worker-1");
		assertThat(this.stage.awaitReturn(this.victim, dead)).isPositive();
	}

	private String start(String process) {
		return this.ledger.started("job", process, 1, ChaosJobs.WORK);
	}

}
