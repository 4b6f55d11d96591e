package io.rq.test;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor.Version;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;
import org.springframework.util.FileSystemUtils;

/**
 * Python RQ as the other side of a {@link TestRedis}, the installed one or that of
 * {@code PYTHONPATH}. Scripts find the server in {@code os.environ['REDIS_URL']} and can
 * import what was {@linkplain #module added}.
 */
public final class PythonRq implements AutoCloseable {

	private static final Duration TIMEOUT = Duration.ofSeconds(60);

	/** Since RQ 2 a status is a member of an enumeration, which prints as such. */
	private static final String STATUSES_ARE_TEXT = """
			from rq.job import JobStatus
			JobStatus.__str__, JobStatus.__repr__ = str.__str__, str.__repr__
			""";

	private final TestRedis redis;

	private final Path directory;

	private final List<Worker> workers = new ArrayList<>();

	/**
	 * Python RQ for the given server.
	 * @param redis the server
	 */
	public PythonRq(TestRedis redis) {
		this.redis = redis;
		try {
			this.directory = Files.createTempDirectory("rq-test-python");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Whether there is a Python that can import RQ.
	 * @return whether this class can be used
	 */
	public static boolean isAvailable() {
		return Interpreter.FOUND.isPresent();
	}

	/**
	 * The version of RQ.
	 * @return the version
	 * @throws AssertionError if there is none
	 */
	public static Version version() {
		return Interpreter.found().version();
	}

	/**
	 * Adds a module for scripts and workers to import.
	 * @param name its name, without dots
	 * @param source its source
	 * @return this
	 */
	public PythonRq module(String name, String source) {
		try {
			Files.writeString(this.directory.resolve(name + ".py"), source);
			return this;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Runs a script to its end.
	 * @param script the source
	 * @param arguments what it finds in {@code sys.argv[1:]}
	 * @return what it printed on standard output
	 * @throws AssertionError if it fails or takes longer than a minute
	 */
	public String run(String script, String... arguments) {
		List<String> command = new ArrayList<>(List.of("-c", STATUSES_ARE_TEXT + script));
		command.addAll(List.of(arguments));
		Path out = newFile("out");
		Path err = newFile("err");
		Process process = start(command, ProcessBuilder.Redirect.to(out.toFile()),
				ProcessBuilder.Redirect.to(err.toFile()));
		if (!Programs.await(process, TIMEOUT)) {
			process.destroyForcibly();
			throw new AssertionError("Python did not end within %s%n%s%n%s".formatted(TIMEOUT, read(out), read(err)));
		}
		if (process.exitValue() != 0) {
			throw new AssertionError(
					"Python ended with %d%n%s%n%s".formatted(process.exitValue(), read(out), read(err)));
		}
		return read(out);
	}

	/**
	 * Starts {@code rq worker} with RQ's JSON serializer in the background.
	 * @param arguments options and queues, such as {@code "--burst", "default"}
	 * @return the worker, which {@link #close()} stops if nobody did before
	 */
	public Worker startWorker(String... arguments) {
		List<String> options = new ArrayList<>(List.of("--serializer", "rq.serializers.JSONSerializer"));
		options.addAll(List.of(arguments));
		return startUnchangedWorker(options.toArray(String[]::new));
	}

	/**
	 * Starts {@code rq worker} with RQ's own default, pickles, in the background.
	 * @param arguments options and queues
	 * @return the worker, which {@link #close()} stops if nobody did before
	 */
	public Worker startUnchangedWorker(String... arguments) {
		List<String> command = new ArrayList<>(List.of("-c", "from rq.cli import main; main()", "worker", "--url",
				this.redis.url(), "--path", this.directory.toString()));
		command.addAll(List.of(arguments));
		Path log = newFile("worker");
		Worker worker = new Worker(start(command, ProcessBuilder.Redirect.to(log.toFile()), null), log);
		this.workers.add(worker);
		return worker;
	}

	private Process start(List<String> arguments, ProcessBuilder.Redirect out, ProcessBuilder.@Nullable Redirect err) {
		List<String> command = new ArrayList<>();
		command.add(Interpreter.found().path());
		command.addAll(arguments);
		ProcessBuilder builder = new ProcessBuilder(command).directory(this.directory.toFile()).redirectOutput(out);
		if (err != null) {
			builder.redirectError(err);
		}
		else {
			builder.redirectErrorStream(true);
		}
		Map<String, String> environment = builder.environment();
		environment.merge("PYTHONPATH", this.directory.toString(), (given, own) -> own + File.pathSeparator + given);
		environment.putAll(Map.of("REDIS_URL", this.redis.url(), "PYTHONUNBUFFERED", "1", "PYTHONDONTWRITEBYTECODE",
				"1", "LC_ALL", "C.UTF-8", "PYTHONUTF8", "1"));
		try {
			Process process = builder.start();
			process.getOutputStream().close();
			return process;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private Path newFile(String prefix) {
		try {
			return Files.createTempFile(this.directory, prefix, ".txt");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Kills the workers that still run and removes all files.
	 */
	@Override
	public void close() {
		this.workers.forEach(Worker::kill);
		try {
			FileSystemUtils.deleteRecursively(this.directory);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * A Python worker in the background.
	 */
	public static final class Worker {

		private final Process process;

		private final Path log;

		private Worker(Process process, Path log) {
			this.process = process;
			this.log = log;
		}

		/**
		 * What the worker has logged so far.
		 * @return its output
		 */
		public String output() {
			return read(this.log);
		}

		/**
		 * The worker's process, to be sent signals for instance.
		 * @return the process
		 */
		public ProcessHandle process() {
			return this.process.toHandle();
		}

		/**
		 * Waits until the worker ends by itself ({@code --burst}).
		 * @throws AssertionError if it fails or takes longer than a minute
		 */
		public void join() {
			if (!Programs.await(this.process, TIMEOUT) || this.process.exitValue() != 0) {
				kill();
				throw new AssertionError("The Python worker did not end well: " + output());
			}
		}

		/**
		 * Asks the worker to end after its job and waits for it.
		 */
		public void stop() {
			this.process.destroy();
			if (!Programs.await(this.process, TIMEOUT)) {
				kill();
				throw new AssertionError("The Python worker did not stop: " + output());
			}
		}

		/**
		 * Ends the worker and what it has forked with SIGKILL.
		 */
		public void kill() {
			List<ProcessHandle> family = Stream.concat(Stream.of(this.process.toHandle()), this.process.descendants())
				.toList();
			family.forEach(ProcessHandle::destroyForcibly);
			Assert.state(Programs.await(this.process, TIMEOUT), "The Python worker survived SIGKILL");
		}

	}

	private record Interpreter(String path, Version version) {

		private static final Optional<Interpreter> FOUND = find();

		private static Interpreter found() {
			return FOUND.orElseThrow(() -> new AssertionError("No python3 can import rq"));
		}

		private static Optional<Interpreter> find() {
			return Stream.concat(Stream.of(Path.of("/usr/bin/python3")), Programs.onPath("python3"))
				.filter(Files::isExecutable)
				.distinct()
				.map(Path::toString)
				.flatMap(Interpreter::withRq)
				.findFirst();
		}

		private static Stream<Interpreter> withRq(String python) {
			try {
				Process process = new ProcessBuilder(python, "-c", "import rq; print(rq.__version__)")
					.redirectError(ProcessBuilder.Redirect.DISCARD)
					.start();
				String version = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
				return (Programs.await(process, TIMEOUT) && process.exitValue() == 0)
						? Stream.of(new Interpreter(python, Version.parse(version))) : Stream.empty();
			}
			catch (IOException ex) {
				return Stream.empty();
			}
		}

	}

}
