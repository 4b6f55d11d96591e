package io.rq.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
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
 * Holds docs/protocol.md together with the code: what either says of the other exists.
 */
class ProtocolReferenceTests {

	private static final Path ROOT = Path.of("..");

	private static final String DOCUMENT = read(ROOT.resolve("docs/protocol.md"));

	private static final Pattern SECTION = Pattern.compile("(?m)^#{2,3} (\\d+(\\.\\d+)?)\\.? ");

	private static final Pattern IN_DOCUMENT = Pattern.compile("§(\\d+(\\.\\d+)?)");

	private static final Pattern IN_CODE = Pattern.compile("protocol[\\s*]+§?(\\d+(\\.\\d+)?)");

	private static final Pattern WEAK_POINT = Pattern.compile("(?m)^\\| (W\\d+) \\|.*\\| (.+) \\|$");

	private static final Pattern WEAK_POINT_NAMED = Pattern.compile("\\bW\\d+\\b");

	private static final Pattern TEST = Pattern.compile("`(\\w+Tests)(\\.(\\w+))?`");

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** The sources and documents of all modules. */
	private static List<Path> files() throws IOException {
		try (Stream<Path> files = Files.walk(ROOT)) {
			return files.filter((file) -> file.toString().matches(".*\\.(java|lua|md)"))
				.filter((file) -> !file.toString().contains("/target/"))
				.toList();
		}
	}

	private static Set<String> found(Pattern pattern, String text) {
		return pattern.matcher(text)
			.results()
			.map((match) -> match.group((match.groupCount() > 0) ? 1 : 0))
			.collect(Collectors.toCollection(TreeSet::new));
	}

	@Test
	void everySectionThatIsReferredToExists() throws IOException {
		Set<String> sections = found(SECTION, DOCUMENT);
		assertThat(sections).containsAll(found(IN_DOCUMENT, DOCUMENT));
		int references = 0;
		for (Path file : files()) {
			Set<String> named = found(IN_CODE, read(file));
			assertThat(sections).as("sections named in " + file).containsAll(named);
			references += named.size();
		}
		assertThat(references).isGreaterThan(30);
	}

	@Test
	void everyWeakPointThatIsReferredToHasARow() throws IOException {
		Set<String> rows = found(WEAK_POINT, DOCUMENT);
		for (Path file : files()) {
			Set<String> named = found(WEAK_POINT_NAMED, read(file));
			named.remove("W34");
			assertThat(rows).as("weak points named in " + file).containsAll(named);
		}
	}

	@Test
	void everyWeakPointIsShownByATestOrBelongsToWhatIsNotYetHere() {
		List<MatchResult> rows = WEAK_POINT.matcher(DOCUMENT).results().toList();
		assertThat(rows).hasSize(43)
			.allSatisfy(
					(row) -> assertThat(row.group(2)).as(row.group(1)).matches("not yet here|(" + TEST + "(, )?)+"));
	}

	@Test
	void everyTestThatIsNamedExists() throws IOException {
		List<Path> files = files();
		for (MatchResult named : TEST.matcher(DOCUMENT).results().toList()) {
			String method = named.group(3);
			assertThat(files).as("files with " + named.group())
				.anyMatch((file) -> file.endsWith(named.group(1) + ".java")
						&& (method == null || read(file).contains("\tvoid " + method + "(")));
		}
	}

}
