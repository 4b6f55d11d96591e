package io.rq.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The results as a Markdown document with pictures.
 */
final class Report {

	private static final List<Measure> THROUGHPUT = List.of(Measure.ENQUEUE_1, Measure.ENQUEUE_8, Measure.ENQUEUE_ALL,
			Measure.DRAIN, Measure.END_TO_END);

	private static final List<Measure> INSTALLED = List.of(Measure.INSTALLED_COLD, Measure.INSTALLED_WARM,
			Measure.INSTALLED_CPU, Measure.INSTALLED_READS);

	private static final List<Measure> COST = List.of(Measure.COMMANDS, Measure.ROUND_TRIPS, Measure.STORE_CPU,
			Measure.WORKER_CPU, Measure.ALLOCATED, Measure.RESIDENT, Measure.START, Measure.WAITING_BYTES,
			Measure.FINISHED_BYTES, Measure.ENQUEUE_COMMANDS, Measure.ENQUEUE_STORE_CPU);

	private static final List<Measure> BACKLOG = List.of(Measure.BACKLOG_SHORT, Measure.BACKLOG_LONG,
			Measure.BACKLOG_LONG_BYTES, Measure.BACKLOG_SCHEDULED, Measure.BACKLOG_SCHEDULED_BYTES);

	private static final List<Measure> GROWTH = List.of(Measure.GROWTH_DRAIN, Measure.GROWTH_READS,
			Measure.GROWTH_COMMANDS, Measure.GROWTH_CPU, Measure.GROWTH_HEAP, Measure.GROWTH_RESIDENT);

	private static final List<Measure> LIMIT = List.of(Measure.SCRIPTS_ENQUEUE, Measure.SCRIPTS_DRAIN,
			Measure.SCRIPTS_DRAIN_CPU, Measure.PING, Measure.PING_PIPELINED);

	private final Options options;

	private final Systems systems;

	private final Results results;

	private final Duration duration;

	private final StringBuilder text = new StringBuilder();

	Report(Options options, Systems systems, Results results, Duration duration) {
		this.options = options;
		this.systems = systems;
		this.results = results;
		this.duration = duration;
	}

	/**
	 * Writes the document and its pictures.
	 */
	Path write(List<String> micro) throws IOException {
		Path images = Files.createDirectories(this.options.output().resolve("images"));
		heading();
		section("As installed", installed());
		throughput(images);
		for (LatencyMeasure measure : LatencyMeasure.values()) {
			latency(measure, images);
		}
		section("Cost of a job", byMeasure(COST, this.systems.available()));
		section("Backlog: " + number(this.options.backlogWaiting()) + " waiting, "
				+ number(this.options.backlogScheduled()) + " scheduled", backlog());
		section("Growth, as installed", byMeasure(GROWTH, this.systems.grown()));
		section("Redis alone", byMeasure(LIMIT, List.of(PhysicalLimit.SPEC)));
		section("Inside the process (JMH)", bullets(micro.stream()));
		section("Remarks", bullets(this.results.remarks().stream()));
		Path file = this.options.output().resolve("report.md");
		Files.writeString(file, this.text);
		return file;
	}

	private void heading() {
		this.text.append("# Benchmark results\n\n");
		line(LocalDate.now() + ", " + this.options.rounds() + " rounds in turns, " + this.duration.toSeconds()
				+ " s in all" + (this.options.quick() ? ", short form" : "") + ". Median (smallest to largest). "
				+ "A job has a string of 50 characters and an int, and counts.");
		line(bullets(Machine.facts().stream()));
		line(bullets(Stream.of("JVM flags: `" + String.join(" ", this.options.jvmFlags()) + "`")));
		MarkdownTable table = new MarkdownTable(List.of("system", "version", "jobs at a time", "jobs drained"));
		for (SystemSpec system : this.systems.available()) {
			table.row(system.title(), List.of(this.results.version(system), Integer.toString(system.concurrency()),
					number(this.options.drainJobs(system))));
		}
		line(table.toString());
		section("Not measured", bullets(
				this.systems.absent().entrySet().stream().map((entry) -> entry.getKey() + ": " + entry.getValue())));
	}

	/**
	 * Ours with the defaults of all beside the peer, and how many times as fast it is.
	 */
	private String installed() {
		List<SystemSpec> measured = this.systems.installed()
			.stream()
			.filter((system) -> this.results.spread(system.name(), Measure.INSTALLED_COLD).isPresent())
			.toList();
		if (measured.isEmpty()) {
			return "";
		}
		return bySystem(INSTALLED, measured) + "\n" + bullets(measured.stream().flatMap(this::timesAsFast));
	}

	private Stream<String> timesAsFast(SystemSpec system) {
		return this.systems.installed()
			.stream()
			.filter((peer) -> peer.name().startsWith("bullmq") && !peer.equals(system))
			.flatMap((peer) -> Stream.of(Measure.INSTALLED_COLD, Measure.INSTALLED_WARM)
				.flatMap((measure) -> this.results.ratios(system.name(), peer.name(), measure)
					.map((ratio) -> String.format(Locale.ROOT, "%s, %s: %.2f × %s, round by round %.2f to %.2f%s",
							system.title(), measure.title(), ratio.median(), peer.title(), ratio.min(), ratio.max(),
							ratio.isDecided() ? "" : ": not decided, the rounds differ too much"))
					.stream()));
	}

	private void throughput(Path images) throws IOException {
		section("Throughput in jobs per second", bySystem(THROUGHPUT, this.systems.available()));
		BarChart chart = new BarChart("Jobs per second, median, smallest and largest");
		for (Measure measure : THROUGHPUT) {
			chart.group(measure.title());
			for (SystemSpec system : this.systems.available()) {
				this.results.spread(system.name(), measure)
					.ifPresent((spread) -> chart.bar(system.title(), spread, system.name().equals(Systems.OURS)));
			}
		}
		Files.writeString(images.resolve("throughput.svg"), chart.toString());
		line("![Throughput](images/throughput.svg)");
		section("Times as fast as the peers", ratios());
	}

	private String ratios() {
		MarkdownTable table = new MarkdownTable(head("compared with", THROUGHPUT, Measure::title));
		this.systems.available()
			.stream()
			.filter((system) -> !system.name().equals(Systems.OURS))
			.forEach((system) -> table.row(system.title(), cells(THROUGHPUT, (measure) -> ratio(system, measure))));
		return table.isEmpty() ? "" : table.toString();
	}

	private Optional<String> ratio(SystemSpec system, Measure measure) {
		return this.results.spread(Systems.OURS, measure)
			.flatMap((ours) -> this.results.spread(system.name(), measure)
				.map((theirs) -> String.format(Locale.ROOT, "%.2f", ours.median() / theirs.median())));
	}

	private void latency(LatencyMeasure measure, Path images) throws IOException {
		MarkdownTable table = new MarkdownTable(
				List.of("ms", "earliest", "p50", "p99", "p99.9", "max", "jobs", "before due"));
		String title = measure.title().substring(0, 1).toUpperCase(Locale.ROOT) + measure.title().substring(1);
		DistributionChart chart = new DistributionChart(title + ", ms");
		Stream.of(this.systems.installed(), this.systems.available(), List.of(PhysicalLimit.SPEC))
			.flatMap(List::stream)
			.forEach((system) -> {
				this.results.latencies(system.name(), measure).ifPresent((latencies) -> {
					table.row(system.title(), latencyCells(latencies));
					chart.line(system.title(), latencies, system.name().equals(Systems.OURS));
				});
			});
		if (table.isEmpty()) {
			return;
		}
		section(title, table.toString());
		if (measure != LatencyMeasure.PING) {
			String image = "latency-" + measure.id() + ".svg";
			Files.writeString(images.resolve(image), chart.toString());
			line("![" + measure.title() + "](images/" + image + ")");
		}
		if (measure == LatencyMeasure.LOADED) {
			line(bySystem(List.of(Measure.LOAD), this.systems.available()));
		}
	}

	private static List<String> latencyCells(Latencies latencies) {
		return List.of(millis(latencies.earliestMillis()), millis(latencies.millisAt(50)),
				millis(latencies.millisAt(99)), millis(latencies.millisAt(99.9)), millis(latencies.maxMillis()),
				number(latencies.count()), number(latencies.early()));
	}

	private String backlog() {
		List<SystemSpec> measured = this.systems.available()
			.stream()
			.filter((system) -> this.results.spread(system.name(), Measure.BACKLOG_SHORT).isPresent())
			.toList();
		return measured.isEmpty() ? "" : byMeasure(BACKLOG, measured);
	}

	/**
	 * A table with a row for each system.
	 */
	private String bySystem(List<Measure> measures, List<SystemSpec> systems) {
		MarkdownTable table = new MarkdownTable(head("", measures, Measure::title));
		systems.forEach((system) -> table.row(system.title(), cells(measures, (measure) -> spread(system, measure))));
		return table.toString();
	}

	/**
	 * A table with a row for each measure.
	 */
	private String byMeasure(List<Measure> measures, List<SystemSpec> systems) {
		MarkdownTable table = new MarkdownTable(head("", systems, SystemSpec::title));
		measures
			.forEach((measure) -> table.row(measure.title() + (measure.unit().isEmpty() ? "" : ", " + measure.unit()),
					cells(systems, (system) -> spread(system, measure))));
		return table.toString();
	}

	private Optional<String> spread(SystemSpec system, Measure measure) {
		return this.results.spread(system.name(), measure).map((spread) -> {
			String median = number(spread.median());
			return (spread.min() == spread.max()) ? median
					: median + " (" + number(spread.min()) + "–" + number(spread.max()) + ")";
		});
	}

	private static <T> List<String> head(String corner, List<T> columns, Function<T, String> title) {
		List<String> head = new ArrayList<>(List.of(corner));
		columns.forEach((column) -> head.add(title.apply(column)));
		return head;
	}

	private static <T> List<String> cells(List<T> columns, Function<T, Optional<String>> cell) {
		return columns.stream().map((column) -> cell.apply(column).orElse(MarkdownTable.NOTHING)).toList();
	}

	private static String bullets(Stream<String> lines) {
		return lines.map((line) -> "- " + line).reduce((a, b) -> a + "\n" + b).orElse("");
	}

	private static String number(double value) {
		return String.format(Locale.ROOT, (Math.abs(value) >= 100) ? "%,.0f" : "%.2f", value);
	}

	private static String number(long value) {
		return String.format(Locale.ROOT, "%,d", value);
	}

	private static String millis(double value) {
		return String.format(Locale.ROOT, "%.2f", value);
	}

	private void section(String title, String content) {
		if (!content.isEmpty()) {
			line("## " + title);
			line(content);
		}
	}

	private void line(String paragraph) {
		this.text.append(paragraph).append("\n\n");
	}

}
