package io.rq.cron;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.rq.job.JobRequest;
import io.rq.redis.CronStore.Shown;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds the table in docs/cron.md of what RQ's tools are shown against {@link RqView}.
 */
class RqViewTests {

	private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

	static Stream<List<String>> rows() throws IOException {
		return Files.readAllLines(Path.of("..", "docs", "cron.md"))
			.stream()
			.dropWhile((line) -> !line.startsWith("| schedule | RQ's tools show"))
			.skip(2)
			.takeWhile((line) -> line.startsWith("|"))
			.map((line) -> Arrays.stream(line.split(" \\| "))
				.map((cell) -> cell.replaceAll("[|`]", "").strip())
				.toList());
	}

	@Test
	void theTableHasRows() throws IOException {
		assertThat(rows()).hasSizeGreaterThan(8);
	}

	@ParameterizedTest
	@MethodSource("rows")
	void rqsToolsShowWhatTheRowSays(List<String> row) {
		Shown shown = RqView.of(CronJob.of("a", JobRequest.of("b"), schedule(row.get(0))), null, NOON);
		if (row.get(1).startsWith("cron ")) {
			assertThat(shown.cron()).isEqualTo(row.get(1).substring("cron ".length()));
			assertThat(shown.interval()).isNull();
			assertThat(shown.description()).isNull();
		}
		else {
			assertThat(shown.cron()).isNull();
			assertThat("interval " + shown.interval()).isEqualTo(row.get(1));
			boolean interval = row.get(0).startsWith("every");
			assertThat(shown.description()).isEqualTo(interval ? null : schedule(row.get(0)).toString());
		}
	}

	private static Schedule schedule(String text) {
		if (text.startsWith("every ")) {
			return Schedule.every(Duration.parse("PT" + text.substring("every ".length()).toUpperCase(Locale.ROOT)));
		}
		String[] parts = text.split(" in ");
		Schedule schedule = Schedule.cron(parts[0]);
		return (parts.length > 1) ? schedule.in(ZoneId.of(parts[1])) : schedule;
	}

	@Test
	void timesAreThoseOfTheLastAndTheNextFire() {
		Shown shown = RqView.of(CronJob.of("a", JobRequest.of("b"), Schedule.every(Duration.ofSeconds(30))),
				NOON.minusSeconds(30), NOON);
		assertThat(shown).isEqualTo(new Shown(null, 30L, null, NOON.minusSeconds(30), NOON));
	}

}
