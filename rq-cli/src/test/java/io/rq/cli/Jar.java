package io.rq.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The jar, run as a process.
 */
final class Jar {

	private static final Path FILE = Path
		.of(Objects.requireNonNull(System.getProperty("rq.cli.jar"), "Run with Maven, from 'mvn verify'"));

	private static final Path ARCHIVE = FILE.resolveSibling("rq-cli.jsa");

	private Jar() {
	}

	/** Makes the archive that lets each start after it take half as long. */
	static void archive(String url) throws IOException {
		Files.deleteIfExists(ARCHIVE);
		run(process(List.of("-XX:ArchiveClassesAtExit=" + ARCHIVE, "-Xlog:disable"), "info", "--url", url)).succeeded();
		assertThat(ARCHIVE).exists();
	}

	static ProcessBuilder process(String... arguments) {
		return process(List.of("-XX:SharedArchiveFile=" + ARCHIVE), arguments);
	}

	private static ProcessBuilder process(List<String> options, String... arguments) {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(options);
		command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar", FILE.toString()));
		command.addAll(List.of(arguments));
		ProcessBuilder builder = new ProcessBuilder(command);
		builder.environment().keySet().removeAll(List.of("RQ_REDIS_URL", "RQ_KEY_PREFIX"));
		return builder;
	}

	/** Runs a command on a Redis, with each of its words divided by a space. */
	static Run run(String url, String command) {
		return run(Stream.concat(Stream.of(command.split(" ")), Stream.of("--url", url)).toArray(String[]::new));
	}

	static Run run(String... arguments) {
		return run(process(arguments));
	}

	static Run run(ProcessBuilder builder) {
		try {
			Path out = Files.createTempFile("rq-cli", ".out");
			Path err = Files.createTempFile("rq-cli", ".err");
			Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
			try {
				assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("it ends").isTrue();
				return new Run(process.exitValue(), Files.readString(out, StandardCharsets.UTF_8),
						Files.readString(err, StandardCharsets.UTF_8));
			}
			finally {
				process.destroyForcibly();
				Files.delete(out);
				Files.delete(err);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * What came of a run.
	 */
	record Run(int exitCode, String out, String err) {

		Run succeeded() {
			assertThat(this.exitCode).as(toString()).isZero();
			assertThat(this.err).isEmpty();
			return this;
		}

		/** Failed with one line on standard error. */
		Run failed(int exitCode, String line) {
			assertThat(this.exitCode).as(toString()).isEqualTo(exitCode);
			assertThat(this.err.lines()).singleElement().asString().startsWith("rq: ").contains(line);
			return this;
		}

		String text() {
			return this.out.strip();
		}

	}

}
