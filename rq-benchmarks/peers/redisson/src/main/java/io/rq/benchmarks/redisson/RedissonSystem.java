package io.rq.benchmarks.redisson;

import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import io.rq.benchmarks.harness.BenchmarkJob;
import io.rq.benchmarks.harness.Feature;
import io.rq.benchmarks.harness.Payload;
import io.rq.benchmarks.harness.SystemMain;
import io.rq.benchmarks.harness.SystemUnderTest;
import org.redisson.Redisson;
import org.redisson.api.RScheduledExecutorService;
import org.redisson.api.RedissonClient;
import org.redisson.api.WorkerOptions;
import org.redisson.config.Config;

/**
 * Redisson's distributed executor service. It runs a lost task again, but does not retry
 * a failed one.
 */
final class RedissonSystem implements SystemUnderTest {

	private RedissonClient redisson;

	private RScheduledExecutorService executor;

	public static void main(String[] args) throws IOException {
		SystemMain.run(new RedissonSystem());
	}

	@Override
	public String version() {
		return SystemUnderTest.versionOf(Redisson.class);
	}

	@Override
	public Set<Feature> features() {
		return EnumSet.of(Feature.BULK, Feature.SCHEDULE);
	}

	@Override
	public void openProducer() {
		connect();
	}

	private void connect() {
		Config config = new Config();
		config.useSingleServer().setAddress(SystemUnderTest.redisUrl());
		this.redisson = Redisson.create(config);
		this.executor = this.redisson.getExecutorService("bench");
	}

	@Override
	public void enqueue(Payload job) {
		this.executor.execute(CountTask.of(job));
	}

	@Override
	public void enqueueAll(List<Payload> jobs) {
		this.executor.execute(jobs.stream().map(CountTask::of).toArray(Runnable[]::new));
	}

	@Override
	public void schedule(Payload job, Duration delay) {
		this.executor.schedule(CountTask.of(job), delay.toMillis(), TimeUnit.MILLISECONDS);
	}

	@Override
	public void startWorker(int concurrency) {
		connect();
		this.executor.registerWorkers(WorkerOptions.defaults().workers(concurrency));
	}

	@Override
	public void stopWorker() {
		this.executor.deregisterWorkers();
		this.redisson.shutdown();
	}

	/**
	 * The task as Redisson serialises it.
	 */
	public static final class CountTask implements Runnable, Serializable {

		private String text;

		private int number;

		/**
		 * Creates an empty task, for the codec.
		 */
		public CountTask() {
		}

		static CountTask of(Payload payload) {
			CountTask task = new CountTask();
			task.text = payload.text();
			task.number = payload.number();
			return task;
		}

		@Override
		public void run() {
			BenchmarkJob.run(this.text, this.number);
		}

	}

}
