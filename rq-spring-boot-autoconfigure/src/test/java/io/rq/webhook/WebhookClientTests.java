package io.rq.webhook;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Authenticator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.core5.ssl.SSLContexts;
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
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link WebhookClient} with servers of this machine.
 */
class WebhookClientTests {

	private static final byte[] BODY = "{\"a\": 1}".getBytes(StandardCharsets.UTF_8);

	private static final Lookup LOCAL = (host) -> new InetAddress[] { InetAddress.getByName("127.0.0.1") };

	private final AddressGuard guard = new AddressGuard(List.of("127.0.0.1"));

	private final WebhookClient client = new WebhookClient(this.guard);

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

	private static DnsResolver names(Lookup lookup) {
		return new SystemDefaultDnsResolver() {

			@Override
			public InetAddress[] resolve(String host) throws UnknownHostException {
				return lookup.resolve(host);
			}

		};
	}

	private static WebhookClient client(AddressGuard guard, Lookup lookup) {
		return new WebhookClient(guard, names(lookup), SSLContexts.createSystemDefault());
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
	void aContentTypeOfTheWebhookReplacesThatOfJson() throws IOException {
		List<List<String>> types = new ArrayList<>();
		this.server.createContext("/typed", (exchange) -> {
			types.add(exchange.getRequestHeaders().get("Content-Type"));
			exchange.sendResponseHeaders(200, -1);
			exchange.close();
		});
		Webhook webhook = Webhook.post(url("/typed")).header("content-type", "application/cloudevents+json");
		assertThat(this.client.send(webhook, webhook.headers(), BODY)).isEqualTo(200);
		assertThat(types).containsExactly(List.of("application/cloudevents+json"));
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
		WebhookClient strict = new WebhookClient(new AddressGuard(List.of()));
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
		assertThatExceptionOfType(InvalidJobException.class).isThrownBy(() -> post(url("/302?to=http://")))
			.withMessageContaining("malformed")
			.withNoCause();
		assertThat(this.requests).hasSize(3);
	}

	@Test
	void theAddressThatWasLookedAtIsTheOneConnectedTo() throws IOException {
		AtomicInteger lookups = new AtomicInteger();
		WebhookClient pinned = client(this.guard, (host) -> {
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
		WebhookClient any = client(new AddressGuard(List.of("127.0.0.0/8")), LOCAL);
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
			Duration timeout = Duration.ofSeconds((answer != null) ? 20 : 1);
			test.run(Webhook.post("http://127.0.0.1:" + raw.getLocalPort() + "/").timeout(timeout));
		}
	}

	@Test
	void anAnswerThatDoesNotComeIsWaitedForUntilTheTimeout() throws Exception {
		answer(null, (webhook) -> assertThatExceptionOfType(SocketTimeoutException.class)
			.isThrownBy(() -> this.client.send(webhook, Map.of(), BODY)));
	}

	@Test
	void noMoreIsReadThanTheHeadOfTheAnswer() throws Exception {
		for (String body : List.of("Content-Length: 99999999999", "Transfer-Encoding: chunked",
				"Content-Encoding: gzip\r\nContent-Length: 9999")) {
			answer("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n" + body + "\r\n\r\nx",
					(webhook) -> assertThat(this.client.send(webhook, Map.of(), BODY)).isEqualTo(200));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "longLine", "manyLines", "manyFolded", "SSH-2.0-OpenSSH\r\n\r\n", "HTTP/1.1 abc\r\n\r\n",
			"HTTP/1.1 099 No\r\n\r\n", "\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n", "" })
	void whatIsNoSuchHeadIsRefused(String kind) throws Exception {
		String answer = switch (kind) {
			case "longLine" -> "HTTP/1.1 200 OK\r\nX: " + "x".repeat(9_000) + "\r\n\r\n";
			case "manyLines" -> "HTTP/1.1 200 OK\r\n" + "X: x\r\n".repeat(101) + "\r\n";
			case "manyFolded" -> "HTTP/1.1 200 OK\r\nX: x\r\n" + " \r\n".repeat(9_000) + "\r\n";
			default -> kind;
		};
		answer(answer, (webhook) -> assertThatIOException().isThrownBy(() -> this.client.send(webhook, Map.of(), BODY))
			.isNotInstanceOf(SocketTimeoutException.class));
	}

	/** Each byte comes in time, and the whole never ends. */
	@ParameterizedTest
	@ValueSource(strings = { "http", "https" })
	void anAnswerThatDripsIsWaitedForUntilTheTimeout(String scheme) throws Exception {
		try (ServerSocket raw = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
			// a record of a handshake, 16 KB long
			byte[] start = scheme.equals("https") ? new byte[] { 22, 3, 3, 63, 0, 2, 0, 60, 0 }
					: "HTTP/1.1 200 OK\r\nX: ".getBytes(StandardCharsets.UTF_8);
			CountDownLatch given = new CountDownLatch(1);
			Thread thread = new Thread(() -> {
				try (Socket socket = raw.accept()) {
					socket.getOutputStream().write(start);
					while (!given.await(100, TimeUnit.MILLISECONDS)) {
						socket.getOutputStream().write('a');
					}
				}
				catch (IOException | InterruptedException ex) {
					given.countDown();
				}
			});
			thread.setDaemon(true);
			thread.start();
			Webhook webhook = Webhook.post(scheme + "://127.0.0.1:" + raw.getLocalPort() + "/")
				.timeout(Duration.ofSeconds(1));
			assertThatExceptionOfType(SocketTimeoutException.class)
				.isThrownBy(() -> this.client.send(webhook, Map.of(), BODY))
				.withMessage("The receiver has not answered in time");
			assertThat(given.await(10, TimeUnit.SECONDS)).as("the connection is closed").isTrue();
		}
	}

	@Test
	void aReceiverThatDoesNotReadIsWaitedForUntilTheTimeout() throws Exception {
		try (ServerSocket raw = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
			Webhook webhook = Webhook.post("http://127.0.0.1:" + raw.getLocalPort() + "/")
				.timeout(Duration.ofSeconds(1));
			assertThatExceptionOfType(SocketTimeoutException.class)
				.isThrownBy(() -> this.client.send(webhook, Map.of(), new byte[50_000_000]));
		}
	}

	@Test
	void anAddressThatIsFoundTooLateIsNotConnectedTo() throws Exception {
		WebhookClient slow = client(this.guard, (host) -> {
			await().pollDelay(Duration.ofMillis(1_200)).until(() -> true);
			return LOCAL.resolve(host);
		});
		Webhook webhook = Webhook.post(url("/")).timeout(Duration.ofSeconds(1));
		assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> slow.send(webhook, Map.of(), BODY));
		assertThat(this.requests).isEmpty();
	}

	@Test
	void theTimeoutIsForAllRedirectsTogether() throws Exception {
		AtomicInteger lookups = new AtomicInteger();
		WebhookClient slow = client(this.guard, (host) -> {
			lookups.incrementAndGet();
			await().pollDelay(Duration.ofMillis(400)).until(() -> true);
			return LOCAL.resolve(host);
		});
		Webhook webhook = Webhook.post(url("/loop")).timeout(Duration.ofSeconds(1));
		assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> slow.send(webhook, Map.of(), BODY));
		assertThat(lookups).hasValueLessThanOrEqualTo(3);
	}

	/** What answers to a name may be gone, or may not be meant. */
	@Test
	void ofTheAddressesThatArePermittedOneIsEnough() throws IOException {
		WebhookClient several = client(new AddressGuard(List.of("127.0.0.0/8")), (host) -> {
			byte[][] addresses = { { 10, 0, 0, 1 }, { 127, 0, 0, 9 }, { 127, 0, 0, 1 } };
			InetAddress[] found = new InetAddress[addresses.length];
			for (int i = 0; i < found.length; i++) {
				found[i] = InetAddress.getByAddress(addresses[i]);
			}
			return found;
		});
		assertThat(several.send(Webhook.post(url("/")), Map.of(), BODY)).isEqualTo(200);
	}

	@Test
	void eachRequestHasAConnectionOfItsOwnAndNothingIsRemembered() throws IOException {
		List<Object> clients = Collections.synchronizedList(new ArrayList<>());
		this.server.createContext("/own", (exchange) -> {
			clients.add(exchange.getRemoteAddress());
			clients.add(exchange.getRequestHeaders().keySet());
			exchange.getResponseHeaders().set("Set-Cookie", "a=b");
			exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"a\"");
			exchange.sendResponseHeaders(401, -1);
			exchange.close();
		});
		assertThat(post(url("/own"))).isEqualTo(401);
		assertThat(post(url("/own"))).isEqualTo(401);
		assertThat(clients).hasSize(4);
		assertThat(clients.get(0)).isNotEqualTo(clients.get(2));
		assertThat(clients.get(3)).isEqualTo(clients.get(1));
		assertThat(clients.get(1))
			.isEqualTo(Set.of("Host", "User-agent", "Accept", "Connection", "X-own", "Content-type", "Content-length"));
	}

	@Test
	void aFailedRequestIsNotSentAgain() throws Exception {
		AtomicInteger connections = new AtomicInteger();
		try (ServerSocket raw = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
			Thread thread = new Thread(() -> {
				try {
					while (true) {
						raw.accept().close();
						connections.incrementAndGet();
					}
				}
				catch (IOException ex) {
					// the test is over
				}
			});
			thread.setDaemon(true);
			thread.start();
			String url = "http://127.0.0.1:" + raw.getLocalPort() + "/";
			assertThatIOException().isThrownBy(() -> post(url));
			assertThat(post(url("/"))).isEqualTo(200);
			await().untilAsserted(() -> assertThat(connections).hasValue(1));
		}
	}

	@ParameterizedTest
	@CsvSource({ "http.proxyHost, http.proxyPort", "socksProxyHost, socksProxyPort" })
	void noProxyOfTheJvmIsUsed(String host, String port) throws IOException {
		int closed;
		try (ServerSocket unused = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
			closed = unused.getLocalPort();
		}
		Properties before = (Properties) System.getProperties().clone();
		System.setProperty("http.nonProxyHosts", "");
		System.setProperty("socksNonProxyHosts", "");
		System.setProperty(host, "127.0.0.1");
		System.setProperty(port, Integer.toString(closed));
		try {
			WebhookClient named = client(this.guard, LOCAL);
			String url = "http://hooks.example:" + this.server.getAddress().getPort() + "/";
			assertThat(named.send(Webhook.post(url), Map.of(), BODY)).isEqualTo(200);
		}
		finally {
			System.setProperties(before);
		}
	}

	@Test
	void whatTheJvmWouldAnswerToAChallengeIsNotSent() throws IOException {
		AtomicInteger asked = new AtomicInteger();
		Authenticator.setDefault(new Authenticator() {

			@Override
			protected PasswordAuthentication getPasswordAuthentication() {
				asked.incrementAndGet();
				return new PasswordAuthentication("a", "b".toCharArray());
			}

		});
		try {
			this.server.createContext("/secret", (exchange) -> {
				exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"a\"");
				exchange.sendResponseHeaders(401, -1);
				exchange.close();
			});
			assertThat(post(url("/secret"))).isEqualTo(401);
			assertThat(asked).hasValue(0);
		}
		finally {
			Authenticator.setDefault(null);
		}
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
			WebhookClient trusting = new WebhookClient(this.guard, names(LOCAL), context);
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

	@FunctionalInterface
	interface Lookup {

		InetAddress[] resolve(String host) throws UnknownHostException;

	}

}
