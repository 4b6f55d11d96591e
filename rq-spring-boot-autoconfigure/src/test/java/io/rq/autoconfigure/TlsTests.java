package io.rq.autoconfigure;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.lettuce.core.SslVerifyMode;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.JedisClientConfigurationBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientConfigurationBuilderCustomizer;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.core.StringRedisTemplate;

import io.rq.autoconfigure.ssl.RqSslAutoConfiguration;
import io.rq.job.Job;
import io.rq.job.JobResult;
import io.rq.template.JobTemplate;
import io.rq.test.OneRedis;
import io.rq.test.RequiresTls;
import io.rq.test.TestCertificate;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Applications and a Redis that speaks TLS only, and only to those whose certificate it
 * trusts.
 */
@RequiresTls
@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
@OneRedis("has a server of its own with TLS")
class TlsTests {

	private static final String OTHER_HOST = "No subject alternative names matching IP address 127.0.0.1 found";

	@TempDir
	private static Path folder;

	private static TestCertificate server;

	private static TestCertificate client;

	private static TestCertificate stranger;

	private static TestCertificate otherHost;

	private static int port;

	private static TestRedis redis;

	private static int otherPort;

	private static TestRedis other;

	@BeforeAll
	static void start() throws Exception {
		server = TestCertificate.create(folder, "server");
		client = TestCertificate.create(folder, "client");
		stranger = TestCertificate.create(folder, "stranger");
		otherHost = TestCertificate.create(folder, "other-host", "dns:redis.example.org");
		port = freePort();
		redis = start(port, server);
		otherPort = freePort();
		other = start(otherPort, otherHost);
	}

	private static TestRedis start(int port, TestCertificate certificate) {
		return TestRedis.start("--port", "0", "--tls-port", String.valueOf(port), "--tls-cert-file",
				certificate.certificate().toString(), "--tls-key-file", certificate.key().toString(),
				"--tls-ca-cert-file", client.certificate().toString());
	}

	static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

	@AfterAll
	static void stop() {
		redis.close();
		other.close();
	}

	private static ApplicationContextRunner application(TestCertificate own, TestCertificate trusted) {
		return application(own.keyStore(), trusted.trustStore()).withPropertyValues("spring.data.redis.port=" + port);
	}

	static ApplicationContextRunner application(Path keys, Path trust) {
		List<String> bundle = new ArrayList<>();
		Stream.of("keystore", "truststore").forEach((store) -> {
			bundle.add("spring.ssl.bundle.jks.redis." + store + ".password=" + TestCertificate.PASSWORD);
			bundle.add("spring.ssl.bundle.jks.redis." + store + ".type=PKCS12");
		});
		bundle.add("spring.ssl.bundle.jks.redis.keystore.location=file:" + keys);
		bundle.add("spring.ssl.bundle.jks.redis.truststore.location=file:" + trust);
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, DataRedisAutoConfiguration.class,
					JacksonAutoConfiguration.class, RqAutoConfiguration.class, RqSslAutoConfiguration.class))
			.withUserConfiguration(RqEndToEndTests.Application.class)
			.withPropertyValues(bundle.toArray(String[]::new))
			.withPropertyValues("spring.data.redis.host=127.0.0.1", "spring.data.redis.ssl.bundle=redis",
					"rq.worker.with-scheduler=true");
	}

	@Test
	void jobsOfAllKindsEndWithACertificateOnEachConnection(CapturedOutput output) {
		application(client, server).run(RqEndToEndTests::jobsOfAllKindsEnd);
		assertThat(output).doesNotContain("cannot reach Redis", "hears no commands");
	}

	@Test
	void theFilesOfABundleThatIsNotUsedNeedNotBeThere() {
		Path missing = folder.resolve("missing.p12");
		try (TestRedis plain = TestRedis.start()) {
			application(missing, missing)
				.withPropertyValues("spring.data.redis.ssl.enabled=false", "spring.data.redis.url=" + plain.url())
				.run(RqEndToEndTests::jobsOfAllKindsEnd);
			application(missing, missing)
				.withPropertyValues("spring.data.redis.ssl.enabled=false", "spring.data.redis.url=" + plain.url(),
						"spring.data.redis.ssl.bundle=missing")
				.run((context) -> assertThat(context).hasNotFailed());
		}
	}

	@Test
	void aServerWithACertificateOfSomebodyElseIsNotSpokenTo(CapturedOutput output) {
		failsFor(client, stranger, output);
		assertThat(output).containsPattern("PKIX path|certificate|certification path");
	}

	@Test
	void aServerThatDoesNotTrustTheCertificateIsNamedAsTheTrouble(CapturedOutput output) {
		failsFor(stranger, server, output);
		assertThat(output).containsPattern("unknown_ca|certificate|Connection reset|Broken pipe|closed");
	}

	@Test
	void aServerWithACertificateOfAnotherHostIsNotSpokenTo(CapturedOutput output) {
		application(client, otherHost).withPropertyValues("spring.data.redis.port=" + otherPort).run((context) -> {
			assertThatExceptionOfType(DataAccessException.class)
				.isThrownBy(() -> context.getBean(JobTemplate.class).enqueue(RqEndToEndTests.Jobs::greet, "Ada"))
				.havingRootCause()
				.withMessageContaining(OTHER_HOST);
			assertThatExceptionOfType(DataAccessException.class)
				.isThrownBy(() -> context.getBean(StringRedisTemplate.class).hasKey("rq:queues"))
				.havingRootCause()
				.withMessageContaining(OTHER_HOST);
			Awaitility.await()
				.atMost(Duration.ofSeconds(20))
				.untilAsserted(() -> assertThat(output).contains("cannot reach Redis"));
		});
	}

	@Test
	void anApplicationDecidesWhoseCertificateIsThatOfAServer() {
		application(client, otherHost).withPropertyValues("spring.data.redis.port=" + otherPort)
			.withBean(JedisClientConfigurationBuilderCustomizer.class,
					() -> (client) -> client.useSsl().hostnameVerifier((host, session) -> true))
			.withBean(LettuceClientConfigurationBuilderCustomizer.class,
					() -> (client) -> client.useSsl().verifyPeer(SslVerifyMode.CA))
			.run((context) -> {
				aJobEnds(context);
				assertThat(context.getBean(StringRedisTemplate.class).hasKey("rq:queues")).isTrue();
			});
	}

	@Test
	void certificatesAreReplacedWhileTheApplicationRuns(CapturedOutput output, @TempDir Path files) throws Exception {
		TestCertificate nextServer = TestCertificate.create(folder, "next-server");
		TestCertificate nextClient = TestCertificate.create(folder, "next-client");
		withFiles(files, (redis, context) -> {
			given(files, nextClient, nextServer);
			given(files.resolve("server"), nextServer, nextClient);
			Awaitility.await().until(() -> output.getOut().contains("made with the reloaded SSL bundle 'redis'"));
			redis.restart();
			aJobEnds(context);
		});
	}

	@Test
	void aBundleThatCannotBeUsedLeavesTheOneBefore(CapturedOutput output, @TempDir Path files) throws Exception {
		withFiles(files, (redis, context) -> {
			Files.writeString(files.resolve("keys.p12"), "half of a");
			Awaitility.await()
				.until(() -> output.getOut()
					.contains("The reloaded SSL bundle 'redis' cannot be used, so connections"));
			redis.restart();
			aJobEnds(context);
		});
	}

	/** Runs an application and a Redis that read their certificates from files. */
	private static void withFiles(Path files, Exchange exchange) throws Exception {
		given(files, client, server);
		Path theirs = Files.createDirectory(files.resolve("server"));
		given(theirs, server, client);
		int securePort = freePort();
		try (TestRedis redis = TestRedis.start("--tls-port", String.valueOf(securePort), "--tls-cert-file",
				theirs.resolve("own.crt").toString(), "--tls-key-file", theirs.resolve("own.key").toString(),
				"--tls-ca-cert-file", theirs.resolve("trusted.crt").toString())) {
			application(files.resolve("keys.p12"), files.resolve("trust.p12"))
				.withPropertyValues("spring.data.redis.port=" + securePort,
						"spring.ssl.bundle.jks.redis.reload-on-update=true",
						"spring.ssl.bundle.watch.file.quiet-period=100ms")
				.run((context) -> {
					aJobEnds(context);
					exchange.make(redis, context);
				});
		}
	}

	private static void given(Path folder, TestCertificate own, TestCertificate trusted) throws IOException {
		put(own.keyStore(), folder.resolve("keys.p12"));
		put(trusted.trustStore(), folder.resolve("trust.p12"));
		put(own.certificate(), folder.resolve("own.crt"));
		put(own.key(), folder.resolve("own.key"));
		put(trusted.certificate(), folder.resolve("trusted.crt"));
	}

	private static void put(Path from, Path to) throws IOException {
		Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
	}

	private static void aJobEnds(ApplicationContext context) {
		JobTemplate jobs = context.getBean(JobTemplate.class);
		Awaitility.await().atMost(Duration.ofSeconds(40)).ignoreExceptions().until(() -> {
			Job job = jobs.enqueue(RqEndToEndTests.Jobs::greet, "Ada");
			return jobs.awaitResult(job.id(), Duration.ofSeconds(20)).type() == JobResult.Type.SUCCESSFUL;
		});
	}

	/** What is done to the certificates of a running application. */
	@FunctionalInterface
	private interface Exchange {

		void make(TestRedis redis, ApplicationContext context) throws Exception;

	}

	private static void failsFor(TestCertificate own, TestCertificate trusted, CapturedOutput output) {
		application(own, trusted).run((context) -> {
			JobTemplate jobs = context.getBean(JobTemplate.class);
			assertThatExceptionOfType(DataAccessException.class)
				.isThrownBy(() -> jobs.enqueue(RqEndToEndTests.Jobs::greet, "Ada"));
			Awaitility.await()
				.atMost(Duration.ofSeconds(20))
				.untilAsserted(() -> assertThat(output).contains("cannot reach Redis"));
		});
	}

}
