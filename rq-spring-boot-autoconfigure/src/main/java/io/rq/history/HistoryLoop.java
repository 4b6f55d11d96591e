package io.rq.history;

import java.time.Duration;
import java.util.function.BooleanSupplier;

import org.springframework.context.SmartLifecycle;

import io.rq.lifecycle.RoundLoop;
import io.rq.log.SafeLog;

/**
 * Writes what a {@link HistoryRecorder} has counted, while the application runs and when
 * its workers have stopped.
 */
public class HistoryLoop implements SmartLifecycle {

	private static final Duration PATIENCE = Duration.ofSeconds(1);

	private final RoundLoop loop;

	private final int phase;

	private final BooleanSupplier autoStartup;

	/**
	 * Creates a loop that is not running.
	 * @param recorder what to do
	 * @param phase before that of the workers and schedulers, so that it stops after them
	 * @param autoStartup asked at the start whether there can be anything to count
	 */
	public HistoryLoop(HistoryRecorder recorder, int phase, BooleanSupplier autoStartup) {
		this.loop = new RoundLoop("rq-history", SafeLog.of(HistoryLoop.class), recorder);
		this.phase = phase;
		this.autoStartup = autoStartup;
	}

	@Override
	public void start() {
		this.loop.start();
	}

	@Override
	public void stop() {
		this.loop.terminate(PATIENCE, PATIENCE);
	}

	@Override
	public boolean isRunning() {
		return this.loop.isRunning();
	}

	@Override
	public boolean isAutoStartup() {
		return this.autoStartup.getAsBoolean();
	}

	@Override
	public int getPhase() {
		return this.phase;
	}

}
