package io.rq.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

/**
 * A PostgreSQL of our own, as little careful about its disk as our Redis is.
 */
final class PostgresServer implements AutoCloseable {

	static final Map<String, String> SETTINGS = settings();

	private final EmbeddedPostgres postgres;

	private final long pid;

	PostgresServer(Path directory) throws IOException {
		Path data = directory.resolve("postgres");
		EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
			.setDataDirectory(data)
			.setCleanDataDirectory(true)
			.setErrorRedirector(ProcessBuilder.Redirect.DISCARD)
			.setOutputRedirector(ProcessBuilder.Redirect.DISCARD);
		SETTINGS.forEach(builder::setServerConfig);
		this.postgres = builder.start();
		this.pid = Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).get(0).trim());
	}

	private static Map<String, String> settings() {
		Map<String, String> settings = new LinkedHashMap<>();
		settings.put("fsync", "off");
		settings.put("synchronous_commit", "off");
		settings.put("full_page_writes", "off");
		settings.put("shared_buffers", "512MB");
		settings.put("max_wal_size", "4GB");
		settings.put("max_connections", "100");
		return settings;
	}

	String jdbcUrl() {
		return this.postgres.getJdbcUrl("postgres", "postgres");
	}

	/**
	 * Reads what PostgreSQL did so far: only its CPU time is comparable.
	 */
	StoreUsage usage() {
		long children = ProcessHandle.of(this.pid)
			.stream()
			.flatMap(ProcessHandle::children)
			.mapToLong((child) -> ProcessTable.cpuMicros(child.pid()))
			.sum();
		return new StoreUsage(0, 0, ProcessTable.cpuMicros(this.pid) + children);
	}

	@Override
	public void close() throws IOException {
		this.postgres.close();
	}

}
