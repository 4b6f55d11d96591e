package io.rq.webhook;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import com.sun.net.httpserver.HttpServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.data.redis.core.StringRedisTemplate;

import io.rq.annotation.RqJob;
import io.rq.autoconfigure.RqAutoConfiguration;
import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.job.JobStatus;
import io.rq.job.Retry;
import io.rq.job.Webhook;
import io.rq.operations.JobArguments;
import io.rq.operations.JobDetails;
import io.rq.operations.JobFilter;
import io.rq.operations.JobList;
import io.rq.operations.RqOperations;
import io.rq.queue.Registry;
import io.rq.template.JobTemplate;
import io.rq.test.RedisTest;
import io.rq.test.TestRedis;
import io.rq.worker.WorkerContainer;

import static io.rq.test.TestStores.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for webhooks from the end of a job to their receiver.
 */
@RedisTest
class WebhookDeliveryTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final TestRedis redis;

	private final StringRedisTemplate template;

	private final List<Received> received = Collections.synchronizedList(new ArrayList<>());

	/** How many requests are refused before one is taken. */
	private volatile int refusals;

	private final HttpServer server;

	private final ApplicationContextRunner application;

	WebhookDeliveryTests(TestRedis redis) throws IOException {
		this.redis = redis;
		this.template = new StringRedisTemplate(redis.connectionFactory());
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
		this.application = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, JacksonAutoConfiguration.class,
					RqAutoConfiguration.class))
			.withBean(Jobs.class)
			.withPropertyValues("spring.data.redis.url=" + redis.url(), "rq.webhooks.enabled=true",
					"rq.webhooks.allowed=127.0.0.1", "rq.webhooks.secret=s3cret", "rq.webhooks.intervals=0",
					"rq.worker.maintenance-interval=500ms", "rq.worker.max-reclaims=0", "rq.worker.lease=2s",
					"rq.worker.heartbeat-interval=500ms");
	}

	@BeforeEach
	void start() {
		this.server.createContext("/", (exchange) -> {
			String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
			this.received.add(new Received(exchange.getRequestMethod() + " " + exchange.getRequestURI(), body,
					exchange.getRequestHeaders().getFirst("X-RQ-Delivery"),
					exchange.getRequestHeaders().getFirst("X-RQ-Signature"),
					exchange.getRequestHeaders().getFirst("X-Own")));
			exchange.sendResponseHeaders((this.received.size() <= this.refusals) ? 503 : 204, -1);
			exchange.close();
		});
		this.server.start();
	}

	@AfterEach
	void stop() {
		this.server.stop(0);
	}

	private String url(String path) {
		return "http://127.0.0.1:" + this.server.getAddress().getPort() + path;
	}

	private void run(Consumer<AssertableApplicationContext> test) {
		this.application.run((context) -> {
			assertThat(context).hasNotFailed();
			test.accept(context);
		});
	}

	private static JobTemplate jobs(AssertableApplicationContext context) {
		return context.getBean(JobTemplate.class);
	}

	private static void awaitStatus(AssertableApplicationContext context, String id, JobStatus status) {
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(jobs(context).find(id)).get().extracting(Job::status).isEqualTo(status));
	}

	private void awaitDelivered() {
		await().atMost(PATIENCE)
			.until(() -> this.redis.state()
				.keys()
				.keySet()
				.stream()
				.noneMatch((key) -> key.matches("rq:(queue|wip|scheduled):rq-webhooks")));
	}

	private static JsonNode json(String text) {
		return JsonMapper.shared().readTree(text);
	}

	@Test
	void aWebhookTellsWhatThatOfRqTells() {
		run((context) -> {
			Job job = jobs(context).enqueue(JobRequest.of("add", 1, 2)
				.webhooks(Webhook.post(url("/hook?a=b")).header("X-Own", "mine"),
						Webhook.post(url("/failed")).on(JobStatus.FAILED), Webhook.get(url("/get"))));
			await().atMost(PATIENCE).until(() -> this.received.size() == 2);
			awaitDelivered();
			Received posted = this.received.stream().filter((one) -> one.line().startsWith("POST")).findFirst().get();
			assertThat(posted.line()).isEqualTo("POST /hook?a=b");
			assertThat(posted.own()).isEqualTo("mine");
			assertThat(json(posted.body()).propertyNames()).containsExactly("job_id", "func_name", "status",
					"enqueued_at", "ended_at");
			assertThat(json(posted.body()).path("job_id").asString()).isEqualTo(job.id());
			assertThat(json(posted.body()).path("func_name").asString()).isEqualTo("add");
			assertThat(json(posted.body()).path("status").asString()).isEqualTo("finished");
			assertThat(json(posted.body()).path("ended_at").asString())
				.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{6})?\\+00:00");
			assertThat(this.received).extracting(Received::line).contains("GET /get");
			assertThat(this.redis.state().keys().keySet()).noneMatch((key) -> key.contains("failed:rq-webhooks"));
		});
	}

	/** W33: RQ sends it once, and only logs that it has not arrived. */
	@Test
	void w33AWebhookIsSentUntilItArrives() {
		this.refusals = 2;
		run((context) -> {
			jobs(context).enqueue(JobRequest.of("add", 1, 2).resultTtl(Duration.ZERO).webhooks(Webhook.post(url("/"))));
			await().atMost(PATIENCE).until(() -> this.received.size() == 3);
			awaitDelivered();
			assertThat(this.received).extracting(Received::delivery).containsOnly(this.received.get(0).delivery());
			assertThat(this.received).allSatisfy((one) -> assertThat(one.signature()).isEqualTo(sign(one)));
			assertThat(this.redis.state().keys().keySet()).noneMatch((key) -> key.startsWith(key("rq:job:")));
		});
	}

	private static String sign(Received received) throws Exception {
		String time = String.valueOf(received.signature()).replaceAll("t=(\\d+),.*", "$1");
		Mac mac = Mac.getInstance("HmacSHA256");
		mac.init(new SecretKeySpec("s3cret".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
		return "t=" + time + ",sha256=" + HexFormat.of()
			.formatHex(mac.doFinal((time + "." + received.body()).getBytes(StandardCharsets.UTF_8)));
	}

	@Test
	void aFailureIsToldWithItsTraceWhenItIsFinal() {
		run((context) -> {
			Job job = jobs(context).enqueue(JobRequest.of("fail")
				.retry(Retry.max(1))
				.webhooks(Webhook.post(url("/")).on(JobStatus.FAILED), Webhook.post(url("/finished"))));
			awaitStatus(context, job.id(), JobStatus.FAILED);
			awaitDelivered();
			assertThat(this.received).hasSize(1);
			assertThat(json(this.received.get(0).body()).path("status").asString()).isEqualTo("failed");
			assertThat(json(this.received.get(0).body()).path("exc_info").asString())
				.contains("IllegalStateException: bang");
		});
	}

	@Test
	void aStopTellsNobody() throws InterruptedException {
		run((context) -> {
			Job job = jobs(context).enqueue(JobRequest.of("endless")
				.webhooks(Webhook.post(url("/")), Webhook.post(url("/")).on(JobStatus.FAILED)));
			awaitStatus(context, job.id(), JobStatus.STARTED);
			jobs(context).stop(job.id());
			Job next = jobs(context).enqueue(JobRequest.of("add", 1, 2).webhooks(Webhook.post(url("/next"))));
			awaitStatus(context, next.id(), JobStatus.FINISHED);
			awaitDelivered();
			assertThat(this.received).extracting(Received::line).containsExactly("POST /next");
		});
	}

	@Test
	void webhooksOfPythonsJobsAreSentAndBadOnesChangeNothing() {
		run((context) -> {
			python("a", "[{\"url\": \"" + url("/py") + "\", \"job_status\": \"finished\", \"method\": \"POST\", "
					+ "\"headers\": {\"X-Own\": \"py\"}, \"timeout\": 10}, {\"url\": \"" + url("/default")
					+ "\", \"job_status\": \"finished\", \"headers\": null}, 1, {\"job_status\": \"finished\"}]");
			python("b", "no JSON");
			awaitStatus(context, "a", JobStatus.FINISHED);
			awaitStatus(context, "b", JobStatus.FINISHED);
			awaitDelivered();
			assertThat(this.received).extracting((one) -> one.line() + " " + one.own())
				.containsExactlyInAnyOrder("POST /py py", "GET /default null");
			assertThat(this.redis.state().zset(key("rq-webhooks", "rq:failed:rq-webhooks"))).hasSize(1);
		});
	}

	@Test
	void anAddressThatIsNotPublicIsRefusedWithoutAnotherAttempt() {
		run((context) -> {
			Job job = jobs(context).enqueue(JobRequest.of("add", 1, 2)
				.webhooks(Webhook.post("http://127.0.0.2:" + this.server.getAddress().getPort())));
			awaitStatus(context, job.id(), JobStatus.FINISHED);
			await().atMost(PATIENCE)
				.until(() -> this.redis.state().keys().containsKey(key("rq-webhooks", "rq:failed:rq-webhooks")));
			String refused = this.redis.state()
				.zset(key("rq-webhooks", "rq:failed:rq-webhooks"))
				.keySet()
				.iterator()
				.next();
			assertThat(jobs(context).results(refused)).singleElement()
				.satisfies((result) -> assertThat(result.exception()).contains("127.0.0.2", "'rq.webhooks.allowed'"));
			assertThat(this.received).isEmpty();
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "http://127.0.0.2/SECRET?token=SECRET", "http://127.0.0.1/SECRET path",
			"http://SECRET@127.0.0.1/", "SECRET" })
	void operatorsSeeWhereAWebhookGoesButNoSecretOfIt(String address) {
		run((context) -> {
			RqOperations operations = context.getBean(RqOperations.class);
			python("a", "[{\"url\": \"" + address + "\", \"job_status\": \"finished\", \"method\": \"POST\", "
					+ "\"headers\": {\"Authorization\": \"Bearer SECRET\"}, \"timeout\": 10}]");
			await().atMost(PATIENCE)
				.until(() -> this.redis.state().keys().containsKey(key("rq-webhooks", "rq:failed:rq-webhooks")));
			JobList list = operations.jobs(WebhookJobs.QUEUE, Registry.FAILED, JobFilter.ALL, null, 10);
			assertThat(list.jobs().toString()).doesNotContain("SECRET");
			String id = list.jobs().get(0).id();
			JobDetails details = operations.job(id).orElseThrow();
			Object shown = details.values().arguments().get(0);
			assertThat(shown.toString()).contains("job_status=finished, method=POST, timeout=10");
			assertThat(details.description() + details.values().arguments() + details.attempts().get(0).trace())
				.doesNotContain("SECRET");
			assertThat(details.values().arguments().get(1).toString()).contains("job_id=a");
			assertThat(operations.explain(id).toString() + operations.failures()).doesNotContain("SECRET");
			JobArguments other = new JobArguments(details.values().arguments(), Map.of());
			assertThatIllegalArgumentException().isThrownBy(() -> operations.runAgain(id, other))
				.withMessageContaining("webhook");
		});
	}

	@Test
	void ofAJobThatIsNoWebhookAlthoughItSaysSoNothingIsSeen() {
		run((context) -> {
			Job job = jobs(context).enqueue(JobRequest.of(WebhookJobs.FUNCTION, List.of("https://a.example/SECRET"))
				.queue("elsewhere")
				.description("odd"));
			assertThat(context.getBean(RqOperations.class).job(job.id()).orElseThrow().values().arguments()).isEmpty();
		});
	}

	/** W33. */
	@ParameterizedTest
	@ValueSource(strings = { "", "0", "1" })
	void theFailureOfAJobWhoseWorkerIsGoneIsTold(String failureTtl) {
		python("a", "[{\"url\": \"" + url("/gone") + "\", \"job_status\": \"failed\", \"method\": \"POST\"}]");
		this.template.delete(key("rq:queue:default"));
		this.template.opsForHash().putAll(key("rq:job:a"), Map.of("status", "started", "failure_ttl", failureTtl));
		this.template.opsForZSet().add(key("rq:wip:default"), "a:1", 1);
		run((context) -> {
			awaitStatus(context, "a", JobStatus.FAILED);
			await().atMost(PATIENCE).until(() -> this.received.size() == 1);
			awaitDelivered();
			JsonNode body = json(this.received.get(0).body());
			assertThat(this.received.get(0).line()).isEqualTo("POST /gone");
			assertThat(body.path("func_name").asString()).isEqualTo("add");
			assertThat(body.path("exc_info").asString()).contains("AbandonedJobError");
		});
	}

	@Test
	void theWorkerOfTheApplicationStaysTheOneThatIsFoundByItsType() {
		run((context) -> {
			assertThat(context.getBeansOfType(WorkerContainer.class)).hasSize(2);
			assertThat(context.getBean(WorkerContainer.class).options().queues()).containsExactly("default");
		});
		this.application.withPropertyValues("rq.webhooks.enabled=false")
			.run((context) -> assertThat(context).hasSingleBean(WorkerContainer.class)
				.doesNotHaveBean(WebhookJobs.class));
		this.application.withPropertyValues("rq.webhooks.allowed=10.0.0.0/99")
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.hasStackTraceContaining("rq.webhooks.allowed")
				.hasStackTraceContaining("10.0.0.0/99"));
	}

	private void python(String id, String webhooks) {
		this.template.opsForHash()
			.putAll(key("rq:job:" + id), Map.of("status", "queued", "origin", "default", "timeout", "180", "data",
					"[\"add\", null, [1, 2], {}]", "webhooks", webhooks));
		this.template.opsForList().rightPush(key("rq:queue:default"), id);
	}

	/**
	 * A request as it came.
	 *
	 * @param line method and path
	 * @param body the body
	 * @param delivery the id of the delivery
	 * @param signature the signature
	 * @param own a header of the webhook
	 */
	record Received(String line, String body, @Nullable String delivery, @Nullable String signature,
			@Nullable String own) {

	}

	/**
	 * Functions.
	 */
	static class Jobs {

		@RqJob(name = "add")
		int add(int a, int b) {
			return a + b;
		}

		@RqJob(name = "fail")
		void fail() {
			throw new IllegalStateException("bang");
		}

		@RqJob(name = "endless")
		void endless() throws InterruptedException {
			new CountDownLatch(1).await();
		}

	}

}
