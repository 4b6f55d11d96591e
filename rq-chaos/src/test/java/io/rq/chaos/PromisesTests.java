package io.rq.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what {@link Promises} says of cron jobs.
 */
class PromisesTests {

	private static final int SECONDS = 60;

	@Test
	void oneInEachSecondIsFine() {
		assertThat(broken(0, 1)).isEmpty();
	}

	@Test
	void halfOfThemAreFineAsFaultsStrike() {
		assertThat(broken(0, 2)).isEmpty();
	}

	@Test
	void noneIsMissed() {
		assertThat(broken(SECONDS, 1)).containsExactly("no cron job");
	}

	@Test
	void tooFewAreMissed() {
		assertThat(broken(0, 4)).containsExactly("15 cron jobs of the 59 that were due");
	}

	@Test
	void theLastAreMissed() {
		List<Ledger.Run> runs = runs(0, 1);
		runs.add(run("late", ChaosJobs.WORK, SECONDS + 10));
		assertThat(broken(runs)).containsExactly("no cron job in the last 11000 ms");
	}

	@Test
	void tooManyAreSeen() {
		List<Ledger.Run> runs = runs(0, 1);
		IntStream.range(0, 10).forEach((i) -> runs.add(run("more-" + i, ChaosJobs.TICK, SECONDS - 1)));
		assertThat(broken(runs)).containsExactly("70 cron jobs in 59000 ms");
	}

	private static List<String> broken(int first, int every) {
		return broken(runs(first, every));
	}

	private static List<String> broken(List<Ledger.Run> runs) {
		List<String> broken = new ArrayList<>();
		Promises.ticks(runs, broken);
		return broken;
	}

	/** A job in each second, and cron jobs from some second on. */
	private static List<Ledger.Run> runs(int first, int every) {
		return new ArrayList<>(Stream
			.concat(IntStream.range(0, SECONDS).mapToObj((second) -> run("job-" + second, ChaosJobs.WORK, second)),
					IntStream.range(first, SECONDS)
						.filter((second) -> second % every == 0)
						.mapToObj((second) -> run("tick-" + second, ChaosJobs.TICK, second)))
			.toList());
	}

	private static Ledger.Run run(String job, String function, int second) {
		return new Ledger.Run(job, "worker", 1, function, second * 1_000L, null, false);
	}

}
