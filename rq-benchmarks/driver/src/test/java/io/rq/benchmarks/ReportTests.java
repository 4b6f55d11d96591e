package io.rq.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Report}.
 */
class ReportTests {

	@TempDir
	private Path directory;

	@Test
	void nothingIsSilentlyDropped() throws Exception {
		Options options = options();
		Systems systems = new Systems(options);
		Results results = new Results(this.directory.resolve("results.jsonl"));
		Path report = new Report(options, systems, results, Duration.ofSeconds(1)).write(List.of());
		assertThat(report).content().contains("RQ for Spring Boot: its module has not been built");
	}

	@Test
	void spreadOfTheRoundsIsShown() throws Exception {
		SystemSpec ours = new SystemSpec(Systems.OURS, "Ours", SystemSpec.Store.REDIS, List.of(), 1, 10, false);
		Options options = options();
		Systems systems = new Systems(options);
		systems.available().add(ours);
		Results results = new Results(this.directory.resolve("results.jsonl"));
		for (int round = 1; round <= 3; round++) {
			results.add(round, ours, Measure.DRAIN, 1_000 * round);
		}
		Path report = new Report(options, systems, results, Duration.ofSeconds(1)).write(List.of());
		assertThat(report).content().contains("| Ours | – | – | – | 2,000 (1,000–3,000) | – |");
		assertThat(this.directory.resolve("images/throughput.svg")).content().contains(">Ours<").contains(">2,000<");
		assertThat(Files.readAllLines(this.directory.resolve("results.jsonl"))).hasSize(3);
	}

	private Options options() {
		return new Options(true, 3, Set.of(Systems.OURS), Set.of(), false, List.of(), this.directory, this.directory);
	}

}
