package io.rq.docs;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Looks at the site as it was built.
 */
class SiteTests {

	private static final Path SITE = Path.of("target/site").toAbsolutePath();

	@Test
	void pagesLinkToEachOtherAsHtml() throws IOException {
		assertThat(SITE.resolve("docs/cron.html")).content()
			.contains("<link rel=\"stylesheet\" href=\"../site.css\">",
					"<li><a href=\"../docs/cron.html\" aria-current=\"page\">Recurring jobs</a></li>",
					"<h2 id=\"operations\">", "href=\"semantics.html\"");
		assertThat(SITE.resolve("index.html")).content().contains("href=\"docs/cron.html\"");
		try (Stream<Path> files = Files.walk(SITE)) {
			assertThat(files.filter((file) -> file.toString().endsWith(".html"))).hasSizeGreaterThan(20)
				.allSatisfy(
						(file) -> assertThat(file).content().doesNotContainPattern("href=\"(?!http)[^\"]*\\.md\\b"));
		}
	}

	@Test
	void theSearchNeedsNoServer(@TempDir Path profile) throws Exception {
		Optional<Path> browser = browser();
		if (browser.isEmpty()) {
			assumeTrue(Boolean.parseBoolean(System.getenv("CI")), "chromium is not here");
		}
		Process process = new ProcessBuilder(List.of(browser.orElseThrow().toString(), "--headless", "--no-sandbox",
				"--disable-gpu", "--user-data-dir=" + profile, "--virtual-time-budget=30000", "--dump-dom",
				SITE.resolve("search.html").toUri() + "?q=misfire+policy"))
			.redirectError(ProcessBuilder.Redirect.DISCARD)
			.start();
		CompletableFuture.delayedExecutor(50, TimeUnit.SECONDS).execute(process::destroyForcibly);
		String page = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(page).contains("<li><a href=\"docs/cron.html#cron\">Cron</a>");
	}

	private static Optional<Path> browser() {
		return Stream.of(System.getenv("PATH").split(File.pathSeparator))
			.flatMap((folder) -> Stream.of(Path.of(folder, "chromium"), Path.of(folder, "chromium-browser")))
			.filter(Files::isExecutable)
			.findFirst();
	}

}
