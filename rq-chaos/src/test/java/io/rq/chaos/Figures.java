package io.rq.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import io.rq.test.RedisClients;

/**
 * Writes the rows of the table in docs/reliability.md as they were measured.
 */
final class Figures {

	private static final Path FILE = Path.of("target", "reliability.md");

	private Figures() {
	}

	static void add(String fault, Audit audit, int doubled, @Nullable Duration recovery) {
		String row = "| %s (%s) | %d | %d | %d | %d | %s |%n".formatted(fault, RedisClients.name(), audit.jobs(),
				audit.refused(), audit.lost().size(), doubled,
				(recovery != null) ? String.format(Locale.ROOT, "%.1f s", recovery.toMillis() / 1000.0) : "");
		try {
			Files.createDirectories(FILE.getParent());
			Files.writeString(FILE, row, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		System.out.print(row);
	}

}
