package io.rq.webhook;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.rq.job.InvalidJobException;
import io.rq.job.Webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link WebhookClient} with servers of this machine.
 */
class WebhookClientTests {

	private static final SSLSocketFactory TLS = (SSLSocketFactory) SSLSocketFactory.getDefault();

	private static final byte[] BODY = "{\"a\": 1}".getBytes(StandardCharsets.UTF_8);

	private final AddressGuard guard = new AddressGuard(List.of("127.0.0.1"));

	private final WebhookClient client = new WebhookClient(this.guard, TLS);

	private final List<String> requests = Collections.synchronizedList(new ArrayList<>());

	private HttpServer server;

	WebhookClientTests() throws IOException {
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
	}

	@BeforeEach
	void start() {
		serve(this.server);
	}

	@AfterEach
	void stop() {
		this.server.stop(0);
	}

	private void serve(HttpServer served) {
		served.createContext("/", (exchange) -> {
			String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
			this.requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
					+ exchange.getRequestHeaders().getFirst("Host") + " "
					+ exchange.getRequestHeaders().getFirst("X-Own") + " "
					+ exchange.getRequestHeaders().getFirst("Content-Type") + " " + body);
			String query = exchange.getRequestURI().getRawQuery();
			String path = exchange.getRequestURI().getPath();
			int status = path.matches("/[1-5][0-9][0-9]") ? Integer.parseInt(path.substring(1)) : 200;
			if (path.equals("/loop")) {
				status = 302;
				query = "to=/loop";
			}
			if (query != null && query.startsWith("to=")) {
				exchange.getResponseHeaders().set("Location", query.substring(3));
			}
			exchange.sendResponseHeaders(status, -1);
			exchange.close();
		});
		served.start();
	}

	private String url(String path) {
		return "http://127.0.0.1:" + this.server.getAddress().getPort() + path;
	}

	private int post(String url) throws IOException {
		return this.client.send(Webhook.post(url), Map.of("X-Own", "mine"), BODY);
	}

	@Test
	void aPostHasItsBodyAndHeaders() throws IOException {
		assertThat(post(url("/a%20b?c=d"))).isEqualTo(200);
		assertThat(this.requests).containsExactly("POST /a%20b?c=d 127.0.0.1:" + this.server.getAddress().getPort()
				+ " mine application/json {\"a\": 1}");
	}

	@Test
	void aGetHasNoBody() throws IOException {
		assertThat(this.client.send(Webhook.get(url("")), Map.of(), null)).isEqualTo(200);
		assertThat(this.requests).singleElement().asString().startsWith("GET / ").endsWith(" null null ");
	}

	@ParameterizedTest
	@ValueSource(ints = { 201, 204, 302, 400, 404, 500, 503 })
	void everyStatusIsToldAsItIs(int status) throws IOException {
		assertThat(post(url("/" + status))).isEqualTo(status);
	}

	@ParameterizedTest
	@CsvSource({ "301, GET", "302, GET", "303, GET", "307, POST", "308, POST" })
	void redirectsAreFollowed(int status, String method) throws IOException {
		assertThat(post(url("/" + status + "?to=/next"))).isEqualTo(200);
		assertThat(this.requests.get(1)).startsWith(method + " /next ")
			.contains(" mine ")
			.endsWith(method.equals("POST") ? " {\"a\": 1}" : " null ");
	}

	@Test
	void noMoreThanThreeRedirectsAreFollowed() {
		assertThatIOException().isThrownBy(() -> post(url("/loop"))).withMessageContaining("more than 3 redirects");
		assertThat(this.requests).hasSize(4);
	}

	@Test
	void anAddressThatIsNotPublicIsRefusedAndNothingIsSent() {
		WebhookClient strict = new WebhookClient(new AddressGuard(List.of()), TLS);
		for (String url : List.of(url("/"), "http://localhost:" + this.server.getAddress().getPort(), "http://[::1]/",
				"http://[::ffff:7f00:1]:" + this.server.getAddress().getPort() + "/", "http://0.0.0.0/",
				"http://169.254.169.254/latest/meta-data")) {
			assertThatExceptionOfType(InvalidJobException.class)
				.isThrownBy(() -> strict.send(Webhook.post(url), Map.of(), BODY))
				.withMessageContaining("no public address")
				.withMessageContaining("'rq.webhooks.allowed'");
		}
		assertThat(this.requests).isEmpty();
	}

	@Test
	void aRedirectIsLookedAtLikeTheAddressItself() {
		assertThatExceptionOfType(InvalidJobException.class)
			.isThrownBy(() -> post(url("/302?to=http://127.0.0.2:" + this.server.getAddress().getPort() + "/")))
			.withMessageContaining("127.0.0.2");
		assertThatExceptionOfType(InvalidJobException.class).isThrownBy(() -> post(url("/302?to=file:///etc/passwd")))
			.withMessageContaining("http:// or https://");
		assertThat(this.requests).hasSize(2);
	}

	@Test
	void theAddressThatWasLookedAtIsTheOneConnectedTo() throws IOException {
		AtomicInteger lookups = new AtomicInteger();
		WebhookClient pinned = new WebhookClient(this.guard, TLS, (host) -> {
			assertThat(host).isEqualTo("hooks.example");
			return new InetAddress[] { InetAddress.getByAddress(
					(lookups.getAndIncrement() == 0) ? new byte[] { 127, 0, 0, 1 } : new byte[] { 10, 0, 0, 1 }) };
		});
		int port = this.server.getAddress().getPort();
		assertThat(pinned.send(Webhook.post("http://hooks.example:" + port + "/"), Map.of(), BODY)).isEqualTo(200);
		assertThat(lookups).hasValue(1);
		assertThat(this.requests.get(0)).startsWith("POST / hooks.example:" + port);
	}

	@Test
	void headersOfTheWebhookAreForTheHostItNamesOnly() throws IOException {
		WebhookClient any = new WebhookClient(new AddressGuard(List.of("127.0.0.0/8")), TLS,
				(host) -> new InetAddress[] { InetAddress.getByName("127.0.0.1") });
		String other = "http://other.example:" + this.server.getAddress().getPort() + "/";
		assertThat(any.send(Webhook.post(url("/307?to=" + other)), Map.of("X-Own", "mine"), BODY)).isEqualTo(200);
		assertThat(this.requests.get(0)).contains(" mine ");
		assertThat(this.requests.get(1)).contains("other.example").doesNotContain("mine");
	}

	private void answer(@Nullable String answer, RawTest test) throws Exception {
		try (ServerSocket raw = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
			Thread thread = new Thread(() -> {
				try (Socket socket = raw.accept()) {
					InputStream in = socket.getInputStream();
					ByteArrayOutputStream seen = new ByteArrayOutputStream();
					while (!seen.toString(StandardCharsets.UTF_8).endsWith("{\"a\": 1}")) {
						seen.write(in.read());
					}
					if (answer != null) {
						socket.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
						socket.getOutputStream().flush();
					}
					else {
						in.read();
					}
				}
				catch (IOException ex) {
					// the client has had enough
				}
			});
			thread.setDaemon(true);
			thread.start();
			test.run(Webhook.post("http://127.0.0.1:" + raw.getLocalPort() + "/").timeout(Duration.ofSeconds(1)));
		}
	}

	@Test
	void anAnswerThatDoesNotComeIsWaitedForUntilTheTimeout() throws Exception {
		answer(null, (webhook) -> assertThatExceptionOfType(SocketTimeoutException.class)
			.isThrownBy(() -> this.client.send(webhook, Map.of(), BODY)));
	}

	@Test
	void noMoreIsReadThanTheHeadOfTheAnswer() throws Exception {
		answer("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\nx",
				(webhook) -> assertThat(this.client.send(webhook, Map.of(), BODY)).isEqualTo(200));
		answer("HTTP/1.1 200 OK\r\nX: " + "x".repeat(70_000) + "\r\n\r\n",
				(webhook) -> assertThatIOException().isThrownBy(() -> this.client.send(webhook, Map.of(), BODY))
					.withMessageContaining("64 KB"));
		answer("SSH-2.0-OpenSSH\r\n\r\n",
				(webhook) -> assertThatIOException().isThrownBy(() -> this.client.send(webhook, Map.of(), BODY))
					.withMessageContaining("does not answer as HTTP"));
	}

	@Test
	void theCertificateHasToBeOneForTheHostThatWasNamed(@TempDir Path directory) throws Exception {
		Path store = directory.resolve("keys.p12");
		Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
				"-genkeypair", "-alias", "a", "-keyalg", "EC", "-dname", "CN=hooks.example", "-ext",
				"san=dns:hooks.example", "-storetype", "PKCS12", "-keystore", store.toString(), "-storepass",
				"changeit")
			.redirectErrorStream(true)
			.start();
		assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
		SSLContext context = context(store);
		HttpsServer secure = HttpsServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
		secure.setHttpsConfigurator(new HttpsConfigurator(context));
		serve(secure);
		try {
			WebhookClient trusting = new WebhookClient(this.guard, context.getSocketFactory(),
					(host) -> new InetAddress[] { InetAddress.getByName("127.0.0.1") });
			int port = secure.getAddress().getPort();
			assertThat(trusting.send(Webhook.post("https://hooks.example:" + port + "/"), Map.of(), BODY))
				.isEqualTo(200);
			assertThatExceptionOfType(SSLException.class)
				.isThrownBy(() -> trusting.send(Webhook.post("https://other.example:" + port + "/"), Map.of(), BODY));
			assertThatExceptionOfType(SSLException.class)
				.isThrownBy(() -> this.client.send(Webhook.post("https://127.0.0.1:" + port + "/"), Map.of(), BODY));
			assertThatExceptionOfType(InvalidJobException.class)
				.isThrownBy(() -> trusting.send(Webhook.post("https://hooks.example:" + port + "/302?to=" + url("/")),
						Map.of(), BODY))
				.withMessageContaining("from https to http");
			assertThat(this.requests).hasSize(2);
		}
		finally {
			secure.stop(0);
		}
	}

	private static SSLContext context(Path store) throws Exception {
		KeyStore keys = KeyStore.getInstance("PKCS12");
		try (InputStream in = Files.newInputStream(store)) {
			keys.load(in, "changeit".toCharArray());
		}
		KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
		own.init(keys, "changeit".toCharArray());
		KeyStore trusted = KeyStore.getInstance("PKCS12");
		trusted.load(null, null);
		trusted.setCertificateEntry("a", keys.getCertificate("a"));
		TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		trust.init(trusted);
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
		return context;
	}

	@FunctionalInterface
	interface RawTest {

		void run(Webhook webhook) throws Exception;

	}

}
