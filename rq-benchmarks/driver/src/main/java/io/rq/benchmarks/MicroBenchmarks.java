package io.rq.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs the JMH benchmarks in a process of their own.
 */
final class MicroBenchmarks {

	private final Options options;

	MicroBenchmarks(Options options) {
		this.options = options;
	}

	/**
	 * Runs them all.
	 * @return a line for each
	 */
	List<String> run() throws IOException {
		Path target = this.options.directory().resolve("micro/target");
		Path results = this.options.output().resolve("jmh.json");
		String classpath = target.resolve("classes") + File.pathSeparator
				+ Files.readString(target.resolve("classpath.txt")).trim();
		String iterations = this.options.quick() ? "1" : "3";
		Shell.output(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", classpath,
				"org.openjdk.jmh.Main", "-wi", iterations, "-i", iterations, "-prof", "gc", "-rf", "json", "-rff",
				results.toString()));
		List<String> lines = new ArrayList<>();
		for (JsonNode result : new JsonMapper().readTree(results)) {
			lines.add(line(result));
		}
		return lines;
	}

	private static String line(JsonNode result) {
		String name = result.get("benchmark").asString().replaceAll(".*\\.(\\w+\\.\\w+)$", "$1");
		double bytes = 0;
		for (var metric : result.get("secondaryMetrics").properties()) {
			if (metric.getKey().endsWith("gc.alloc.rate.norm")) {
				bytes = metric.getValue().get("score").asDouble();
			}
		}
		return String.format(Locale.ROOT, "%s: %,.0f ns, %,.0f bytes", name,
				result.get("primaryMetric").get("score").asDouble(), bytes);
	}

}
