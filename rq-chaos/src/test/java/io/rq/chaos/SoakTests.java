package io.rq.chaos;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.condition.OS;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whether anything grows while faults strike for as long as {@code -Dchaos.soak=PT1H}
 * says, one in a minute.
 */
@EnabledIfSystemProperty(named = "chaos.soak", matches = ".+", disabledReason = "takes as long as it says")
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "sends POSIX signals")
class SoakTests {

	private static final Duration PACE = Duration.ofMinutes(1);

	/** What counts as flat: so much more at the end than at the beginning. */
	private static final double SLACK = 1.1;

	@Test
	void nothingGrows() {
		long seed = Long.getLong("chaos.seed", 1);
		Duration length = Duration.parse(System.getProperty("chaos.soak"));
		Ground ground = new OneServer();
		Report report = new Report();
		try (Chaos chaos = new Chaos("soak", ground, List.of())) {
			chaos.start(Form.SOAK);
			Plan plan = new Plan(seed, Form.SOAK, ground.faults());
			List<Long> keys = new ArrayList<>();
			for (long minutes = length.toMinutes(); minutes > 0; minutes--) {
				long begin = System.nanoTime();
				chaos.strike(plan.next());
				Stage.pause(PACE.minusNanos(System.nanoTime() - begin));
				keys.add(chaos.stage().keys());
			}
			List<Ledger.Gauge> gauges = chaos.stage().ledger().gauges();
			ChaosAudit audit = chaos.audit();
			report.add("seed %d, soak of %d minutes".formatted(seed, length.toMinutes()), audit, chaos.strikes());
			report.write(Path.of(System.getProperty("chaos.report", "target/soak.md")));
			assertThat(audit.failures(chaos.strikes())).isEmpty();
			assertFlat("keys", keys, Long::longValue);
			assertFlat("threads", gauges, Ledger.Gauge::threads);
			assertFlat("heap", gauges, Ledger.Gauge::heap);
		}
	}

	/** Compares the last third with the one in the middle: at first all fills up. */
	private static <T> void assertFlat(String what, List<T> samples, ToLongFunction<T> value) {
		int third = samples.size() / 3;
		double before = average(samples.subList(third, 2 * third), value);
		double after = average(samples.subList(2 * third, samples.size()), value);
		System.out.printf("%s: %.0f, then %.0f%n", what, before, after);
		assertThat(after).as(what).isLessThan(before * SLACK);
	}

	private static <T> double average(List<T> samples, ToLongFunction<T> value) {
		return samples.stream().mapToLong(value).average().orElseThrow();
	}

}
