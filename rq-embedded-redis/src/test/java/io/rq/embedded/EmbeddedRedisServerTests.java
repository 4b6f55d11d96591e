package io.rq.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
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
		EmbeddedRedisServer.start(0, directory, null).close();
	}

	@Test
	@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
	@EnabledOnOs(value = OS.LINUX, disabledReason = "setsid is everywhere there")
	void serverOutlivesASignalToTheWholeGroupUntilTheApplicationHasEnded(@TempDir Path directory) throws Exception {
		Process jvm = new ProcessBuilder("setsid", Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-cp", System.getProperty("java.class.path"), StoppingApplication.class.getName(), directory.toString())
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		try (BufferedReader reader = jvm.inputReader()) {
			assertThat(reader.lines().anyMatch("started"::equals)).isTrue();
			List<ProcessHandle> servers = jvm.descendants().toList();
			assertThat(servers).isNotEmpty();
			assertThat(new ProcessBuilder("kill", "-TERM", "--", "-" + jvm.pid()).inheritIO().start().waitFor())
				.isZero();
			assertThat(reader.lines()).contains("the server answers");
			Awaitility.await()
				.atMost(Duration.ofSeconds(20))
				.until(() -> servers.stream().noneMatch(ProcessHandle::isAlive));
		}
		finally {
			jvm.destroyForcibly();
		}
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void onlyAServerThatWorksInTheDirectoryIsEnded(@TempDir Path directory) throws IOException {
		Path mine = Files.createDirectory(directory.resolve("mine"));
		try (EmbeddedRedisServer theirs = EmbeddedRedisServer.start(0, directory.resolve("theirs"), null)) {
			Files.copy(directory.resolve("theirs/redis-server.pid"), mine.resolve("redis-server.pid"));
			EmbeddedRedisServer.start(0, mine, null).close();
			assertThat(answers(theirs)).isTrue();
			Files.copy(directory.resolve("theirs/redis-server.pid"), mine.resolve("redis-server.pid"),
					StandardCopyOption.REPLACE_EXISTING);
			Files.move(directory.resolve("theirs"), directory.resolve("moved"));
			EmbeddedRedisServer.start(0, mine, null).close();
			assertThat(answers(theirs)).isTrue();
		}
	}

	@Test
	void serverIsSetUpForTheSizeOfJobsAndResults() throws IOException {
		try (EmbeddedRedisServer server = EmbeddedRedisServer.start(0, null, null);
				Socket socket = new Socket(EmbeddedRedisServer.HOST, server.port());
				BufferedReader reply = new BufferedReader(
						new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
			socket.getOutputStream().write(("AUTH " + server.password() + "\r\n").getBytes(StandardCharsets.US_ASCII));
			assertThat(reply.readLine()).isEqualTo("+OK");
			assertThat(setting("stream-node-max-bytes", socket, reply)).isEqualTo("512");
			assertThat(setting("hash-max-ziplist-value", socket, reply)).isEqualTo("1024");
		}
	}

	private static String setting(String name, Socket socket, BufferedReader reply) throws IOException {
		socket.getOutputStream().write(("CONFIG GET " + name + "\r\n").getBytes(StandardCharsets.US_ASCII));
		List<String> lines = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			lines.add(reply.readLine());
		}
		return lines.get(4);
	}

	private static boolean answers(EmbeddedRedisServer server) throws IOException {
		try (Socket socket = new Socket(EmbeddedRedisServer.HOST, server.port())) {
			return answer("AUTH " + server.password(), socket) == '+';
		}
	}

	/** Returns the first character of the answer. */
	private static int answer(String command, Socket socket) throws IOException {
		socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
		return socket.getInputStream().read();
	}

	@Test
	void nobodyIsLetInWithoutThePassword() throws IOException {
		try (EmbeddedRedisServer server = EmbeddedRedisServer.start(0, null, null);
				EmbeddedRedisServer other = EmbeddedRedisServer.start(0, null, null)) {
			for (String command : List.of("PING", "CONFIG SET dir /tmp", "AUTH " + other.password())) {
				try (Socket socket = new Socket(EmbeddedRedisServer.HOST, server.port())) {
					assertThat(answer(command, socket)).isEqualTo('-');
				}
			}
			assertThat(answers(server)).isTrue();
		}
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void passwordIsNotToldToOtherUsersOfTheMachine() {
		try (EmbeddedRedisServer server = EmbeddedRedisServer.start(0, null, "geheim")) {
			assertThat(ProcessHandle.current().descendants().map((process) -> process.info().commandLine()))
				.allSatisfy((line) -> assertThat(line.orElse("")).doesNotContain("geheim"))
				.isNotEmpty();
			assertThat(server.password()).isEqualTo("geheim");
		}
	}

	@Test
	void redisWithoutBlmoveIsTooOld() {
		assertThat(EmbeddedRedisServer.isTooOld(5, 0)).isTrue();
		assertThat(EmbeddedRedisServer.isTooOld(6, 0)).isTrue();
		assertThat(EmbeddedRedisServer.isTooOld(6, 2)).isFalse();
		assertThat(EmbeddedRedisServer.isTooOld(7, 0)).isFalse();
	}

	/** The application that uses the server in its last moments. */
	static final class StoppingApplication {

		private StoppingApplication() {
		}

		@SuppressWarnings("resource")
		public static void main(String[] args) throws InterruptedException {
			EmbeddedRedisServer server = EmbeddedRedisServer.start(0, Path.of(args[0]), null);
			Runtime.getRuntime().addShutdownHook(new Thread(() -> {
				System.out.println(answersForAWhile(server) ? "the server answers" : "the server is gone");
				server.close();
			}));
			System.out.println("started");
			Thread.currentThread().join();
		}

		private static boolean answersForAWhile(EmbeddedRedisServer server) {
			try {
				for (int i = 0; i < 20; i++) {
					if (!answers(server)) {
						return false;
					}
					LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
				}
				return true;
			}
			catch (IOException ex) {
				return false;
			}
		}

	}

	/** The application that is killed. */
	static final class Application {

		private Application() {
		}

		@SuppressWarnings("resource")
		public static void main(String[] args) throws InterruptedException {
			EmbeddedRedisServer.start(0, Path.of(args[0]), null);
			System.out.println("started");
			Thread.currentThread().join();
		}

	}

}
