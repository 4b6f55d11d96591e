package io.rq.worker;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

import io.rq.lifecycle.TimeSource;

/**
 * How many jobs are taken beyond the free places, so that the next ones are there when
 * the shortest jobs end: as many as are run in the next moment by what the last ones
 * took, and none where jobs take longer. And how many threads are worth it for them.
 * Asked by one thread.
 */
final class ReadAhead {

	/** How long a job that is taken early is to wait for a place. */
	private static final long HORIZON = Duration.ofMillis(2).toNanos();

	private static final int MOST = 50;

	/** What a thread is woken for, if there is so much. */
	private static final double WORTH_A_THREAD = Duration.ofNanos(250_000).toNanos();

	/** As if jobs took so long. */
	private static final double OFF = Duration.ofSeconds(1).toNanos();

	private final int places;

	private final TimeSource time;

	private final LongAdder runs = new LongAdder();

	private final LongAdder nanos = new LongAdder();

	/** What a job takes, by a moving average. */
	private double average = -1;

	ReadAhead(int places, TimeSource time) {
		this.places = places;
		this.time = time;
	}

	/** Returns how many jobs run at once. */
	int places() {
		return this.places;
	}

	/** Runs a job, on any thread. */
	void run(Runnable job) {
		long start = this.time.nanoTime();
		try {
			job.run();
		}
		finally {
			ran(this.time.nanoTime() - start);
		}
	}

	/** A job has been run, by any thread. */
	void ran(long tookNanos) {
		this.runs.increment();
		this.nanos.add(tookNanos);
	}

	/** Returns how many jobs may be taken early. */
	int jobs() {
		long count = this.runs.sumThenReset();
		long took = this.nanos.sumThenReset();
		if (count > 0) {
			double last = (double) took / count;
			this.average = (this.average < 0) ? last : (this.average + last) / 2;
		}
		return (this.average < 0) ? 0 : (int) Math.min(MOST, HORIZON / Math.max(1, this.average) * this.places);
	}

	/** Returns how many threads to begin jobs with, one after the other on each. */
	int threads(int jobs) {
		return (this.average < 0) ? jobs : (int) Math.min(jobs, Math.ceil(jobs * this.average / WORTH_A_THREAD) + 1);
	}

	/** Takes none early until many short jobs have been run. */
	void pause() {
		this.average = OFF;
	}

}
