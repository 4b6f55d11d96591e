package io.rq.autoconfigure;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

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
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.dao.DataAccessException;

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

	@TempDir
	private static Path folder;

	private static TestCertificate server;

	private static TestCertificate client;

	private static TestCertificate stranger;

	private static int port;

	private static TestRedis redis;

	@BeforeAll
	static void start() throws Exception {
		server = TestCertificate.create(folder, "server");
		client = TestCertificate.create(folder, "client");
		stranger = TestCertificate.create(folder, "stranger");
		port = freePort();
		redis = TestRedis.start("--port", "0", "--tls-port", String.valueOf(port), "--tls-cert-file",
				server.certificate().toString(), "--tls-key-file", server.key().toString(), "--tls-ca-cert-file",
				client.certificate().toString());
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

	@AfterAll
	static void stop() {
		redis.close();
	}

	private static ApplicationContextRunner application(TestCertificate own, TestCertificate trusted) {
		List<String> bundle = new ArrayList<>();
		Stream.of("keystore", "truststore").forEach((store) -> {
			bundle.add("spring.ssl.bundle.jks.redis." + store + ".password=" + TestCertificate.PASSWORD);
			bundle.add("spring.ssl.bundle.jks.redis." + store + ".type=PKCS12");
		});
		bundle.add("spring.ssl.bundle.jks.redis.keystore.location=file:" + own.keyStore());
		bundle.add("spring.ssl.bundle.jks.redis.truststore.location=file:" + trusted.trustStore());
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, DataRedisAutoConfiguration.class,
					JacksonAutoConfiguration.class, RqAutoConfiguration.class))
			.withUserConfiguration(RqEndToEndTests.Application.class)
			.withPropertyValues(bundle.toArray(String[]::new))
			.withPropertyValues("spring.data.redis.host=127.0.0.1", "spring.data.redis.port=" + port,
					"spring.data.redis.ssl.bundle=redis", "rq.worker.with-scheduler=true");
	}

	@Test
	void jobsOfAllKindsEndWithACertificateOnEachConnection(CapturedOutput output) {
		application(client, server).run(RqEndToEndTests::jobsOfAllKindsEnd);
		assertThat(output).doesNotContain("cannot reach Redis", "hears no commands");
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
