package io.rq.autoconfigure;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.platform.commons.util.ExceptionUtils;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.rq.annotation.RqJob;
import io.rq.job.Call;
import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.job.JobStatus;
import io.rq.job.Retry;
import io.rq.job.Webhook;
import io.rq.operations.JobArguments;
import io.rq.operations.JobFilter;
import io.rq.operations.RqOperations;
import io.rq.queue.Registry;
import io.rq.template.JobTemplate;
import io.rq.test.OneRedis;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Searches all that comes out of an application for what its jobs were given and its
 * configuration keeps secret.
 */
@Timeout(120)
@TestInstance(Lifecycle.PER_CLASS)
@ExtendWith(OutputCaptureExtension.class)
@OneRedis("has a server of its own with users")
class SecretsTests {

	private static final String MARK = "hush";

	/** Shown where failures are: in logs and with the attempts of a job. */
	private static final String MESSAGE = "told-by-the-exception";

	private final TestRedis redis = TestRedis.start();

	private final List<String> observed = new CopyOnWriteArrayList<>();

	private ConfigurableApplicationContext context;

	@BeforeAll
	void start() {
		this.redis.setUser("app", "on", ">" + MARK + "-redis", "~*", "resetchannels", "&*", "+@all");
		this.context = new SpringApplicationBuilder(Application.class)
			.initializers((context) -> context.getBeanFactory().registerSingleton("observed", handler()))
			.properties("server.port=0", "management.endpoints.web.exposure.include=*",
					"management.endpoint.health.show-details=always", "logging.level.io.rq=DEBUG",
					"spring.data.redis.url=redis://app:%s-redis@%s:%d".formatted(MARK, this.redis.host(),
							this.redis.port()),
					"rq.webhooks.enabled=true", "rq.webhooks.secret=" + MARK + "-signature", "rq.webhooks.retries=1",
					"rq.webhooks.intervals=0", "rq.webhooks.allowed=127.0.0.1")
			.run();
	}

	private ObservationHandler<Observation.Context> handler() {
		return new ObservationHandler<>() {

			@Override
			public void onStop(Observation.Context context) {
				SecretsTests.this.observed.add(context.getAllKeyValues() + " " + context.getContextualName());
			}

			@Override
			public boolean supportsContext(Observation.Context context) {
				return true;
			}

		};
	}

	@AfterAll
	void stop() {
		this.context.close();
		this.redis.close();
		LoggingSystem.get(getClass().getClassLoader()).setLogLevel("io.rq", LogLevel.INFO);
	}

	@Test
	void nothingOfThemComesOut(CapturedOutput output) throws Exception {
		JobTemplate jobs = this.context.getBean(JobTemplate.class);
		List<JobRequest> requests = List.of(request("succeed"), request("fail"), request("fail").retry(Retry.max(1)),
				request("nobody.knows"), request("return"));
		List<Job> all = jobs.enqueueAll(requests);
		Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.until(() -> all.stream()
				.map((job) -> jobs.find(job.id()).orElseThrow().status())
				.allMatch((status) -> status == JobStatus.FINISHED || status == JobStatus.FAILED)
					&& jobs.count("rq-webhooks") == 0);
		assertThatIllegalArgumentException()
			.isThrownBy(() -> jobs.enqueue("count", Map.of(MARK + "-key", MARK + "-argument")))
			.withMessageContaining("LinkedHashMap[…]")
			.satisfies((ex) -> assertThat(ExceptionUtils.readStackTrace(ex)).doesNotContain(MARK));
		List<String> pages = new ArrayList<>();
		for (String path : List.of("health", "rq", "rq/default", "rq/default/failed", "rq/default/finished",
				"rq/workers", "rq/failures", "rq/audit", "metrics", "info", "configprops/rq")) {
			pages.add(get(path));
		}
		for (Job job : all) {
			pages.add(get("rq/job/" + job.id()));
			pages.add(get("rq/job/" + job.id() + "/explain"));
		}
		assertThat(pages).noneMatch((page) -> page.contains(MARK));
		assertThat(String.join("\n", pages)).contains(MESSAGE);
		assertThat(output).contains("DEBUG", MESSAGE).doesNotContain(MARK);
		assertThat(this.observed).isNotEmpty().noneMatch((one) -> one.contains(MARK) || one.contains(MESSAGE));
		assertThat(this.context.getBean(MeterRegistry.class).getMeters()).isNotEmpty()
			.noneMatch(
					(meter) -> meter.getId().toString().contains(MARK) || meter.getId().toString().contains(MESSAGE));
		assertThat(shown(jobs, requests, all)).noneMatch((text) -> text.contains(MARK));
	}

	private static JobRequest request(String function) {
		return JobRequest.of(function, MARK + "-argument")
			.kwargs(Map.of("named", MARK + "-named"))
			.meta(Map.of("mine", MARK + "-meta"))
			.webhooks(webhook(JobStatus.FINISHED), webhook(JobStatus.FAILED));
	}

	private static Webhook webhook(JobStatus status) {
		return Webhook.post("http://127.0.0.1:1/" + MARK + "-path?token=" + MARK + "-token")
			.on(status)
			.header("Authorization", MARK + "-header");
	}

	private Stream<String> shown(JobTemplate jobs, List<JobRequest> requests, List<Job> all) {
		RqOperations operations = this.context.getBean(RqOperations.class);
		List<Object> objects = new ArrayList<>(requests);
		for (Job job : all) {
			objects.add(job);
			objects.add(jobs.find(job.id()).orElseThrow());
			objects.add(jobs.results(job.id()));
			jobs.call(job.id()).ifPresent(objects::add);
			objects.add(operations.job(job.id()).orElseThrow());
			objects.add(String.valueOf(operations.job(job.id()).orElseThrow().values()));
		}
		objects.add(operations.jobs("default", Registry.FAILED, JobFilter.ALL, null, 10));
		objects.add(operations.overview());
		objects.add(this.context.getBean(RqProperties.class));
		objects.add(Call.of("f", MARK));
		objects.add(new JobArguments(List.of(MARK), Map.of("named", MARK)));
		return objects.stream().map(Object::toString);
	}

	private String get(String path) throws Exception {
		String port = this.context.getEnvironment().getRequiredProperty("local.server.port");
		HttpResponse<String> response = HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/actuator/" + path)).build(),
					HttpResponse.BodyHandlers.ofString());
		assertThat(response.statusCode()).as(path).isEqualTo(200);
		return response.body();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		MeterRegistry testMeters() {
			return new SimpleMeterRegistry();
		}

		@RqJob(name = "succeed")
		String succeed(String argument, String named) {
			return MARK + "-result";
		}

		@RqJob(name = "count")
		void count(Map<String, Integer> counts) {
		}

		@RqJob(name = "return")
		Map<String, Object> returnMap(String argument, String named) {
			return Map.of(MARK + "-key", Map.of(MARK + "-key", new Object()));
		}

		@RqJob(name = "fail")
		String fail(String argument, String named) {
			throw new IllegalStateException(MESSAGE);
		}

	}

}
