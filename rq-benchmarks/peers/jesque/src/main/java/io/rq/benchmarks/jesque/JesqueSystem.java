package io.rq.benchmarks.jesque;

import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.rq.benchmarks.harness.BenchmarkJob;
import io.rq.benchmarks.harness.Feature;
import io.rq.benchmarks.harness.Payload;
import io.rq.benchmarks.harness.SystemMain;
import io.rq.benchmarks.harness.SystemUnderTest;
import net.greghaines.jesque.Config;
import net.greghaines.jesque.ConfigBuilder;
import net.greghaines.jesque.Job;
import net.greghaines.jesque.client.Client;
import net.greghaines.jesque.client.ClientPoolImpl;
import net.greghaines.jesque.utils.PoolUtils;
import net.greghaines.jesque.worker.MapBasedJobFactory;
import net.greghaines.jesque.worker.Worker;
import net.greghaines.jesque.worker.WorkerImpl;
import net.greghaines.jesque.worker.WorkerPool;

/**
 * Jesque. It knows no retries with a delay. A queue holds either jobs for now or jobs for
 * later, so there are two.
 */
final class JesqueSystem implements SystemUnderTest {

	private static final String NOW = "bench";

	private static final String LATER = "bench-later";

	private static final String JOB = "count";

	private static final long STOP_MILLIS = 10_000;

	private final Config config = new ConfigBuilder().withHost("127.0.0.1")
		.withPort(SystemUnderTest.redisPort())
		.build();

	private Client client;

	private WorkerPool workers;

	public static void main(String[] args) throws IOException {
		SystemMain.run(new JesqueSystem());
	}

	@Override
	public String version() {
		return SystemUnderTest.versionOf(Client.class);
	}

	@Override
	public Set<Feature> features() {
		return EnumSet.of(Feature.BULK, Feature.SCHEDULE);
	}

	@Override
	public void openProducer() {
		this.client = new ClientPoolImpl(this.config, PoolUtils.createJedisPool(this.config));
	}

	@Override
	public void enqueue(Payload job) {
		this.client.enqueue(NOW, job(job));
	}

	@Override
	public void enqueueAll(List<Payload> jobs) {
		this.client.batchEnqueue(NOW, jobs.stream().map(JesqueSystem::job).toList());
	}

	@Override
	public void schedule(Payload job, Duration delay) {
		this.client.delayedEnqueue(LATER, job(job), System.currentTimeMillis() + delay.toMillis());
	}

	private static Job job(Payload payload) {
		return new Job(JOB, payload.text(), payload.number());
	}

	@Override
	public void startWorker(int concurrency) {
		this.workers = new WorkerPool(this::worker, concurrency);
		this.workers.run();
	}

	private Worker worker() {
		return new WorkerImpl(this.config, List.of(NOW), new MapBasedJobFactory(Map.of(JOB, CountJob.class)));
	}

	@Override
	public void prepareForSchedule() {
		this.workers.addQueue(LATER);
	}

	@Override
	public void stopWorker() throws InterruptedException {
		this.workers.endAndJoin(false, STOP_MILLIS);
	}

	/**
	 * The job as Jesque creates it.
	 */
	public static final class CountJob implements Runnable {

		private final String text;

		private final int number;

		/**
		 * Creates the job from its arguments.
		 * @param text the text of the payload
		 * @param number the number of the payload
		 */
		public CountJob(String text, Integer number) {
			this.text = text;
			this.number = number;
		}

		@Override
		public void run() {
			BenchmarkJob.run(this.text, this.number);
		}

	}

}
