package io.rq.benchmarks.harness;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Notes what the jobs of this process did. One per process, because most systems create
 * their jobs by themselves.
 */
final class Recorder {

	static final Recorder INSTANCE = new Recorder();

	private final AtomicInteger count = new AtomicInteger();

	private final Samples timed = new Samples();

	private final Samples retried = new Samples();

	private final Map<Integer, Long> failures = new ConcurrentHashMap<>();

	private volatile Expectation expectation = new Expectation(Integer.MAX_VALUE);

	private volatile long firstMicros;

	private volatile long halfMicros;

	private volatile long lastMicros;

	private Recorder() {
	}

	void count() {
		int counted = this.count.incrementAndGet();
		Expectation expected = this.expectation;
		if (counted == 1) {
			this.firstMicros = BenchmarkClock.micros();
		}
		if (counted == expected.half) {
			this.halfMicros = BenchmarkClock.micros();
		}
		if (counted == expected.jobs) {
			this.lastMicros = BenchmarkClock.micros();
			expected.met.countDown();
		}
	}

	void timed(long micros) {
		this.timed.add(micros);
	}

	void retried(long micros) {
		this.retried.add(micros);
	}

	Long failedAt(int number, long now) {
		return this.failures.putIfAbsent(number, now);
	}

	/**
	 * Forgets what was noted and waits for so many jobs from now on.
	 */
	void expect(int jobs) {
		this.expectation = new Expectation(jobs);
		this.count.set(0);
		this.timed.clear();
		this.retried.clear();
		this.failures.clear();
		this.firstMicros = 0;
		this.halfMicros = 0;
		this.lastMicros = 0;
	}

	/**
	 * Names the number of jobs while they are already running.
	 */
	void expectInAll(int jobs) {
		Expectation expected = new Expectation(jobs);
		this.expectation = expected;
		if (this.count.get() >= jobs) {
			this.lastMicros = BenchmarkClock.micros();
			expected.met.countDown();
		}
	}

	void await(long millis) throws InterruptedException {
		this.expectation.met.await(millis, TimeUnit.MILLISECONDS);
	}

	Answer progress() {
		return new Answer().with("count", this.count.get())
			.with("first", this.firstMicros)
			.with("half", this.halfMicros)
			.with("last", this.lastMicros);
	}

	Answer writeLatencies(Path timedFile, Path retriedFile) throws IOException {
		return new Answer().with("timed", this.timed.write(timedFile)).with("retried", this.retried.write(retriedFile));
	}

	private static final class Expectation {

		private final int jobs;

		private final int half;

		private final CountDownLatch met = new CountDownLatch(1);

		Expectation(int jobs) {
			this.jobs = jobs;
			this.half = jobs / 2;
		}

	}

	private static final class Samples {

		private static final int CAPACITY = 1 << 20;

		private final AtomicInteger size = new AtomicInteger();

		private long[] micros = new long[0];

		void add(long value) {
			int index = this.size.getAndIncrement();
			if (index < CAPACITY) {
				this.micros[index] = value;
			}
		}

		void clear() {
			this.size.set(0);
			if (this.micros.length == 0) {
				this.micros = new long[CAPACITY];
			}
		}

		int write(Path file) throws IOException {
			int filled = Math.min(this.size.get(), CAPACITY);
			try (PrintWriter writer = new PrintWriter(Files.newBufferedWriter(file))) {
				for (int i = 0; i < filled; i++) {
					writer.println(this.micros[i]);
				}
			}
			return filled;
		}

	}

}
