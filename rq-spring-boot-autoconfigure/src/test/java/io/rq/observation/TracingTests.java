package io.rq.observation;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.util.Assert;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;

import io.rq.annotation.RqJob;
import io.rq.interceptor.JobInterceptor;
import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.job.JobResult;
import io.rq.job.Retry;
import io.rq.template.JobOperations;
import io.rq.template.JobTemplate;
import io.rq.test.RedisTest;
import io.rq.test.TestRedis;
import io.rq.worker.WorkerContainer;

import static io.rq.test.TestStores.key;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for traces and meters of jobs in an application with OpenTelemetry.
 */
@RedisTest
@TestInstance(Lifecycle.PER_CLASS)
class TracingTests {

	private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

	private static final String PARENT = "00-" + TRACE + "-b7ad6b7169203331-01";

	private final String url;

	private final ConfigurableApplicationContext shared;

	private ConfigurableApplicationContext context;

	private InMemorySpanExporter spans;

	TracingTests(TestRedis redis) {
		this.url = redis.url();
		this.shared = start("default", "");
		use(this.shared);
	}

	private ConfigurableApplicationContext start(String queue, String argument, Class<?>... sources) {
		return new SpringApplicationBuilder(Application.class).sources(sources)
			.web(WebApplicationType.SERVLET)
			.properties("spring.data.redis.url=" + this.url, "rq.worker.queues=" + queue, "rq.default-queue=" + queue,
					"server.port=0", "management.tracing.sampling.probability=1.0", "spring.main.banner-mode=off")
			.run(argument);
	}

	private void use(ConfigurableApplicationContext context) {
		this.context = context;
		this.spans = context.getBean(Exported.class).spans();
	}

	@AfterEach
	void useTheSharedOneAgain() {
		if (this.context != this.shared) {
			this.context.close();
		}
		use(this.shared);
		this.context.getBean(JobTemplate.class)
			.setInterceptors(this.context.getBeanProvider(JobInterceptor.class).orderedStream().toList());
		this.spans.reset();
	}

	@AfterAll
	void stop() {
		this.shared.close();
	}

	private List<SpanData> await(int number) {
		Awaitility.await().until(() -> this.spans.getFinishedSpanItems().size() >= number);
		return this.spans.getFinishedSpanItems();
	}

	private SpanData span(String name, int number) {
		return this.spans.getFinishedSpanItems()
			.stream()
			.filter((span) -> span.getName().equals(name))
			.skip(number - 1)
			.findFirst()
			.orElseThrow();
	}

	@Test
	void oneTraceGoesFromARequestOverAJobAndItsRetryToTheJobsThatItEnqueues() {
		RestClient.create("http://localhost:" + this.context.getEnvironment().getProperty("local.server.port"))
			.get()
			.uri("/order")
			.header("traceparent", PARENT)
			.retrieve()
			.toBodilessEntity();
		List<SpanData> all = await(6);
		assertThat(all).hasSize(6).allSatisfy((span) -> assertThat(span.getTraceId()).isEqualTo(TRACE));
		SpanData http = span("http get /order", 1);
		assertThat(http.getParentSpanId()).isEqualTo("b7ad6b7169203331");
		SpanData enqueue = child(http, "enqueue orders.confirm", 1, SpanKind.PRODUCER);
		SpanData failed = child(enqueue, "run orders.confirm", 1, SpanKind.CONSUMER);
		SpanData run = child(enqueue, "run orders.confirm", 2, SpanKind.CONSUMER);
		assertThat(failed.getEvents()).extracting((event) -> event.getName()).containsExactly("exception");
		assertThat(List.of(attribute(failed, "rq.attempt"), attribute(run, "rq.attempt"))).containsExactly("1", "2");
		assertThat(failed.getLinks()).isEmpty();
		assertThat(run.getLinks()).singleElement()
			.satisfies((link) -> assertThat(link.getSpanContext().getSpanId()).isEqualTo(failed.getSpanId()));
		SpanData next = child(run, "enqueue orders.ship", 1, SpanKind.PRODUCER);
		SpanData last = child(next, "run orders.ship", 1, SpanKind.CONSUMER);
		assertThat(attribute(last, "messaging.system")).isEqualTo("rq");
		assertThat(attribute(last, "messaging.operation.type")).isEqualTo("process");
		assertThat(attribute(last, "messaging.destination.name")).isEqualTo("default");
		assertThat(attribute(last, "rq.job")).isEqualTo("orders.ship");
		assertThat(attribute(last, "messaging.message.id")).isEqualTo(attribute(next, "messaging.message.id"));
		assertThat(attribute(last, "rq.execution.id")).matches("[0-9a-f]{32}");
	}

	private SpanData child(SpanData parent, String name, int number, SpanKind kind) {
		SpanData span = span(name, number);
		assertThat(span.getParentSpanId()).isEqualTo(parent.getSpanId());
		assertThat(span.getKind()).isEqualTo(kind);
		return span;
	}

	private static String attribute(SpanData span, String key) {
		return span.getAttributes().get(AttributeKey.stringKey(key));
	}

	@Test
	void aTraceThatPythonsInstrumentationHasBegunGoesOn() {
		JobTemplate untraced = this.context.getBean(JobTemplate.class);
		untraced.setInterceptors(List.of());
		untraced.enqueue(JobRequest.of("orders.ship").meta(Map.of("traceparent", PARENT)));
		assertThat(await(1)).singleElement().satisfies((span) -> {
			assertThat(span.getTraceId()).isEqualTo(TRACE);
			assertThat(span.getParentSpanId()).isEqualTo("b7ad6b7169203331");
		});
	}

	@Test
	void metaDataThatAreNoneBeginATraceOfTheirOwn() {
		JobTemplate untraced = this.context.getBean(JobTemplate.class);
		untraced.setInterceptors(List.of());
		untraced.enqueue(JobRequest.of("orders.ship").meta(Map.of("traceparent", List.of("no text"))));
		assertThat(await(1)).singleElement()
			.satisfies((span) -> assertThat(span.getParentSpanContext().isValid()).isFalse());
	}

	@ParameterizedTest
	@ValueSource(strings = { "00-nonsense-01", "00-00000000000000000000000000000000-b7ad6b7169203331-01",
			"00-" + TRACE + "-0000000000000000-01" })
	void aFailedRunThatNobodyCouldHaveWrittenIsNotLinkedTo(String written) {
		JobOperations jobs = this.context.getBean(JobOperations.class);
		jobs.enqueue(JobRequest.of("orders.ship").meta(Map.of("failed_traceparent", written)));
		await(2);
		assertThat(span("run orders.ship", 1).getLinks()).isEmpty();
	}

	@Test
	void aCallWithSeveralJobsIsOneSpanAndItsJobsAreItsChildren() {
		JobOperations jobs = this.context.getBean(JobOperations.class);
		List<Job> enqueued = jobs.enqueueAll(List.of(JobRequest.of("orders.ship"), JobRequest.of("orders.pack")));
		await(3);
		SpanData call = span("enqueue several", 1);
		assertThat(attribute(call, "messaging.batch.message_count")).isEqualTo("2");
		assertThat(attribute(child(call, "run orders.ship", 1, SpanKind.CONSUMER), "messaging.message.id"))
			.isEqualTo(enqueued.get(0).id());
		assertThat(attribute(child(call, "run orders.pack", 1, SpanKind.CONSUMER), "messaging.message.id"))
			.isEqualTo(enqueued.get(1).id());
	}

	@Test
	void observationsAreMeters() {
		this.context.getBean(JobOperations.class).enqueue("orders.bill");
		await(2);
		MeterRegistry meters = this.context.getBean(MeterRegistry.class);
		Awaitility.await().ignoreExceptions().untilAsserted(() -> {
			assertThat(meters.get("rq.enqueue").tag("rq.job", "orders.bill").timer().count()).isOne();
			assertThat(meters.get("rq.run")
				.tags("rq.job", "orders.bill", "messaging.destination.name", "default")
				.timer()
				.count()).isOne();
		});
	}

	@Test
	void queueThatAJobNamesMakesNoMeterOfItsOwn() {
		use(start("named", "--rq.worker.auto-startup=false"));
		Job job = this.context.getBean(JobOperations.class).enqueue("orders.bill");
		this.context.getBean(StringRedisTemplate.class)
			.opsForHash()
			.put(key("named", "rq:job:" + job.id()), "origin", "x-1");
		this.context.getBean(WorkerContainer.class).start();
		await(2);
		assertThat(attribute(span("run orders.bill", 1), "messaging.destination.name")).isEqualTo("unknown");
	}

	@Test
	void anApplicationMayNameThemItself() {
		use(start("eu", "", Naming.class));
		this.context.getBean(JobOperations.class).enqueue("orders.ship");
		await(2);
		assertThat(attribute(span("work on orders.ship", 1), "region")).isEqualTo("eu");
		assertThat(span("order", 1).getKind()).isEqualTo(SpanKind.PRODUCER);
	}

	@ParameterizedTest
	@EnumSource
	void aHandlerThatThrowsFailsNoJobAndNoCall(Moment moment) {
		use(start("broken", "--test.moment=" + moment, Broken.class));
		JobTemplate jobs = this.context.getBean(JobTemplate.class);
		for (int i = 0; i < 2; i++) {
			Job job = jobs.enqueue("orders.ship");
			assertThat(jobs.awaitResult(job.id(), Duration.ofSeconds(20)).type()).isEqualTo(JobResult.Type.SUCCESSFUL);
		}
		assertThat(this.context.getBean(ObservationRegistry.class).getCurrentObservationScope()).isNull();
	}

	@Test
	void theyCanBeSwitchedOff() {
		use(start("off", "--management.observations.enable.rq=false"));
		assertThat(this.context.getBeanProvider(ObservationJobInterceptor.class).getIfAvailable()).isNull();
		JobOperations jobs = this.context.getBean(JobOperations.class);
		assertThat(jobs.enqueue("orders.ship").payload().meta()).isNull();
	}

	@Test
	void lettuceObservesTheCommandsOfTheApplicationButNotThoseOfTheEngine() {
		use(start("lettuce", "--spring.data.redis.client-type=lettuce"));
		StringRedisTemplate redis = this.context.getBean(StringRedisTemplate.class);
		redis.hasKey("connect");
		await(1);
		this.spans.reset();
		redis.opsForValue().get("orders");
		this.context.getBean(JobOperations.class).enqueue("orders.ship");
		assertThat(await(3)).extracting(SpanData::getName)
			.containsExactlyInAnyOrder("enqueue orders.ship", "run orders.ship", "get");
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		Exported exported() {
			return new Exported(InMemorySpanExporter.create());
		}

		@Bean
		SimpleSpanProcessor spanProcessor(Exported exported) {
			return SimpleSpanProcessor.builder(exported.spans()).build();
		}

		@Bean
		Orders orders(JobOperations jobs) {
			return new Orders(jobs);
		}

		@Bean
		OrderController orderController(JobOperations jobs) {
			return new OrderController(jobs);
		}

	}

	/** To a bean of the exporter's own type spans would go a second time, in batches. */
	record Exported(InMemorySpanExporter spans) {

	}

	@Configuration(proxyBeanMethods = false)
	static class Naming {

		@Bean
		JobRunObservationConvention runs() {
			return new DefaultJobRunObservationConvention() {
				@Override
				public String getContextualName(JobRunObservationContext context) {
					return "work on " + context.getJob().function();
				}

				@Override
				public KeyValues getLowCardinalityKeyValues(JobRunObservationContext context) {
					return super.getLowCardinalityKeyValues(context).and(KeyValue.of("region", "eu"));
				}
			};
		}

		@Bean
		JobEnqueueObservationConvention calls() {
			return new DefaultJobEnqueueObservationConvention() {
				@Override
				public String getContextualName(JobEnqueueObservationContext context) {
					return "order";
				}
			};
		}

	}

	enum Moment {

		START, OPEN, CLOSE, STOP

	}

	@Configuration(proxyBeanMethods = false)
	static class Broken {

		@Bean
		ObservationHandler<Observation.Context> brokenHandler(@Value("${test.moment}") Moment broken) {
			return new ObservationHandler<>() {
				private void at(Moment moment) {
					Assert.state(moment != broken, "broken");
				}

				@Override
				public void onStart(Observation.Context context) {
					at(Moment.START);
				}

				@Override
				public void onScopeOpened(Observation.Context context) {
					at(Moment.OPEN);
				}

				@Override
				public void onScopeClosed(Observation.Context context) {
					at(Moment.CLOSE);
				}

				@Override
				public void onStop(Observation.Context context) {
					at(Moment.STOP);
				}

				@Override
				public boolean supportsContext(Observation.Context context) {
					return context instanceof JobEnqueueObservationContext
							|| context instanceof JobRunObservationContext;
				}
			};
		}

	}

	@RestController
	static class OrderController {

		private final JobOperations jobs;

		OrderController(JobOperations jobs) {
			this.jobs = jobs;
		}

		@GetMapping("/order")
		void order() {
			this.jobs.enqueue(JobRequest.of("orders.confirm").retry(Retry.max(1)));
		}

	}

	static class Orders {

		private final JobOperations jobs;

		private final AtomicInteger attempts = new AtomicInteger();

		Orders(JobOperations jobs) {
			this.jobs = jobs;
		}

		@RqJob(name = "orders.confirm")
		void confirm() {
			if (this.attempts.incrementAndGet() == 1) {
				throw new IllegalStateException("not yet");
			}
			this.jobs.enqueue("orders.ship");
		}

		@RqJob(name = "orders.ship")
		void ship() {
		}

		@RqJob(name = "orders.pack")
		void pack() {
		}

		@RqJob(name = "orders.bill")
		void bill() {
		}

	}

}
