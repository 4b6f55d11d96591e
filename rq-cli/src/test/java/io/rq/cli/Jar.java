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

	private Jar() {
	}

	static ProcessBuilder process(String... arguments) {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
						"-XX:+UseSerialGC", "-jar", FILE.toString()));
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
		try {
			Path out = Files.createTempFile("rq-cli", ".out");
			Path err = Files.createTempFile("rq-cli", ".err");
			Process process = process(arguments).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
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
