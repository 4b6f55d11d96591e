package io.rq.benchmarks.harness;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * A job system as the benchmarks see it. Each is started in two processes: one calls the
 * producing methods, the other the working ones. Producing methods are called from many
 * threads.
 */
public interface SystemUnderTest {

	/**
	 * Names the version that is measured.
	 * @return the version
	 */
	String version();

	/**
	 * Names what the system offers.
	 * @return the features
	 */
	Set<Feature> features();

	/**
	 * Connects for producing.
	 * @throws Exception if the system does not start
	 */
	void openProducer() throws Exception;

	/**
	 * Enqueues a job that calls {@link BenchmarkJob#run(String, int)}; returns when the
	 * store has it.
	 * @param job the arguments
	 * @throws Exception if that fails
	 */
	void enqueue(Payload job) throws Exception;

	/**
	 * Enqueues jobs in the way the system offers for many.
	 * @param jobs the arguments of each, at most 1,000
	 * @throws Exception if that fails
	 */
	default void enqueueAll(List<Payload> jobs) throws Exception {
		for (Payload job : jobs) {
			enqueue(job);
		}
	}

	/**
	 * Enqueues a job that is due later.
	 * @param job the arguments
	 * @param delay the time from now
	 * @throws Exception if that fails
	 */
	default void schedule(Payload job, Duration delay) throws Exception {
		throw new UnsupportedOperationException();
	}

	/**
	 * Enqueues a job that is run again {@link BenchmarkJob#RETRY_SECONDS} after it
	 * failed.
	 * @param job the arguments
	 * @throws Exception if that fails
	 */
	default void enqueueRetryable(Payload job) throws Exception {
		throw new UnsupportedOperationException();
	}

	/**
	 * Starts working; called again after {@link #stopWorker()}.
	 * @param concurrency how many jobs may run at a time
	 * @throws Exception if the system does not start
	 */
	void startWorker(int concurrency) throws Exception;

	/**
	 * Prepares the running worker for jobs that were scheduled. For systems that would
	 * work slower if they always looked for them.
	 * @throws Exception if that fails
	 */
	default void prepareForSchedule() throws Exception {
	}

	/**
	 * Stops working; returns when no job runs any more.
	 * @throws Exception if that fails
	 */
	void stopWorker() throws Exception;

	/**
	 * Removes all jobs. Systems on Redis need not do anything: their database is flushed.
	 * @throws Exception if that fails
	 */
	default void clear() throws Exception {
	}

	/**
	 * The address of the Redis to use.
	 * @return a URL
	 */
	static String redisUrl() {
		return "redis://127.0.0.1:" + redisPort();
	}

	/**
	 * The port of the Redis to use.
	 * @return the port on this machine
	 */
	static int redisPort() {
		return Integer.parseInt(System.getenv("BENCH_REDIS_PORT"));
	}

	/**
	 * The address of the PostgreSQL to use.
	 * @return a JDBC URL
	 */
	static String jdbcUrl() {
		return System.getenv("BENCH_JDBC_URL");
	}

	/**
	 * Reads the version from the manifest or the name of the jar a class comes from.
	 * @param type the class
	 * @return the version
	 */
	static String versionOf(Class<?> type) {
		String version = type.getPackage().getImplementationVersion();
		if (version != null) {
			return version;
		}
		String jar = type.getProtectionDomain().getCodeSource().getLocation().getPath();
		return jar.replaceAll(".*?-(\\d[^/]*)\\.jar$", "$1");
	}

}
