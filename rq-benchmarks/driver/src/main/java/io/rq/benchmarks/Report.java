package io.rq.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

final class Report {

	Report(Options options, Systems systems, Results results, Duration duration) {
		this.options = options;
	}

	private final Options options;

	Path write() throws IOException {
		Path file = this.options.output().resolve("report.md");
		Files.writeString(file, "");
		return file;
	}

}
