package io.rq.docs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the Java code in the documentation. What begins with a package or an import
 * and has a type is a file, which compiles as it stands; the rest of a page compiles with
 * the imports that an editor adds.
 */
class DocumentedCodeTests {

	private static final Pattern FILE = Pattern
		.compile("(?ms)\\A(package|import) .*^[\\w ]*\\b(class|record|interface) .*");

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

	static Map<String, List<String>> pages() {
		return CodeBlock.in("java")
			.stream()
			.collect(Collectors.groupingBy(CodeBlock::page, TreeMap::new,
					Collectors.mapping(CodeBlock::code, Collectors.toList())));
	}

	static List<String> names() {
		return List.copyOf(pages().keySet());
	}

	@ParameterizedTest
	@MethodSource("names")
	void javaCompiles(String page, @TempDir Path directory) {
		List<String> blocks = pages().get(page);
		List<String> sources = new ArrayList<>(
				blocks.stream().filter((block) -> FILE.matcher(block).matches()).toList());
		sources.add(snippets(blocks.stream().filter((block) -> !FILE.matcher(block).matches()).toList()));
		assertThat(SourceCompiler.compile(sources, directory)).as(page + " as " + sources).isEmpty();
	}

	private static String snippets(List<String> blocks) {
		StringBuilder imports = new StringBuilder();
		StringBuilder types = new StringBuilder();
		StringBuilder members = new StringBuilder();
		int methods = 0;
		for (String block : blocks) {
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
		return imports + SURROUNDINGS + types + "class Snippets extends Surroundings {\n" + members + "}\n";
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

}
