package io.rq.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link EmbeddedRedisAutoConfiguration}.
 */
class EmbeddedRedisAutoConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner().withConfiguration(
			AutoConfigurations.of(EmbeddedRedisAutoConfiguration.class, DataRedisAutoConfiguration.class));

	private final ApplicationContextRunner enabled = this.contextRunner
		.withPropertyValues("rq.embedded-redis.enabled=true");

	@Test
	void startsNothingByDefault() {
		this.contextRunner.run((context) -> assertThat(context).hasNotFailed()
			.doesNotHaveBean(EmbeddedRedisServer.class)
			.doesNotHaveBean(EmbeddedRedisProperties.class));
	}

	@Test
	void isEnabledByWhateverMeansTrue() {
		this.contextRunner.withPropertyValues("rq.embedded-redis.enabled=1")
			.run((context) -> assertThat(context).hasSingleBean(EmbeddedRedisServer.class));
		this.contextRunner.withPropertyValues("rq.embedded-redis.enabled=")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(EmbeddedRedisServer.class));
	}

	@Test
	void connectsTheApplicationToTheServerAndEndsBoth() {
		EmbeddedRedisServer[] server = new EmbeddedRedisServer[1];
		this.enabled.withPropertyValues("spring.data.redis.host=nowhere.invalid").run((context) -> {
			server[0] = context.getBean(EmbeddedRedisServer.class);
			assertThat(configOf(context, "port")).isEqualTo(String.valueOf(server[0].port()));
			StringRedisTemplate template = context.getBean(StringRedisTemplate.class);
			template.opsForValue().set("a", "1");
			assertThat(template.opsForValue().get("a")).isEqualTo("1");
			assertThat(configOf(context, "bind")).isEqualTo("127.0.0.1");
		});
		assertThatNobodyListensOn(server[0].port());
	}

	@Test
	void listensOnTheConfiguredPort() {
		int port = freePort();
		this.enabled.withPropertyValues("rq.embedded-redis.port=" + port)
			.run((context) -> assertThat(context.getBean(EmbeddedRedisServer.class).port()).isEqualTo(port));
	}

	@Test
	void hasTheConfiguredPassword() {
		String password = "p\"w\\ #é";
		this.enabled.withPropertyValues("rq.embedded-redis.password=" + password).run((context) -> {
			assertThat(context.getBean(DataRedisConnectionDetails.class).getPassword()).isEqualTo(password);
			assertThat(configOf(context, "requirepass")).isEqualTo(password);
			assertThat(context.getBean(EmbeddedRedisProperties.class).toString()).doesNotContain(password);
		});
	}

	@Test
	void servesWhileTheApplicationStops() {
		List<String> answers = new ArrayList<>();
		this.enabled
			.withInitializer((context) -> ((GenericApplicationContext) context).registerBean(LastWords.class,
					() -> new LastWords(context.getBeanFactory().getBean(StringRedisTemplate.class), answers)))
			.run((context) -> assertThat(answers).isEmpty());
		assertThat(answers).containsExactly("heard");
	}

	@Test
	void keepsDataInTheDataDirectoryOverRestarts(@TempDir Path directory) {
		ApplicationContextRunner persistent = this.enabled
			.withPropertyValues("rq.embedded-redis.data-directory=" + directory.resolve("with space/data"));
		persistent.run((context) -> context.getBean(StringRedisTemplate.class).opsForValue().set("a", "1"));
		persistent.run((context) -> assertThat(context.getBean(StringRedisTemplate.class).opsForValue().get("a"))
			.isEqualTo("1"));
	}

	@Test
	void keepsNothingWithoutDataDirectory() {
		this.enabled.run((context) -> context.getBean(StringRedisTemplate.class).opsForValue().set("a", "1"));
		this.enabled
			.run((context) -> assertThat(context.getBean(StringRedisTemplate.class).opsForValue().get("a")).isNull());
	}

	@Test
	void twoApplicationsCannotShareADataDirectory(@TempDir Path directory) {
		ApplicationContextRunner persistent = this.enabled
			.withPropertyValues("rq.embedded-redis.data-directory=" + directory);
		persistent.run((first) -> persistent.run((second) -> {
			assertThat(analysisOf(second).getDescription()).contains(directory.toString(), "another application");
			assertThat(analysisOf(second).getAction()).contains("rq.embedded-redis.data-directory");
		}));
	}

	@Test
	void failsWhenTheDataDirectoryCannotBeWritten(@TempDir Path directory) throws IOException {
		Path file = Files.createFile(directory.resolve("file"));
		this.enabled.withPropertyValues("rq.embedded-redis.data-directory=" + file).run((context) -> {
			assertThat(analysisOf(context).getDescription()).contains(file.toString(), "cannot write");
			assertThat(analysisOf(context).getAction()).contains("rq.embedded-redis.data-directory");
		});
	}

	@Test
	void failsWhenThePortIsTaken() {
		try (EmbeddedRedisServer other = EmbeddedRedisServer.start(0, null, null)) {
			this.enabled.withPropertyValues("rq.embedded-redis.port=" + other.port()).run((context) -> {
				assertThat(analysisOf(context).getDescription()).contains("port " + other.port(), "in use");
				assertThat(analysisOf(context).getAction()).contains("rq.embedded-redis.port");
			});
		}
	}

	@Test
	void failsWhenThePortIsNone() {
		this.enabled.withPropertyValues("rq.embedded-redis.port=65536")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidConfigurationPropertyValueException.class));
	}

	@Test
	void failsWhenTheBinaryDoesNotRun(@TempDir Path directory) throws IOException {
		Path binary = Files.writeString(directory.resolve("redis-server"), "#!/bin/sh\necho no such library; exit 3\n");
		assertThat(binary.toFile().setExecutable(true)).isTrue();
		this.enabled.withSystemProperties("embedded.redis.executable=" + binary).run((context) -> {
			assertThat(analysisOf(context).getDescription()).contains("no such library");
			assertThat(analysisOf(context).getAction()).contains("Install Redis 6.2");
		});
	}

	@Test
	void startsNothingWithoutSpringDataRedis() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(EmbeddedRedisAutoConfiguration.class))
			.withPropertyValues("rq.embedded-redis.enabled=true")
			.withClassLoader(new FilteredClassLoader(DataRedisConnectionDetails.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(EmbeddedRedisServer.class));
	}

	@Test
	void leavesTheConnectionToWhoeverBringsOne() {
		DataRedisConnectionDetails others = new DataRedisConnectionDetails() {

			@Override
			public Standalone getStandalone() {
				return Standalone.of("redis.example.org", 6379);
			}

		};
		this.enabled.withBean(DataRedisConnectionDetails.class, () -> others)
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(EmbeddedRedisServer.class)
				.getBean(DataRedisConnectionDetails.class)
				.isSameAs(others));
	}

	private static String configOf(AssertableApplicationContext context, String parameter) {
		try (RedisConnection connection = context.getBean(RedisConnectionFactory.class).getConnection()) {
			return String.valueOf(connection.serverCommands().getConfig(parameter).getProperty(parameter));
		}
	}

	private static FailureAnalysis analysisOf(AssertableApplicationContext context) {
		assertThat(context).hasFailed().getFailure().rootCause();
		Throwable failure = context.getStartupFailure();
		while (failure != null && !(failure instanceof EmbeddedRedisException)) {
			failure = failure.getCause();
		}
		assertThat(failure).isInstanceOf(EmbeddedRedisException.class);
		FailureAnalysis analysis = new EmbeddedRedisFailureAnalyzer().analyze(failure);
		assertThat(analysis).isNotNull();
		return analysis;
	}

	private static int freePort() {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void assertThatNobodyListensOn(int port) {
		assertThatIOException().isThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close());
	}

	static final class LastWords implements SmartLifecycle {

		private final StringRedisTemplate template;

		private final List<String> answers;

		private volatile boolean running;

		LastWords(StringRedisTemplate template, List<String> answers) {
			this.template = template;
			this.answers = answers;
		}

		@Override
		public void start() {
			this.running = true;
		}

		@Override
		public void stop() {
			this.template.opsForValue().set("last-words", "heard");
			this.answers.add(String.valueOf(this.template.opsForValue().get("last-words")));
			this.running = false;
		}

		@Override
		public boolean isRunning() {
			return this.running;
		}

	}

}
