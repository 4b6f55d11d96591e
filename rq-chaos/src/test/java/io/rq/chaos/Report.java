package io.rq.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import org.springframework.util.Assert;

/**
 * The tables of docs/reliability.md that come from runs by seed.
 */
final class Report {

	private static final String BEGIN = "<!-- chaos: begin -->";

	private static final String END = "<!-- chaos: end -->";

	/** Asked before the report itself changes a page. */
	private final String commit = commit();

	private final List<String> runs = new ArrayList<>();

	private final Map<String, List<Strike>> strikes = new TreeMap<>();

	/**
	 * Adds a run.
	 * @param name seed and ground
	 * @param audit what became of its jobs
	 * @param struck its faults
	 */
	void add(String name, ChaosAudit audit, List<Fault.Struck> struck) {
		String row = "| %s | %d | %d | %d | %d | %d | %d | %d | %s |".formatted(name, audit.jobs(), audit.refused(),
				audit.lost().size(), audit.stuck().size(), audit.doubled().size(), audit.endangered().size(),
				audit.immortal().size(), audit.use());
		System.out.println(row);
		this.runs.add(row);
		struck.forEach((one) -> this.strikes.computeIfAbsent(one.fault().kind(), (kind) -> new ArrayList<>())
			.add(one.strike()));
	}

	/**
	 * Writes what was added.
	 * @param file a file of its own, or a page with marks for the beginning and the end
	 */
	void write(Path file) {
		try {
			String page = Files.exists(file) ? Files.readString(file) : BEGIN + "\n" + END + "\n";
			int begin = page.indexOf(BEGIN);
			int end = page.indexOf(END);
			Assert.state(begin >= 0 && end > begin, () -> file + " lacks the lines " + BEGIN + " and " + END);
			Files.createDirectories(file.toAbsolutePath().getParent());
			Files.writeString(file, page.substring(0, begin + BEGIN.length()) + "\n" + text() + page.substring(end));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private String text() {
		StringBuilder text = new StringBuilder("Commit ").append(this.commit)
			.append(", JDK ")
			.append(Runtime.version().feature())
			.append(".\n\n");
		text.append(
				"| run | jobs | refused | lost | stuck | twice without a fault | twice after a fault | keys without an end"
						+ " | log lines per second | most threads | largest heap |\n|---|---|---|---|---|---|---|---|---|---|---|\n");
		this.runs.forEach((row) -> text.append(row).append('\n'));
		text.append("\n| fault | times | back, median | back, longest | bar |\n|---|---|---|---|---|\n");
		this.strikes.forEach((kind, strikes) -> text.append(row(kind, strikes)));
		return text.toString();
	}

	private static String row(String kind, List<Strike> strikes) {
		List<Duration> recoveries = strikes.stream().map(Strike::recovery).filter(Objects::nonNull).sorted().toList();
		if (recoveries.isEmpty()) {
			return "| %s | %d | – | – | – |%n".formatted(kind, strikes.size());
		}
		return "| %s | %d | %s | %s | %s |%n".formatted(kind, strikes.size(),
				seconds(recoveries.get(recoveries.size() / 2)), seconds(recoveries.get(recoveries.size() - 1)),
				seconds(Objects.requireNonNull(strikes.get(0).bar())));
	}

	private static String seconds(Duration duration) {
		return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
	}

	private static String commit() {
		try {
			Process git = new ProcessBuilder("git", "describe", "--always", "--dirty").start();
			String commit = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
			return commit.isEmpty() ? "unknown" : commit;
		}
		catch (IOException ex) {
			return "unknown";
		}
	}

}
