package io.rq.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds the pages together: links lead somewhere, and the index lists all of them.
 */
class DocumentationTests {

	private final Documentation documentation = Documentation.read(Path.of(".."));

	@Test
	void everyLinkLeadsToAPageAnAnchorOrAFile() {
		assertThat(this.documentation.brokenLinks()).isEmpty();
	}

	@Test
	void theIndexListsEveryPageOnce() throws IOException {
		Page index = Objects.requireNonNull(this.documentation.page(Documentation.INDEX));
		List<String> listed = Navigation.of(index).entries().stream().map(Navigation.Entry::path).toList();
		try (Stream<Path> files = Files.list(Path.of("../docs"))) {
			assertThat(listed).doesNotHaveDuplicates()
				.containsAll(files.map((file) -> "docs/" + file.getFileName())
					.filter((path) -> path.endsWith(".md") && !path.equals(Documentation.INDEX))
					.toList());
		}
	}

	/** A link of the Markdown leads to the same heading on the site and on a git host. */
	@Test
	void anchorsAreThoseOfGitHosts() {
		assertThat(this.documentation.pages()).isNotEmpty()
			.allSatisfy((page) -> page.anchors()
				.forEach((heading, anchor) -> assertThat(anchor.replaceFirst("-\\d+$", "")).as(page.path())
					.isEqualTo(Page.text(heading)
						.toLowerCase(Locale.ROOT)
						.replaceAll("[^\\p{L}\\p{N}\\s_-]", "")
						.replaceAll("\\s", "-")
						.replaceFirst("-\\d+$", ""))));
	}

}
