package io.rq.benchmarks.rq;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

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

	private @Nullable ConfigurableApplicationContext context;

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
			requests.add(JobRequest.of(BenchJobs::count, payload.text(), payload.number()));
		}
		jobs().enqueueAll(requests);
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
		start(Map.of("rq.worker.concurrency", concurrency, "rq.worker.with-scheduler", "true",
				"spring.threads.virtual.enabled", "true"));
	}

	@Override
	public void stopWorker() {
		Objects.requireNonNull(this.context).close();
	}

	private ConfigurableApplicationContext start(Map<String, Object> properties) {
		this.context = new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.properties(Map.of("spring.data.redis.url", SystemUnderTest.redisUrl(), "spring.main.banner-mode", "off",
					"logging.level.root", "warn"))
			.properties(properties)
			.run();
		return this.context;
	}

	/**
	 * The application around the jobs.
	 */
	@SpringBootApplication(proxyBeanMethods = false)
	static class Application {

	}

}
