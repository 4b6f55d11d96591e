package io.rq.redis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import io.rq.job.JobStatus;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds {@link JobField} against the scripts and against docs/protocol.md, which
 * {@link ProtocolTests} holds against what is in Redis.
 */
class JobFieldTests {

	private static final Path SCRIPTS = Path.of("src/main/resources/io/rq/redis");

	private static final Pattern WORD = Pattern.compile("'([a-z]+(?:_[a-z]+)*)'");

	private static final Pattern NAME = Pattern.compile("`([^`]+)`");

	/** The types of Lua and Redis that scripts ask for. */
	private static final Set<String> TYPES = Set.of("string", "number", "table", "none", "list", "zset");

	/** What scripts are told, reply or tell each other. */
	private static final Set<String> MESSAGES = Set.of("child", "down", "dropped", "joined", "left", "limit", "moved",
			"namesake", "parent", "parents", "requeued", "retried", "server", "whole");

	private final Set<String> jobFields = new TreeSet<>();

	private final Set<String> otherFields = new TreeSet<>();

	JobFieldTests() throws IOException {
		String described = "";
		for (String line : Files.readAllLines(Path.of("..", "docs", "protocol.md"))) {
			String[] cells = line.split(" \\| ");
			if (line.startsWith("| field of ")) {
				described = cells[0];
			}
			else if (!line.startsWith("|")) {
				described = "";
			}
			else if (line.startsWith("| `") && described.contains("`rq:job:<id>`")) {
				if (!cells[2].equals("–") || !cells[3].equals("– |")) {
					this.jobFields.addAll(names(cells[0]));
				}
			}
			else if (line.startsWith("| `") && !described.isEmpty()) {
				this.otherFields.addAll(names(cells[0]));
			}
		}
	}

	private static List<String> names(String cell) {
		return NAME.matcher(cell).results().map((match) -> match.group(1)).toList();
	}

	private static Set<String> words() throws IOException {
		try (Stream<Path> files = Files.walk(SCRIPTS)) {
			List<String> lines = new ArrayList<>();
			for (Path file : files.filter((path) -> path.toString().endsWith(".lua")).toList()) {
				lines.addAll(code(Files.readString(file)));
			}
			return lines.stream()
				.flatMap((line) -> WORD.matcher(line).results())
				.map((match) -> match.group(1))
				.collect(Collectors.toCollection(TreeSet::new));
		}
	}

	private static List<String> code(String text) {
		return text.substring(text.indexOf("]]") + 1).lines().filter((line) -> !line.strip().startsWith("--")).toList();
	}

	private static Set<String> fields() {
		return Stream.of(JobField.values()).map(JobField::text).collect(Collectors.toCollection(TreeSet::new));
	}

	@Test
	void everyFieldThatIsWrittenOrReadIsInTheDocumentAndTheOtherWayRound() {
		assertThat(fields()).isEqualTo(this.jobFields);
	}

	@Test
	void everyWordInQuotesInAScriptIsAFieldOrKnownToBeAnother() throws IOException {
		Set<String> unknown = words();
		unknown.removeAll(fields());
		unknown.removeAll(this.otherFields);
		Stream.of(JobStatus.values()).map(JobStatus::value).forEach(unknown::remove);
		Stream.of(MaintenanceStore.Chore.values())
			.map((chore) -> chore.name().toLowerCase(Locale.ROOT))
			.forEach(unknown::remove);
		assertThat(unknown).containsExactlyInAnyOrderElementsOf(
				Stream.of(TYPES, MESSAGES).flatMap(Set::stream).collect(Collectors.toSet()));
	}

	@Test
	void everyFieldThatJavaDoesNotTouchIsOneThatAScriptNeeds() throws IOException {
		Set<String> touched = new TreeSet<>();
		try (Stream<Path> files = Files.list(Path.of("src/main/java/io/rq/redis"))) {
			for (Path file : files.filter(Files::isRegularFile)
				.filter((path) -> !path.endsWith("JobField.java"))
				.toList()) {
				String text = Files.readString(file);
				Stream.of(JobField.values())
					.filter((field) -> text.matches("(?s).*JobField\\." + field.name() + "\\b.*"))
					.forEach((field) -> touched.add(field.text()));
			}
		}
		Set<String> untouched = fields();
		untouched.removeAll(touched);
		assertThat(words()).containsAll(untouched);
	}

	@Test
	void linksAreWhatTheEndOfAJobAsksFor() throws IOException {
		String links = JobField.LINKS.stream()
			.map((field) -> "'" + field.text() + "'")
			.collect(Collectors.joining(", "));
		assertThat(Files.readString(SCRIPTS.resolve("finish.lua")))
			.contains("redis.pcall('HMGET', job, " + links + ")");
	}

}
