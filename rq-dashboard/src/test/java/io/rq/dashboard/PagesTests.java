package io.rq.dashboard;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

import org.junit.jupiter.api.Test;

import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Pages} and the static files.
 */
class PagesTests {

	private static final String ROOT = "io/rq/dashboard/page/";

	private static final List<String> LIBRARIES = List.of("uplot.js", "uplot.css");

	private final Pages pages = new Pages();

	private static List<String> names() throws IOException {
		List<String> names = new ArrayList<>();
		for (Resource file : new PathMatchingResourcePatternResolver().getResources("classpath:" + ROOT + "**/*.*")) {
			String address = file.getURL().toString();
			names.add(address.substring(address.indexOf(ROOT) + ROOT.length()));
		}
		return names;
	}

	private String text(String name) {
		Answer file = this.pages.find(name);
		assertThat(file).as(name).isNotNull();
		return new String(file.body(), StandardCharsets.UTF_8);
	}

	@Test
	void everyFileIsServedAndAllAreSmall() throws IOException {
		int size = 0;
		for (String name : Stream.concat(names().stream(), LIBRARIES.stream()).toList()) {
			ByteArrayOutputStream wire = new ByteArrayOutputStream();
			try (GZIPOutputStream gzip = new GZIPOutputStream(wire)) {
				gzip.write(text(name).getBytes(StandardCharsets.UTF_8));
			}
			size += wire.size();
		}
		assertThat(size).isBetween(1, 150_000);
	}

	@Test
	void nothingIsWrittenThatThePolicyForbids() throws IOException {
		assertThat(text("index.html")).doesNotContain("<style", " style=")
			.doesNotContainPattern("\\son\\w+=")
			.doesNotContainPattern("<script(?![^>]*\\ssrc=)");
		for (String name : names()) {
			String text = text(name);
			if (name.endsWith(".js")) {
				assertThat(text).as(name)
					.doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(",
							"new Function", ".style.", "javascript:")
					.doesNotContainPattern("h\\('\\w+', \\{[^}]*\\bstyle:");
			}
			assertThat(text.replace("http://www.w3.org/2000/svg", "")).as(name)
				.doesNotContain("http:", "https:", "@import");
		}
	}

	/** Styles set one by one are not those that the policy forbids. */
	@Test
	void librariesBuildNoMarkupAndLoadNothing() {
		for (String name : LIBRARIES) {
			assertThat(text(name).replace("https://github.com/leeoniya/uPlot", "")).as(name)
				.isNotEmpty()
				.doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(",
						"new Function", "cssText", "setAttribute(", "@import", "url(", "://");
		}
	}

	@Test
	void modulesImportWhatIsThereOnly() throws IOException {
		Pattern imports = Pattern.compile("import (?:\\* as \\w+|\\{([^}]*)}) from '([^']+)'");
		for (String name : names()) {
			if (!name.endsWith(".js")) {
				continue;
			}
			for (MatchResult found : imports.matcher(text(name)).results().toList()) {
				String folder = name.startsWith("pages/") && found.group(2).startsWith("./") ? "pages/" : "";
				String imported = text(folder + found.group(2).replaceFirst("^\\.{1,2}/", ""));
				if (found.group(1) != null) {
					for (String exported : found.group(1).split(",")) {
						assertThat(imported).as(name)
							.containsPattern("export (async )?(function|const|class) " + exported.strip() + "\\b");
					}
				}
			}
		}
	}

	@Test
	void otherNamesAreNotFound() {
		for (String name : List.of("", "../Pages.class", "pages/../app.js", "none.js", "app.js/",
				"package-info.class")) {
			assertThat(this.pages.find(name)).as(name).isNull();
		}
	}

}
