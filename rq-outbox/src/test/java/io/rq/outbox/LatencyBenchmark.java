package io.rq.outbox;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.SynchronousQueue;
import java.util.stream.IntStream;

import io.rq.annotation.RqJob;
import io.rq.job.JobRequest;
import io.rq.test.TestRedis;

/**
 * Measures what the outbox adds to the time from the request for a job to its run, on
 * PostgreSQL: one transaction at a time with one row of its own, on an idle machine.
 * Prints medians in milliseconds.
 *
 * <pre class="code">
 * mvn -B -pl rq-outbox -am test-compile
 * java -cp … io.rq.outbox.LatencyBenchmark
 * </pre>
 */
final class LatencyBenchmark {

	private static final int WARM_UP = 2_000;

	private static final int TRANSACTIONS = 5_000;

	private LatencyBenchmark() {
	}

	/**
	 * Measures with and without the outbox, twice in turn.
	 * @param args ignored
	 * @throws InterruptedException if the process is to end
	 */
	public static void main(String[] args) throws InterruptedException {
		for (String enabled : List.of("false", "true", "false", "true")) {
			measure(enabled, args);
		}
		System.exit(0);
	}

	private static void measure(String enabled, String... properties) throws InterruptedException {
		List<String> all = new ArrayList<>(List.of(properties));
		all.addAll(List.of("rq.outbox.enabled=" + enabled, "db-scheduler.enabled=" + enabled,
				"spring.main.sources=" + Starts.class.getName(), "rq.worker.enabled=true",
				"spring.datasource.hikari.maximum-pool-size=20"));
		try (TestRedis redis = TestRedis.start();
				OutboxApplication application = OutboxApplication.start(redis.url(), Postgres.shared().properties(),
						all.toArray(String[]::new))) {
			SynchronousQueue<Long> started = application.bean(Starts.class).times();
			application.execute("create table orders (id int primary key)");
			long[] commit = new long[TRANSACTIONS];
			long[] run = new long[TRANSACTIONS];
			for (int i = -WARM_UP; i < TRANSACTIONS; i++) {
				int id = i;
				long begin = System.nanoTime();
				application.inTransaction((jobs) -> {
					application.execute("insert into orders values (" + id + ")");
					return jobs.enqueue(JobRequest.of("now"));
				});
				long end = System.nanoTime();
				long start = started.take();
				if (i >= 0) {
					commit[i] = end - begin;
					run[i] = start - begin;
				}
			}
			System.out.printf("outbox %s: transaction %s, until the run %s%n", enabled, text(commit), text(run));
		}
	}

	/** Tells when it is called. */
	record Starts(SynchronousQueue<Long> times) {

		Starts() {
			this(new SynchronousQueue<>());
		}

		@RqJob(name = "now")
		void now() throws InterruptedException {
			this.times.put(System.nanoTime());
		}

	}

	private static String text(long[] nanos) {
		long[] sorted = IntStream.range(0, nanos.length).mapToLong((i) -> nanos[i]).sorted().toArray();
		return "p50 %.2f ms, p99 %.2f ms".formatted(sorted[sorted.length / 2] / 1e6,
				sorted[sorted.length * 99 / 100] / 1e6);
	}

}
