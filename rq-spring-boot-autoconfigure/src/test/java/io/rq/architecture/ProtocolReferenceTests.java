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
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds docs/protocol.md, docs/weak-points.md and docs/conventions.md together with the
 * code: what either says of the other exists.
 */
class ProtocolReferenceTests {

	private static final Path ROOT = Path.of("..");

	private static final String DOCUMENT = read(ROOT.resolve("docs/protocol.md"));

	private static final String WEAK_POINTS = read(ROOT.resolve("docs/weak-points.md"));

	private static final String CONVENTIONS = read(ROOT.resolve("docs/conventions.md"));

	private static final Pattern SECTION = Pattern.compile("(?m)^#{2,3} (\\d+(\\.\\d+)?)\\.? ");

	private static final Pattern IN_DOCUMENT = Pattern.compile("§(\\d+(\\.\\d+)?)");

	private static final Pattern IN_CODE = Pattern.compile("protocol[\\s*]+§?(\\d+(\\.\\d+)?)");

	private static final Pattern WEAK_POINT = Pattern
		.compile("(?m)^\\| (W\\d+) \\| [^|]+\\. \\| [^|]+\\. \\| (.+) \\|$");

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
		Set<String> rows = found(WEAK_POINT, WEAK_POINTS);
		for (Path file : files()) {
			Set<String> named = found(WEAK_POINT_NAMED, read(file));
			named.remove("W34");
			assertThat(rows).as("weak points named in " + file).containsAll(named);
		}
	}

	@Test
	void everyWeakPointIsThereWithTheTestsThatShowIt() {
		List<MatchResult> rows = WEAK_POINT.matcher(WEAK_POINTS).results().toList();
		assertThat(rows).extracting((row) -> row.group(1))
			.containsExactlyElementsOf(
					IntStream.rangeClosed(1, 44).filter((i) -> i != 34).mapToObj((i) -> "W" + i).toList());
		assertThat(rows)
			.allSatisfy((row) -> assertThat(row.group(2)).as(row.group(1)).matches("(`\\w+Tests\\.\\w+`(, (?=`)|$))+"));
	}

	@Test
	void everyTestOfAWeakPointSaysSo() throws IOException {
		List<Path> files = files();
		for (MatchResult row : WEAK_POINT.matcher(WEAK_POINTS).results().toList()) {
			for (MatchResult test : TEST.matcher(row.group(2)).results().toList()) {
				assertThat(headings(files, test)).as(row.group(1) + " in the Javadoc of " + test.group())
					.anyMatch((heading) -> found(WEAK_POINT_NAMED, heading).contains(row.group(1)));
			}
		}
	}

	@Test
	void everyTestThatIsNamedExists() throws IOException {
		List<Path> files = files();
		for (MatchResult test : TEST.matcher(DOCUMENT + WEAK_POINTS + CONVENTIONS).results().toList()) {
			assertThat(headings(files, test)).as("tests named " + test.group()).isNotEmpty();
		}
	}

	/** What stands before the methods of a name, in all classes of a name. */
	private static List<String> headings(List<Path> files, MatchResult test) {
		String method = (test.group(3) != null) ? "\tvoid " + test.group(3) + "(" : "class " + test.group(1);
		return files.stream()
			.filter((file) -> file.endsWith(test.group(1) + ".java"))
			.map(ProtocolReferenceTests::read)
			.filter((text) -> text.contains(method))
			.map((text) -> text.substring(0, text.indexOf(method)))
			.map((text) -> text.substring(text.lastIndexOf("\n\n") + 1))
			.toList();
	}

}
