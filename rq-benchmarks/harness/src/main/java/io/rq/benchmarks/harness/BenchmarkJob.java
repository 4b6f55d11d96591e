package io.rq.benchmarks.harness;

import java.util.concurrent.TimeUnit;

/**
 * The body of every measured job, the same in each Java system.
 */
public final class BenchmarkJob {

	/**
	 * How long a failed job should wait before it is run again.
	 */
	public static final long RETRY_SECONDS = 2;

	private BenchmarkJob() {
	}

	/**
	 * Runs the job: counts it and, if it carries a time, notes how late it is.
	 * @param text the text of the {@link Payload}
	 * @param number the number of the {@link Payload}
	 */
	public static void run(String text, int number) {
		Recorder recorder = Recorder.INSTANCE;
		switch (text.charAt(0)) {
			case Payload.TIMED -> recorder.timed(BenchmarkClock.micros() - Payload.intendedMicros(text));
			case Payload.FAILING -> failOnce(recorder, number);
			default -> {
			}
		}
		recorder.count();
	}

	private static void failOnce(Recorder recorder, int number) {
		long now = BenchmarkClock.micros();
		Long failedAt = recorder.failedAt(number, now);
		if (failedAt == null) {
			throw new IntendedFailure();
		}
		recorder.retried(now - failedAt - TimeUnit.SECONDS.toMicros(RETRY_SECONDS));
	}

	/**
	 * The failure of a job that should be retried. Without a stack trace of its own, so
	 * that systems are not compared by the depth of their stacks.
	 */
	public static final class IntendedFailure extends RuntimeException {

		private static final long serialVersionUID = 1L;

		IntendedFailure() {
			super("fails once", null, false, false);
		}

	}

}
