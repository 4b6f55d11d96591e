package io.rq.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

import tools.jackson.databind.json.JsonMapper;

/**
 * What was measured. Each value is written as a line of JSON as soon as it is known.
 */
final class Results implements AutoCloseable {

	private static final JsonMapper JSON = new JsonMapper();

	private final Map<String, List<Double>> values = new LinkedHashMap<>();

	private final Map<String, Latencies> latencies = new LinkedHashMap<>();

	private final Map<String, String> versions = new LinkedHashMap<>();

	private final List<String> remarks = new ArrayList<>();

	private final Writer lines;

	Results(Path file) throws IOException {
		this.lines = Files.newBufferedWriter(file);
	}

	void add(int round, SystemSpec system, Measure measure, double value) {
		this.values.computeIfAbsent(key(system.name(), measure), (key) -> new ArrayList<>()).add(value);
		Map<String, Object> line = line(round, system, measure.id());
		line.put("value", value);
		line.put("unit", measure.unit());
		write(line);
	}

	void add(int round, SystemSpec system, LatencyMeasure measure, Latencies added) {
		this.latencies.computeIfAbsent(key(system.name(), measure), (key) -> new Latencies()).add(added);
		Map<String, Object> line = line(round, system, measure.id());
		line.put("count", added.count());
		line.put("unit", "ms");
		if (!added.isEmpty()) {
			line.put("min", added.earliestMillis());
			line.put("p50", added.millisAt(50));
			line.put("p99", added.millisAt(99));
			line.put("p99.9", added.millisAt(99.9));
			line.put("max", added.maxMillis());
			line.put("early", added.early());
		}
		write(line);
	}

	private static Map<String, Object> line(int round, SystemSpec system, String measure) {
		Map<String, Object> line = new LinkedHashMap<>();
		line.put("round", round);
		line.put("system", system.name());
		line.put("measure", measure);
		return line;
	}

	/**
	 * Notes something a reader of the report has to know.
	 */
	void remark(int round, SystemSpec system, String text) {
		String remark = system.title() + ", round " + round + ": " + text;
		this.remarks.add(remark);
		write(Map.of("round", round, "system", system.name(), "remark", text));
		System.out.println("      " + remark);
	}

	void version(SystemSpec system, String version) {
		this.versions.put(system.name(), version);
	}

	private void write(Map<String, Object> line) {
		try {
			this.lines.write(JSON.writeValueAsString(line) + "\n");
			this.lines.flush();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	Optional<Spread> spread(String system, Measure measure) {
		return Optional.ofNullable(this.values.get(key(system, measure))).map(Spread::of);
	}

	/** Returns the ratios of two systems, each within a round. */
	Optional<Spread> ratios(String system, String peer, Measure measure) {
		List<Double> ours = this.values.getOrDefault(key(system, measure), List.of());
		List<Double> theirs = this.values.getOrDefault(key(peer, measure), List.of());
		if (ours.isEmpty() || ours.size() != theirs.size()) {
			return Optional.empty();
		}
		return Optional
			.of(Spread.of(IntStream.range(0, ours.size()).mapToObj((i) -> ours.get(i) / theirs.get(i)).toList()));
	}

	Optional<Latencies> latencies(String system, LatencyMeasure measure) {
		return Optional.ofNullable(this.latencies.get(key(system, measure))).filter((found) -> !found.isEmpty());
	}

	String version(SystemSpec system) {
		return this.versions.getOrDefault(system.name(), "?");
	}

	List<String> remarks() {
		return this.remarks;
	}

	private static String key(String system, Enum<?> measure) {
		return system + "/" + measure.getClass().getSimpleName() + "." + measure.name();
	}

	@Override
	public void close() throws IOException {
		this.lines.close();
	}

}
