package io.rq.sample;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import javax.imageio.ImageIO;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.resttestclient.autoconfigure.AutoConfigureRestTestClient;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.client.EntityExchangeResult;
import org.springframework.test.web.servlet.client.RestTestClient;
import org.springframework.util.LinkedMultiValueMap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Starts the whole application on its embedded Redis and uses it over HTTP.
 */
@ExtendWith(OutputCaptureExtension.class)
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@AutoConfigureRestTestClient
class SampleApplicationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	@TempDir
	static Path directory;

	@Autowired
	private RestTestClient http;

	@LocalServerPort
	private int port;

	@DynamicPropertySource
	static void workDirectory(DynamicPropertyRegistry registry) {
		registry.add("sample.work-directory", () -> directory);
	}

	@Test
	void demonstrationEndsWithItsSummary(CapturedOutput output) {
		String address = "http://localhost:" + this.port;
		assertThat(output).contains("attempt 1 failed, retry at once", "attempt 2 failed, retry in 2 s")
			.contains("8 jobs finished, 0 failed, 2 retried. See " + address + ", " + address + "/actuator/rq and "
					+ address + "/actuator/health");
	}

	@ParameterizedTest
	@CsvSource({ "harbour.jpg, 160, 107", "mountains.jpg, 160, 90", "balloons.png, 107, 160", "rings.png, 160, 160" })
	void pictureBecomesThumbnail(String picture, int width, int height) throws IOException {
		JobAnswer job = end(upload(bytes(picture)));
		assertThat(job.status()).isEqualTo("finished");
		assertThat(job.attempts()).isOne();
		assertThat(job.result()).containsEntry("width", width).containsEntry("height", height);
		BufferedImage thumbnail = ImageIO.read(file(job).toFile());
		assertThat(thumbnail.getWidth()).isEqualTo(width);
		assertThat(thumbnail.getHeight()).isEqualTo(height);
	}

	@Test
	void brokenPictureFailsWithItsError() throws IOException {
		byte[] whole = bytes("rings.png");
		JobAnswer job = end(upload(Arrays.copyOf(whole, whole.length / 2)));
		assertThat(job.status()).isEqualTo("failed");
		assertThat(job.attempts()).isOne();
		assertThat(job.error()).contains("Exception");
		assertThat(job.result()).isNull();
	}

	@Test
	void webhookIsDeliveredAtTheThirdAttempt() {
		JobAnswer job = end(webhook("/flaky/test", "{\"n\":1}"));
		assertThat(job.status()).isEqualTo("finished");
		assertThat(job.attempts()).isEqualTo(3);
		assertThat(job.result()).containsEntry("status", 204);
		assertThat(job.error()).isNull();
		assertThat(Duration.between(job.createdAt(), job.endedAt())).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
	}

	@Test
	void webhookThatNobodyAcceptsFails() {
		JobAnswer job = end(webhook("/nowhere", "\"hello\""));
		assertThat(job.status()).isEqualTo("failed");
		assertThat(job.attempts()).isEqualTo(3);
		assertThat(job.error()).endsWith("/nowhere answered 404");
	}

	@Test
	void reportIsWrittenAtItsTime() {
		URI statusUrl = enqueue(this.http.post().uri("/reports?in=3s"));
		assertThat(job(statusUrl).status()).isEqualTo("scheduled");
		JobAnswer job = end(statusUrl);
		assertThat(job.status()).isEqualTo("finished");
		assertThat(Duration.between(job.createdAt(), job.endedAt())).isGreaterThanOrEqualTo(Duration.ofSeconds(3));
		assertThat(file(job)).content().contains("Thumbnails made", "Webhooks delivered", "Deliveries refused");
		assertThat((Integer) job.result().get("thumbnails")).isGreaterThanOrEqualTo(4);
		assertThat((Integer) job.result().get("refusals")).isGreaterThanOrEqualTo(4);
	}

	@Test
	void filmIsMadeFrameByFrame() {
		JobAnswer job = end(this.http.post().uri("/films?frames=3"));
		assertThat(job.status()).isEqualTo("finished");
		assertThat(job.progress()).isEqualTo(1.0);
		assertThat(Path.of((String) job.result().get("folder"))).isDirectoryContaining("glob:**/frame-00002.png");
	}

	@Test
	void filmThatRunsIsStopped() {
		URI statusUrl = enqueue(this.http.post().uri("/films?frames=10000"));
		await().atMost(PATIENCE).until(() -> job(statusUrl).progress() != null);
		JobAnswer stopped = answer(this.http.post().uri(statusUrl + "/stop"));
		assertThat(stopped.status()).isEqualTo("stopped");
		assertThat(stopped.progress()).isLessThan(1.0);
		expectProblem(this.http.post().uri(statusUrl + "/stop"), HttpStatus.CONFLICT, "stopped");
	}

	@Test
	void reportThatWaitsIsCancelled() {
		URI statusUrl = enqueue(this.http.post().uri("/reports?in=1h"));
		assertThat(answer(this.http.post().uri(statusUrl + "/stop")).status()).isEqualTo("canceled");
	}

	@ParameterizedTest
	@CsvSource({ "0", "-1", "10001" })
	void badNumberOfFramesIsRefused(int frames) {
		expectProblem(this.http.post().uri("/films?frames=" + frames), HttpStatus.BAD_REQUEST,
				"must be between 1 and 10000");
	}

	@Test
	void dashboardShowsTheQueues() {
		body("/rq/api/me").jsonPath("$.readOnly").isEqualTo(true);
		body("/rq/api/overview").jsonPath("$.queues[?(@.name == 'reports')]").isNotEmpty();
	}

	@Test
	void reportIsWrittenEveryNight() {
		body("/actuator/rq").jsonPath("$.cron[?(@.queue == 'reports' && @.nextFire)]").isNotEmpty();
	}

	@Test
	void pageHasAButtonToStop() {
		this.http.get()
			.uri("/")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody(String.class)
			.value((page) -> assertThat(page).contains("'/stop'"));
	}

	@Test
	void endpointShowsQueuesWorkersAndSchedulers() {
		body("/actuator/rq").jsonPath("$.suspended")
			.isEqualTo(false)
			.jsonPath("$.queues[?(@.name == 'thumbnails' && @.finished >= 4)]")
			.isNotEmpty()
			.jsonPath("$.queues[?(@.name == 'webhooks' && @.finished >= 2)]")
			.isNotEmpty()
			.jsonPath("$.queues[?(@.name == 'reports' && @.finished >= 1)]")
			.isNotEmpty()
			.jsonPath("$.workers.length()")
			.isEqualTo(1)
			.jsonPath("$.workers[0].queues")
			.isEqualTo(List.of("webhooks", "thumbnails", "reports", "films"))
			.jsonPath("$.workers[0].local.concurrency")
			.isEqualTo(8)
			.jsonPath("$.schedulers[?(@.queue == 'reports' && @.local.role == 'leader' && @.local.moved >= 1)]")
			.isNotEmpty()
			.jsonPath("$.warnings")
			.isEmpty();
	}

	@Test
	void endpointShowsOneQueue() {
		body("/actuator/rq/thumbnails").jsonPath("$.queue.name")
			.isEqualTo("thumbnails")
			.jsonPath("$.jobs.finished.length()")
			.value(Integer.class, (count) -> assertThat(count).isGreaterThanOrEqualTo(4));
	}

	@Test
	void healthIsUp() {
		body("/actuator/health").jsonPath("$.status")
			.isEqualTo("UP")
			.jsonPath("$.components.rq.status")
			.isEqualTo("UP")
			.jsonPath("$.components.rq.details.workers")
			.isNotEmpty()
			.jsonPath("$.components.rq.details.schedulers")
			.isNotEmpty();
	}

	@Test
	void unknownJobIsNotFound() {
		expectProblem(this.http.get().uri("/jobs/unknown"), HttpStatus.NOT_FOUND, "There is no job 'unknown'");
	}

	@ParameterizedTest
	@MethodSource
	void badWebhookIsRefused(String body, String detail) {
		expectProblem(this.http.post().uri("/webhooks").contentType(MediaType.APPLICATION_JSON).body(body),
				HttpStatus.BAD_REQUEST, detail);
	}

	static Stream<Arguments> badWebhookIsRefused() {
		return Stream.of(Arguments.of("{\"payload\":1}", "'url' is missing"),
				Arguments.of("{\"url\":\" \",\"payload\":1}", "'url' is missing"),
				Arguments.of("{\"url\":\"ftp://localhost/\",\"payload\":1}", "'url' is not a web address"),
				Arguments.of("{\"url\":\"http://\",\"payload\":1}", "'url' is not a web address"),
				Arguments.of("{\"url\":\"http://localhost:99999\",\"payload\":1}", "'url' is not a web address"),
				Arguments.of("{\"url\":\"http://a b\",\"payload\":1}", "'url' is not a web address"),
				Arguments.of("{\"url\":\"http://localhost\"}", "'payload' is missing or empty"),
				Arguments.of("{\"url\":\"http://localhost\",\"payload\":null}", "'payload' is missing or empty"),
				Arguments.of("{\"url\":\"http://localhost\",\"payload\":\" \"}", "'payload' is missing or empty"),
				Arguments.of("{\"url\":\"http://localhost\",\"payload\":{}}", "'payload' is missing or empty"),
				Arguments.of("{", "The body cannot be read"));
	}

	@ParameterizedTest
	@CsvSource({ "soon, is not a duration", "'', is not a duration", "-1s, must be between 0 and 365 days",
			"366d, must be between 0 and 365 days", "9999999999999999999d, is not a duration" })
	void badDelayIsRefused(String in, String detail) {
		expectProblem(this.http.post().uri("/reports?in={in}", in), HttpStatus.BAD_REQUEST, detail);
	}

	@Test
	void missingPictureIsRefused() {
		expectProblem(this.http.post().uri("/thumbnails"), HttpStatus.BAD_REQUEST, "No picture was sent");
		expectProblem(upload(new byte[0]), HttpStatus.BAD_REQUEST, "No picture was sent");
	}

	@Test
	void fileThatIsNoPictureIsRefused() {
		expectProblem(upload("hello".getBytes(StandardCharsets.UTF_8)), HttpStatus.BAD_REQUEST,
				"The file is not a picture");
	}

	private static byte[] bytes(String picture) throws IOException {
		return new ClassPathResource("pictures/" + picture).getContentAsByteArray();
	}

	private RestTestClient.RequestHeadersSpec<?> upload(byte[] content) {
		Resource picture = new ByteArrayResource(content) {

			@Override
			public String getFilename() {
				return "picture";
			}

		};
		return this.http.post()
			.uri("/thumbnails")
			.contentType(MediaType.MULTIPART_FORM_DATA)
			.body(new LinkedMultiValueMap<>(Map.of("picture", List.of(picture))));
	}

	private RestTestClient.RequestHeadersSpec<?> webhook(String path, String payload) {
		String body = "{\"url\":\"http://localhost:%d%s\",\"payload\":%s}".formatted(this.port, path, payload);
		return this.http.post().uri("/webhooks").contentType(MediaType.APPLICATION_JSON).body(body);
	}

	private URI enqueue(RestTestClient.RequestHeadersSpec<?> request) {
		EntityExchangeResult<AcceptedAnswer> result = request.exchange()
			.expectStatus()
			.isAccepted()
			.returnResult(AcceptedAnswer.class);
		AcceptedAnswer answer = Objects.requireNonNull(result.getResponseBody());
		assertThat(answer.statusUrl()).isEqualTo(result.getResponseHeaders().getLocation())
			.hasPort(this.port)
			.hasPath("/jobs/" + answer.id());
		return answer.statusUrl();
	}

	private RestTestClient.BodyContentSpec body(String uri) {
		return this.http.get().uri(uri).exchange().expectStatus().isOk().expectBody();
	}

	private JobAnswer job(URI statusUrl) {
		return answer(this.http.get().uri(statusUrl));
	}

	private static JobAnswer answer(RestTestClient.RequestHeadersSpec<?> request) {
		return Objects
			.requireNonNull(request.exchange().expectStatus().isOk().returnResult(JobAnswer.class).getResponseBody());
	}

	private JobAnswer end(RestTestClient.RequestHeadersSpec<?> request) {
		return end(enqueue(request));
	}

	private JobAnswer end(URI statusUrl) {
		return await().atMost(PATIENCE).until(() -> job(statusUrl), JobAnswer::isOver);
	}

	private static Path file(JobAnswer job) {
		Path file = Path.of((String) job.result().get("file"));
		assertThat(file).startsWith(directory);
		return file;
	}

	private static void expectProblem(RestTestClient.RequestHeadersSpec<?> request, HttpStatus status, String detail) {
		request.exchange()
			.expectStatus()
			.isEqualTo(status)
			.expectHeader()
			.contentType(MediaType.APPLICATION_PROBLEM_JSON)
			.expectBody()
			.jsonPath("$.detail")
			.value(String.class, (text) -> assertThat(text).contains(detail));
	}

	record AcceptedAnswer(String id, URI statusUrl) {

	}

	record JobAnswer(String status, int attempts, Instant createdAt, Instant startedAt, Instant endedAt,
			Double progress, Map<String, Object> result, String error) {

		boolean isOver() {
			return this.status.equals("finished") || this.status.equals("failed");
		}

	}

}
