package io.rq.chaos;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What is promised of single shapes.
 */
final class Promises {

	/** So many may come close together, as one came late. */
	private static final int LATE_TICKS = 5;

	/** One of so many comes at least, though at times there is no Redis or no leader. */
	private static final int LEAST_SHARE = 3;

	private Promises() {
	}

	/** Returns which were not kept, in words. */
	static List<String> broken(Ledger ledger, Predicate<Ledger.Run> endangered) {
		List<String> broken = new ArrayList<>();
		List<Ledger.Run> runs = ledger.runs();
		missing(Shape.GROUP, ledger, ledger::callbacks).forEach((job) -> broken.add("no callback of " + job));
		missing(Shape.WEBHOOK, ledger, ledger::webhooks).forEach((job) -> broken.add("no webhook of " + job));
		early(runs, broken);
		tooMany(ledger, runs, endangered, broken);
		ticks(runs, broken);
		return broken;
	}

	/** A cron job that fires more often than it is due, too seldom, or no more. */
	static void ticks(List<Ledger.Run> runs, List<String> broken) {
		LongSummaryStatistics starts = runs.stream().mapToLong(Ledger.Run::start).summaryStatistics();
		LongSummaryStatistics ticks = runs.stream()
			.filter((run) -> run.function().endsWith(ChaosJobs.TICK))
			.collect(Collectors.toMap(Ledger.Run::jobId, Ledger.Run::start, Math::min))
			.values()
			.stream()
			.mapToLong(Long::longValue)
			.summaryStatistics();
		if (ticks.getCount() == 0) {
			broken.add("no cron job");
			return;
		}
		long due = (starts.getMax() - starts.getMin()) / ChaosJobs.TICK_MILLIS;
		if (ticks.getCount() < due / LEAST_SHARE) {
			broken.add("%d cron jobs of the %d that were due".formatted(ticks.getCount(), due));
		}
		if (ticks.getCount() > (ticks.getMax() - ticks.getMin()) / ChaosJobs.TICK_MILLIS + LATE_TICKS) {
			broken.add("%d cron jobs in %d ms".formatted(ticks.getCount(), ticks.getMax() - ticks.getMin()));
		}
		if (starts.getMax() - ticks.getMax() > LATE_TICKS * ChaosJobs.TICK_MILLIS) {
			broken.add("no cron job in the last %d ms".formatted(starts.getMax() - ticks.getMax()));
		}
	}

	private static Set<String> missing(Shape shape, Ledger ledger, Supplier<List<Ledger.Entry>> found) {
		Set<String> expected = of(shape, ledger);
		Stage.comes(() -> subjects(found.get()).containsAll(expected));
		expected.removeAll(subjects(found.get()));
		return expected;
	}

	private static Set<String> of(Shape shape, Ledger ledger) {
		return subjects(ledger.acknowledged().stream().filter((entry) -> entry.what().equals(shape.name())).toList());
	}

	private static Set<String> subjects(List<Ledger.Entry> entries) {
		return entries.stream().map(Ledger.Entry::subject).collect(Collectors.toCollection(TreeSet::new));
	}

	/** Jobs that did not wait for the jobs that they depend on. */
	private static void early(List<Ledger.Run> runs, List<String> broken) {
		Map<String, Long> ends = new HashMap<>();
		runs.stream().filter(Ledger.Run::isDone).forEach((run) -> ends.merge(run.jobId(), run.end(), Math::min));
		runs.stream().filter((run) -> run.jobId().endsWith("-b") || run.jobId().endsWith("-c")).forEach((run) -> {
			String first = run.jobId().substring(0, run.jobId().length() - 2);
			String awaited = run.jobId().endsWith("-c") ? first + "-b" : first;
			if (ends.getOrDefault(awaited, Long.MAX_VALUE) > run.start()) {
				broken.add("%s began before %s had ended".formatted(run.jobId(), awaited));
			}
		});
	}

	/** More jobs of a rate limit at a time than it allows. */
	private static void tooMany(Ledger ledger, List<Ledger.Run> runs, Predicate<Ledger.Run> endangered,
			List<String> broken) {
		Set<String> limited = of(Shape.RATE_LIMITED, ledger);
		List<Ledger.Run> counted = runs.stream()
			.filter((run) -> limited.contains(run.jobId()) && run.end() != null && !endangered.test(run))
			.sorted(Comparator.comparing(Ledger.Run::start))
			.toList();
		counted.stream()
			.filter((run) -> counted.stream().filter((other) -> other.isRunningAt(run.start())).count() > Shape.LIMIT)
			.findFirst()
			.ifPresent(
					(run) -> broken.add("more than %d of a limit ran beside %s".formatted(Shape.LIMIT, run.jobId())));
	}

}
