package io.rq.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

/**
 * The directory that keeps the data of an embedded Redis, for one application at a time:
 * two servers that append to one file would destroy it.
 */
final class DataDirectory implements AutoCloseable {

	private static final String PROPERTY = "'rq.embedded-redis.data-directory'";

	private static final long PREDECESSOR_TIMEOUT_SECONDS = 10;

	private final Path path;

	private final FileChannel lockFile;

	private DataDirectory(Path path, FileChannel lockFile) {
		this.path = path;
		this.lockFile = lockFile;
	}

	/**
	 * Takes the directory into possession, and creates it if there is none.
	 * @param directory the configured path
	 * @return the directory, to be closed by the caller
	 * @throws EmbeddedRedisException if it cannot be written or has an owner already
	 */
	static DataDirectory open(Path directory) {
		Path path = directory.toAbsolutePath().normalize();
		FileChannel lockFile = null;
		try {
			Files.createDirectories(path);
			lockFile = FileChannel.open(path.resolve("embedded-redis.lock"), StandardOpenOption.CREATE,
					StandardOpenOption.WRITE);
			if (!lock(lockFile)) {
				lockFile.close();
				throw new EmbeddedRedisException(
						"The data directory " + path + " of the embedded Redis is used by another application.",
						"Stop the other application, or set " + PROPERTY + " to a directory of this one's own.");
			}
			DataDirectory result = new DataDirectory(path, lockFile);
			result.endPredecessor();
			return result;
		}
		catch (IOException ex) {
			closeQuietly(lockFile);
			throw new EmbeddedRedisException(
					"The embedded Redis cannot write to its data directory " + path + " (" + ex + ").",
					"Set " + PROPERTY + " to a directory that can be created and written, "
							+ "or remove it if the data need not survive a restart.",
					ex);
		}
	}

	private static boolean lock(FileChannel file) throws IOException {
		try {
			FileLock lock = file.tryLock();
			return lock != null;
		}
		catch (OverlappingFileLockException ex) {
			return false;
		}
	}

	/**
	 * Ends the server that an application left behind when it was killed. It may still be
	 * about to do that by itself. Only a server that works in this directory is ended.
	 * @throws IOException if the file with its process id cannot be read
	 */
	private void endPredecessor() throws IOException {
		Optional<ProcessHandle> predecessor = predecessor();
		if (predecessor.isPresent()) {
			predecessor.get().destroy();
			try {
				predecessor.get().onExit().get(PREDECESSOR_TIMEOUT_SECONDS, TimeUnit.SECONDS);
			}
			catch (TimeoutException | ExecutionException ex) {
				predecessor.get().destroyForcibly();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new IOException("Interrupted while waiting for the server of before", ex);
			}
		}
	}

	private Optional<ProcessHandle> predecessor() throws IOException {
		if (!Files.exists(pidFile())) {
			return Optional.empty();
		}
		String pid = Files.readString(pidFile()).strip();
		if (!pid.matches("\\d{1,18}")) {
			return Optional.empty();
		}
		return ProcessHandle.of(Long.parseLong(pid)).filter(this::isServerOfThisDirectory);
	}

	/**
	 * Whether a process is a server that works in this directory. Its id may have gone to
	 * any other process since it was written down, to another's Redis too.
	 */
	private boolean isServerOfThisDirectory(ProcessHandle process) {
		String command = process.info().command().orElse("");
		// the file may have been deleted while it runs
		String name = Path.of(command.replaceFirst(" \\(deleted\\)$", "")).getFileName().toString();
		return name.startsWith("redis-server") && isWorkingHere(process.pid());
	}

	private boolean isWorkingHere(long pid) {
		Path linux = Path.of("/proc", String.valueOf(pid), "cwd");
		try {
			Path workingDirectory = Files.isSymbolicLink(linux) ? Files.readSymbolicLink(linux) : askLsof(pid);
			return workingDirectory != null && Files.isSameFile(workingDirectory, this.path);
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static @Nullable Path askLsof(long pid) throws IOException {
		Process lsof = new ProcessBuilder("lsof", "-a", "-p", String.valueOf(pid), "-d", "cwd", "-Fn")
			.redirectErrorStream(true)
			.start();
		try (BufferedReader lines = lsof.inputReader()) {
			return lines.lines()
				.filter((line) -> line.startsWith("n/"))
				.map((line) -> Path.of(line.substring(1)))
				.findFirst()
				.orElse(null);
		}
	}

	Path path() {
		return this.path;
	}

	Path pidFile() {
		return this.path.resolve("redis-server.pid");
	}

	@Override
	public void close() {
		closeQuietly(this.lockFile);
	}

	private static void closeQuietly(@Nullable FileChannel file) {
		try {
			if (file != null) {
				file.close();
			}
		}
		catch (IOException ex) {
			// the lock ends with the process at the latest
		}
	}

}
