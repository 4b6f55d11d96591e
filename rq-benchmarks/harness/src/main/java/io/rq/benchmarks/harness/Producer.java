package io.rq.benchmarks.harness;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/**
 * Sends jobs: as fast as it can, or at a rate that does not wait for the system (an open
 * loop, where every job carries the time at which it should have been sent).
 */
final class Producer {

	private static final int BULK = 1_000;

	private static final int FILLING_THREADS = 8;

	private static final long TICK_MICROS = 1_000;

	private static final long SEED = 20_260_101;

	private final SystemUnderTest system;

	Producer(SystemUnderTest system) {
		this.system = system;
	}

	/**
	 * Single calls for a time.
	 */
	Answer enqueue(int threads, long millis) throws Exception {
		long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
		AtomicInteger number = new AtomicInteger();
		return timed(() -> inThreads(threads, () -> {
			int sent = 0;
			while (System.nanoTime() < end) {
				this.system.enqueue(Payload.counted(number.incrementAndGet()));
				sent++;
			}
			return sent;
		}));
	}

	/**
	 * So many jobs, in the fastest way the system has.
	 */
	Answer bulk(int jobs) throws Exception {
		if (this.system.features().contains(Feature.BULK)) {
			return timed(() -> inBulk(jobs, Payload::counted));
		}
		return each(jobs, (number) -> this.system.enqueue(Payload.counted(number)));
	}

	/** Single calls, all at once. */
	private static Answer each(int jobs, Sending sending) throws Exception {
		AtomicInteger left = new AtomicInteger(jobs);
		return timed(() -> inThreads(FILLING_THREADS, () -> {
			int sent = 0;
			for (int number = left.getAndDecrement(); number > 0; number = left.getAndDecrement()) {
				sending.send(number);
				sent++;
			}
			return sent;
		}));
	}

	private int inBulk(int jobs, IntFunction<Payload> payloads) throws Exception {
		for (int start = 0; start < jobs; start += BULK) {
			int end = Math.min(jobs, start + BULK);
			List<Payload> bulk = new ArrayList<>(end - start);
			for (int i = start; i < end; i++) {
				bulk.add(payloads.apply(i));
			}
			this.system.enqueueAll(bulk);
		}
		return jobs;
	}

	/**
	 * Single calls of one thread at a rate.
	 */
	Answer pace(int rate, long millis) throws Exception {
		int jobs = (int) (rate * millis / 1_000);
		long start = BenchmarkClock.micros();
		return timed(() -> {
			for (int i = 0; i < jobs; i++) {
				long intended = start + i * 1_000_000L / rate;
				BenchmarkClock.sleepUntil(intended);
				this.system.enqueue(Payload.timed(intended, i));
			}
			return jobs;
		});
	}

	/**
	 * What is due in each millisecond in one bulk, at a rate.
	 */
	Answer load(int rate, long millis) throws Exception {
		boolean bulk = this.system.features().contains(Feature.BULK);
		int threads = bulk ? 1 : FILLING_THREADS;
		int jobs = (int) (rate * millis / 1_000);
		long start = BenchmarkClock.micros();
		AtomicInteger next = new AtomicInteger();
		return timed(() -> inThreads(threads, () -> {
			int sent = 0;
			for (int i = next.getAndIncrement(); i < jobs; i = next.getAndIncrement()) {
				long intended = start + i * 1_000_000L / rate;
				BenchmarkClock.sleepUntil(intended);
				sent += bulk ? sendDue(next, i, jobs, start, rate) : sendOne(intended, i);
			}
			return sent;
		}));
	}

	private int sendOne(long intended, int number) throws Exception {
		this.system.enqueue(Payload.timed(intended, number));
		return 1;
	}

	private int sendDue(AtomicInteger next, int first, int jobs, long start, int rate) throws Exception {
		BenchmarkClock.sleepUntil(start + first * 1_000_000L / rate + TICK_MICROS);
		long elapsed = BenchmarkClock.micros() - start;
		int end = (int) Math.min(Math.min(jobs, first + BULK), elapsed * rate / 1_000_000 + 1);
		List<Payload> due = new ArrayList<>();
		for (int i = first; i < end; i++) {
			due.add(Payload.timed(start + i * 1_000_000L / rate, i));
		}
		this.system.enqueueAll(due);
		next.set(end);
		return due.size();
	}

	/**
	 * Jobs due at random times in a window that begins after a second, each carrying its
	 * due time.
	 */
	Answer schedule(int jobs, long windowMillis) throws Exception {
		Random random = new Random(SEED);
		return timed(() -> {
			for (int i = 0; i < jobs; i++) {
				long delay = 1_000_000 + (long) (random.nextDouble() * windowMillis * 1_000);
				delay -= delay % 1_000;
				this.system.schedule(Payload.timed(BenchmarkClock.micros() + delay, i),
						Duration.ofNanos(delay * 1_000));
			}
			return jobs;
		});
	}

	/**
	 * Jobs due in an hour.
	 */
	Answer later(int jobs) throws Exception {
		return each(jobs,
				(number) -> this.system.schedule(Payload.counted(number), Duration.ofHours(1).plusMillis(number)));
	}

	/**
	 * Jobs that fail once, evenly over a window.
	 */
	Answer retry(int jobs, long windowMillis) throws Exception {
		long start = BenchmarkClock.micros();
		return timed(() -> {
			for (int i = 0; i < jobs; i++) {
				BenchmarkClock.sleepUntil(start + i * windowMillis * 1_000 / jobs);
				this.system.enqueueRetryable(Payload.failing(i));
			}
			return jobs;
		});
	}

	private static Answer timed(Callable<Integer> sending) throws Exception {
		long start = BenchmarkClock.micros();
		int sent = sending.call();
		return new Answer().with("count", sent).with("start", start).with("micros", BenchmarkClock.micros() - start);
	}

	private static int inThreads(int threads, Callable<Integer> sending) throws Exception {
		if (threads == 1) {
			return sending.call();
		}
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		try {
			List<Callable<Integer>> senders = Collections.nCopies(threads, sending);
			int sent = 0;
			for (Future<Integer> sender : executor.invokeAll(senders)) {
				sent += sender.get();
			}
			return sent;
		}
		catch (ExecutionException ex) {
			throw (ex.getCause() instanceof Exception cause) ? cause : ex;
		}
		finally {
			executor.shutdown();
		}
	}

	/**
	 * Sends one job.
	 */
	private interface Sending {

		void send(int number) throws Exception;

	}

}
