package io.rq.benchmarks.rq;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

import io.rq.benchmarks.harness.Feature;
import io.rq.benchmarks.harness.Payload;
import io.rq.benchmarks.harness.SystemMain;
import io.rq.benchmarks.harness.SystemUnderTest;
import io.rq.job.JobRequest;
import io.rq.template.JobTemplate;

import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The only class of the benchmarks that knows the API of our product.
 */
final class RqSystem implements SystemUnderTest {

	private static final int QUEUES = Integer.getInteger("bench.queues", 1);

	private static final int WORKERS = Integer.getInteger("bench.workers", 1);

	private final List<ConfigurableApplicationContext> contexts = new ArrayList<>();

	private @Nullable JobTemplate jobs;

	public static void main(String[] args) throws IOException {
		SystemMain.run(new RqSystem());
	}

	@Override
	public String version() {
		String version = JobTemplate.class.getPackage().getImplementationVersion();
		return ((version != null) ? version : "this build") + " on Spring Boot " + SpringBootVersion.getVersion();
	}

	@Override
	public Set<Feature> features() {
		return EnumSet.allOf(Feature.class);
	}

	@Override
	public void openProducer() {
		this.jobs = start(Map.of("rq.worker.enabled", "false")).getBean(JobTemplate.class);
	}

	@Override
	public void enqueue(Payload job) {
		jobs().enqueue(BenchJobs::count, job.text(), job.number());
	}

	@Override
	public void enqueueAll(List<Payload> payloads) {
		List<JobRequest> requests = new ArrayList<>(payloads.size());
		for (Payload payload : payloads) {
			requests.add(JobRequest.of(BenchJobs::count, payload.text(), payload.number())
				.queue(queue(payload.number() % QUEUES)));
		}
		jobs().enqueueAll(requests);
	}

	private static String queue(int number) {
		return (number == 0) ? BenchJobs.QUEUE : BenchJobs.QUEUE + number;
	}

	@Override
	public void schedule(Payload job, Duration delay) {
		jobs().enqueueIn(delay, BenchJobs::count, job.text(), job.number());
	}

	@Override
	public void enqueueRetryable(Payload job) {
		jobs().enqueue(BenchJobs::countRetried, job.text(), job.number());
	}

	private JobTemplate jobs() {
		return Objects.requireNonNull(this.jobs);
	}

	@Override
	public void startWorker(int concurrency) {
		for (int i = 0; i < WORKERS; i++) {
			start(workerProperties(concurrency));
		}
	}

	private static Map<String, Object> workerProperties(int concurrency) {
		return Map.of("rq.worker.concurrency", concurrency, "rq.worker.with-scheduler", "true", "rq.worker.queues",
				IntStream.range(0, QUEUES).mapToObj(RqSystem::queue).toList(), "spring.threads.virtual.enabled",
				"true");
	}

	@Override
	public void stopWorker() {
		this.contexts.forEach(ConfigurableApplicationContext::close);
		this.contexts.clear();
	}

	private ConfigurableApplicationContext start(Map<String, Object> properties) {
		ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
			.web(WebApplicationType.NONE)
			.properties(Map.of("spring.data.redis.url", SystemUnderTest.redisUrl(), "spring.main.banner-mode", "off",
					"logging.level.root", "warn"))
			.properties(properties)
			.run();
		this.contexts.add(context);
		return context;
	}

	/**
	 * The application around the jobs.
	 */
	@SpringBootApplication(proxyBeanMethods = false)
	static class Application {

	}

}
