package io.rq.benchmarks.rqueue;

import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

import com.github.sonus21.rqueue.core.RqueueMessageEnqueuer;
import io.rq.benchmarks.harness.Feature;
import io.rq.benchmarks.harness.Payload;
import io.rq.benchmarks.harness.SystemMain;
import io.rq.benchmarks.harness.SystemUnderTest;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Rqueue in a Spring Boot application of the generation it is built for. It has no call
 * for many jobs, and its container does not work reliably after a stop and a start, so
 * the application is started anew.
 */
final class RqueueSystem implements SystemUnderTest {

	static final String QUEUE = "bench";

	static final int RETRIES = 3;

	private ConfigurableApplicationContext context;

	private RqueueMessageEnqueuer enqueuer;

	public static void main(String[] args) throws IOException {
		SystemMain.run(new RqueueSystem());
	}

	@Override
	public String version() {
		return SystemUnderTest.versionOf(RqueueMessageEnqueuer.class) + " on Spring Boot "
				+ SystemUnderTest.versionOf(SpringApplicationBuilder.class);
	}

	@Override
	public Set<Feature> features() {
		return EnumSet.of(Feature.SCHEDULE, Feature.RETRY);
	}

	@Override
	public void openProducer() {
		start("PRODUCER", 1);
		this.enqueuer = this.context.getBean(RqueueMessageEnqueuer.class);
	}

	private void start(String mode, int concurrency) {
		this.context = new SpringApplicationBuilder(RqueueApplication.class).web(WebApplicationType.NONE)
			.properties(Map.of("spring.data.redis.url", SystemUnderTest.redisUrl(), "rqueue.system.mode", mode,
					"rqueue.latest.version.check.enabled", "false", "rqueue.job.enabled", "false", "bench.concurrency",
					concurrency, "spring.main.banner-mode", "off", "logging.level.root", "error"))
			.run();
	}

	@Override
	public void enqueue(Payload job) {
		this.enqueuer.enqueue(QUEUE, CountMessage.of(job));
	}

	@Override
	public void schedule(Payload job, Duration delay) {
		this.enqueuer.enqueueIn(QUEUE, CountMessage.of(job), delay);
	}

	@Override
	public void enqueueRetryable(Payload job) {
		this.enqueuer.enqueueWithRetry(QUEUE, CountMessage.of(job), RETRIES);
	}

	@Override
	public void startWorker(int concurrency) {
		start("BOTH", concurrency);
	}

	@Override
	public void stopWorker() {
		this.context.close();
	}

}
