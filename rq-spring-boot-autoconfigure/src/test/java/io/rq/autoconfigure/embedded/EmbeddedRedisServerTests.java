package io.rq.autoconfigure.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EmbeddedRedisServer}.
 */
class EmbeddedRedisServerTests {

	@Test
	@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the guard is a shell script")
	void serverDoesNotOutliveAJvmThatIsKilled(@TempDir Path directory) throws IOException {
		Process jvm = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
				System.getProperty("java.class.path"), Application.class.getName(), directory.toString())
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		try (BufferedReader reader = jvm.inputReader()) {
			assertThat(reader.lines().anyMatch("started"::equals)).isTrue();
			List<ProcessHandle> servers = jvm.descendants().toList();
			assertThat(servers).isNotEmpty();
			jvm.destroyForcibly();
			Awaitility.await()
				.atMost(Duration.ofSeconds(20))
				.until(() -> servers.stream().noneMatch(ProcessHandle::isAlive));
		}
		EmbeddedRedisServer.start(0, directory).close();
	}

	@Test
	void redisWithoutBlmoveIsTooOld() {
		assertThat(EmbeddedRedisServer.isTooOld(5, 0)).isTrue();
		assertThat(EmbeddedRedisServer.isTooOld(6, 0)).isTrue();
		assertThat(EmbeddedRedisServer.isTooOld(6, 2)).isFalse();
		assertThat(EmbeddedRedisServer.isTooOld(7, 0)).isFalse();
	}

	/** The application that is killed. */
	static final class Application {

		private Application() {
		}

		@SuppressWarnings("resource")
		public static void main(String[] args) throws InterruptedException {
			EmbeddedRedisServer.start(0, Path.of(args[0]));
			System.out.println("started");
			Thread.currentThread().join();
		}

	}

}
