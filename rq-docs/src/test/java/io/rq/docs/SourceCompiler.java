package io.rq.docs;

import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Compiles what stands in the documentation, with the class path of the tests.
 */
final class SourceCompiler {

	static final String CLASS_PATH = System.getProperty("surefire.test.class.path",
			System.getProperty("java.class.path"));

	private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();

	/** Keeps the jars open from one compilation to the next. */
	private static final StandardJavaFileManager FILES = COMPILER.getStandardFileManager(null, null,
			StandardCharsets.UTF_8);

	private SourceCompiler() {
	}

	/**
	 * Compiles files together.
	 * @param sources the texts of the files
	 * @param target directory for the classes
	 * @return what the compiler complains of, empty if it does not
	 */
	static String compile(List<String> sources, Path target) {
		StringWriter output = new StringWriter();
		List<String> options = List.of("-proc:none", "-parameters", "-d", target.toString(), "-classpath", CLASS_PATH);
		boolean compiled = COMPILER
			.getTask(output, FILES, null, options, null, sources.stream().map(Source::new).toList())
			.call();
		return compiled ? "" : output.toString();
	}

	private static final class Source extends SimpleJavaFileObject {

		private final String text;

		Source(String text) {
			super(URI.create("memory:/" + Integer.toHexString(text.hashCode()) + ".java"), Kind.SOURCE);
			this.text = text;
		}

		@Override
		public boolean isNameCompatible(String simpleName, Kind kind) {
			return true;
		}

		@Override
		public CharSequence getCharContent(boolean ignoreEncodingErrors) {
			return this.text;
		}

	}

}
