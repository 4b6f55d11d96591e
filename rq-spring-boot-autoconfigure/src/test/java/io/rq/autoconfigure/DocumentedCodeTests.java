package io.rq.autoconfigure;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the code in the documentation: what a reader pastes compiles, with the
 * imports that an editor adds, and binds.
 */
class DocumentedCodeTests {

	private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

	/** Needs the modules for tests, and is compiled there. */
	private static final String TESTING = "testing.md";

	private static final Pattern BLOCK = Pattern.compile("(?ms)^( *)```(java|yaml)\\n(.*?)^ *```$");

	private static final Pattern TYPE = Pattern.compile("(?ms)^(@[^\\n]*\\n)*[\\w ]*(class|record|interface) .*");

	private static final Pattern IMPORT = Pattern.compile("(?m)^import .*;$");

	/** What an editor finds by itself, and the beans that all snippets have. */
	private static final String SURROUNDINGS = """
			import io.rq.annotation.*;
			import io.rq.cron.*;
			import io.rq.explain.*;
			import io.rq.history.*;
			import io.rq.job.*;
			import io.rq.operations.*;
			import io.rq.queue.*;
			import io.rq.template.*;
			import io.rq.worker.*;
			import java.time.*;
			import java.util.*;
			import org.springframework.beans.factory.annotation.*;
			import org.springframework.boot.*;
			import org.springframework.boot.task.*;
			import org.springframework.context.annotation.*;
			import org.springframework.context.event.EventListener;
			import org.springframework.stereotype.*;
			import org.springframework.transaction.annotation.*;

			class Surroundings {

				JobTemplate jobs;

				JobExplainer explainer;

				RqOperations operations;

			}
			""";

	static Stream<Path> documents() throws IOException {
		try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
			return Stream.concat(Stream.of(ROOT.resolve("README.md")), docs.sorted().toList().stream())
				.filter((file) -> file.toString().endsWith(".md") && !file.endsWith(TESTING))
				.filter((file) -> !blocks(file, "java").isEmpty());
		}
	}

	private static List<String> blocks(Path document, String language) {
		try {
			List<String> blocks = new ArrayList<>();
			Matcher matcher = BLOCK.matcher(Files.readString(document));
			while (matcher.find()) {
				if (matcher.group(2).equals(language)) {
					blocks.add(matcher.group(3).replaceAll("(?m)^" + matcher.group(1), ""));
				}
			}
			return blocks;
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@ParameterizedTest
	@MethodSource("documents")
	void javaCompiles(Path document, @TempDir Path directory) throws IOException {
		StringBuilder imports = new StringBuilder();
		StringBuilder types = new StringBuilder();
		StringBuilder members = new StringBuilder();
		int methods = 0;
		for (String block : blocks(document, "java")) {
			IMPORT.matcher(block).results().forEach((line) -> imports.append(line.group()).append('\n'));
			String code = IMPORT.matcher(block).replaceAll("").strip();
			if (TYPE.matcher(code).matches()) {
				types.append(code).append('\n');
				continue;
			}
			for (String part : parts(code)) {
				members.append(part.startsWith("@") ? part : "void method" + methods++ + "() {\n" + part + "\n}")
					.append('\n');
			}
		}
		Path source = Files.writeString(directory.resolve("Surroundings.java"),
				imports + SURROUNDINGS + types + "class Snippets extends Surroundings {\n" + members + "}\n");
		assertThat(compile(source)).as(document.getFileName() + " as " + Files.readString(source)).isEmpty();
	}

	/** Members begin with an annotation; what follows a field are statements. */
	private static List<String> parts(String code) {
		if (!code.startsWith("@")) {
			return List.of(code);
		}
		int end = code.indexOf("\n\n");
		boolean field = end >= 0 && !code.substring(0, end).contains("{");
		return field ? List.of(code.substring(0, end), code.substring(end).strip()) : List.of(code);
	}

	private static String compile(Path source) {
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		StringWriter output = new StringWriter();
		List<String> options = List.of("-proc:none", "-parameters", "-d", source.getParent().toString(), "-classpath",
				System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
		boolean compiled = compiler
			.getTask(output, null, null, options, null,
					compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8).getJavaFileObjects(source))
			.call();
		return compiled ? "" : output.toString();
	}

	@Test
	void yamlOfTheReadmeBinds() throws IOException {
		List<String> blocks = blocks(ROOT.resolve("README.md"), "yaml");
		assertThat(blocks).isNotEmpty();
		for (String block : blocks) {
			Binder binder = new Binder(ConfigurationPropertySources.from(new YamlPropertySourceLoader().load("readme",
					new ByteArrayResource(block.getBytes(StandardCharsets.UTF_8)))));
			assertThat(binder
				.bindOrCreate("rq", Bindable.of(RqProperties.class),
						new NoUnboundElementsBindHandler(BindHandler.DEFAULT))
				.worker()
				.queues()).containsExactly("high", "mail", "default");
		}
	}

}
