package io.rq.architecture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds docs/internals.md: what it names exists where it says, and it names every script.
 */
class InternalsTests {

	private static final Path SOURCES = Path.of("src", "main");

	private static final Pattern CLASS = Pattern.compile("`(([a-z]+\\.)*)([A-Z]\\w*[a-z]\\w*)`");

	private static final Pattern SCRIPT = Pattern.compile("\\*\\*([\\w-]+\\.lua)\\*\\*");

	private final String document = Files.readString(Path.of("..", "docs", "internals.md"));

	InternalsTests() throws IOException {
	}

	@Test
	void everyClassItNamesIsInThePackageItNames() throws IOException {
		List<String> sources;
		try (Stream<Path> files = Files.walk(SOURCES)) {
			sources = files.map((file) -> file.toString().replace('\\', '/')).toList();
		}
		List<MatchResult> named = CLASS.matcher(this.document).results().toList();
		assertThat(named).hasSizeGreaterThan(40);
		for (MatchResult name : named) {
			String file = "/" + name.group(1).replace('.', '/') + name.group(3) + ".java";
			if (!name.group().equals("`Clock`")) {
				assertThat(sources).as("sources with " + name.group()).anyMatch((source) -> source.endsWith(file));
			}
		}
	}

	@Test
	void itNamesEveryScript() throws IOException {
		Set<String> named = SCRIPT.matcher(this.document)
			.results()
			.map((match) -> match.group(1))
			.collect(Collectors.toCollection(TreeSet::new));
		try (Stream<Path> files = Files.list(SOURCES.resolve("resources/io/rq/redis"))) {
			assertThat(files.map((file) -> file.getFileName().toString()).filter((name) -> name.endsWith(".lua")))
				.containsExactlyInAnyOrderElementsOf(named);
		}
	}

}
