package io.rq.test;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the code in the documentation of tests: each example is a whole file and
 * compiles together with the others.
 */
class DocumentedTestsTests {

	private static final Path DOCUMENT = Path.of("").toAbsolutePath().resolveSibling("docs/testing.md");

	private static final Pattern EXAMPLE = Pattern.compile("(?ms)^```java\\n(.*?\\bclass (\\w+).*?)^```$");

	@Test
	void examplesCompile(@TempDir Path directory) throws IOException {
		List<Path> sources = new ArrayList<>();
		Matcher matcher = EXAMPLE.matcher(Files.readString(DOCUMENT));
		while (matcher.find()) {
			sources.add(Files.writeString(directory.resolve(matcher.group(2) + ".java"), matcher.group(1)));
		}
		assertThat(sources).hasSizeGreaterThan(4);
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		StringWriter output = new StringWriter();
		List<String> options = List.of("-proc:none", "-parameters", "-d", directory.toString(), "-classpath",
				System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
		boolean compiled = compiler
			.getTask(output, null, null, options, null,
					compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)
						.getJavaFileObjectsFromPaths(sources))
			.call();
		assertThat(compiled).as(output.toString()).isTrue();
	}

}
