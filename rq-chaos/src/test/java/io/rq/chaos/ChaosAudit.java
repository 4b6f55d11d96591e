package io.rq.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import redis.clients.jedis.UnifiedJedis;

/**
 * What became of the jobs of a run.
 *
 * @param jobs the number of acknowledged jobs
 * @param refused how many calls of enqueue failed
 * @param lost the jobs that never ran to their end and are not under way any more
 * @param stuck the jobs that have not ended, or ran to their end and are not recorded so
 * @param doubled the jobs that ran twice without a fault that explains it
 * @param endangered the jobs that ran twice, as a fault had met the first run
 * @param broken other promises that were not kept
 * @param immortal the keys without a time to live that should have one
 * @param use what the processes used
 */
record ChaosAudit(int jobs, int refused, Set<String> lost, Set<String> stuck, Set<String> doubled,
		Set<String> endangered, List<String> broken, Set<String> immortal, Use use) {

	static ChaosAudit of(Stage stage, List<Fault.Struck> strikes, Duration length) {
		Ledger ledger = stage.ledger();
		Set<String> acknowledged = ledger.acknowledged()
			.stream()
			.map(Ledger.Entry::subject)
			.collect(Collectors.toCollection(TreeSet::new));
		Stage.comes(() -> unended(acknowledged, ledger.runs()).isEmpty());
		Set<String> unended = unended(acknowledged, ledger.runs());
		try (UnifiedJedis redis = stage.ground().connect()) {
			Stage.comes(() -> unrecorded(stage, redis, acknowledged).stream().allMatch(unended::contains));
			Set<String> stuck = unrecorded(stage, redis, acknowledged);
			Set<String> lost = new TreeSet<>(unended);
			lost.removeAll(stuck);
			List<Ledger.Run> runs = ledger.runs();
			Predicate<Ledger.Run> endangered = strikes.stream()
				.map((struck) -> struck.strike().endangered())
				.reduce((run) -> false, Predicate::or);
			Set<String> pardoned = runs.stream().filter(endangered).map(Ledger.Run::jobId).collect(Collectors.toSet());
			Map<Boolean, Set<String>> doubled = doubled(runs).stream()
				.collect(Collectors.partitioningBy(pardoned::contains, Collectors.toCollection(TreeSet::new)));
			return new ChaosAudit(acknowledged.size(), ledger.refused().size(), lost, stuck, doubled.get(false),
					doubled.get(true), Promises.broken(ledger, endangered), Leftovers.of(stage), Use.of(stage, length));
		}
	}

	private static Set<String> unended(Set<String> acknowledged, List<Ledger.Run> runs) {
		Set<String> unended = new TreeSet<>(acknowledged);
		runs.stream().filter(Ledger.Run::isDone).map(Ledger.Run::jobId).forEach(unended::remove);
		return unended;
	}

	/** Returns the jobs that are there and have not ended. */
	private static Set<String> unrecorded(Stage stage, UnifiedJedis redis, Set<String> jobs) {
		return jobs.stream()
			.filter((job) -> Shape.QUEUES.stream()
				.map((queue) -> redis.hget(stage.ground().key(queue, "job:" + job), "status"))
				.anyMatch((status) -> status != null && !Leftovers.ENDED.contains(status)))
			.collect(Collectors.toCollection(TreeSet::new));
	}

	/**
	 * Returns the jobs that ran again other than as another attempt after all runs before
	 * had failed.
	 */
	static Set<String> doubled(List<Ledger.Run> runs) {
		Map<String, List<Ledger.Run>> former = new HashMap<>();
		return runs.stream().filter((run) -> {
			List<Ledger.Run> before = former.computeIfAbsent(run.jobId(), (job) -> new ArrayList<>());
			boolean rightful = before.stream().allMatch(run::isRetryOf);
			before.add(run);
			return !rightful;
		}).map(Ledger.Run::jobId).collect(Collectors.toSet());
	}

	/** Returns what was not as it is promised, in words. */
	List<String> failures(List<Fault.Struck> strikes) {
		List<String> failures = new ArrayList<>(this.broken);
		add(failures, "lost", this.lost);
		add(failures, "stuck", this.stuck);
		add(failures, "doubled without a fault", this.doubled);
		add(failures, "without a time to live", this.immortal);
		strikes.stream()
			.filter((struck) -> struck.strike().isTooSlow())
			.map((struck) -> "%s: back after %s, not within %s".formatted(struck.fault(), struck.strike().recovery(),
					struck.strike().bar()))
			.forEach(failures::add);
		return failures;
	}

	private static void add(List<String> failures, String what, Set<String> subjects) {
		if (!subjects.isEmpty()) {
			failures.add("%d %s: %s".formatted(subjects.size(), what, subjects.stream().limit(10).toList()));
		}
	}

	/**
	 * What processes use.
	 *
	 * @param logLines lines in all logs per second
	 * @param threads the most threads of one process
	 * @param heap the most bytes in the heap of one process after a collection
	 */
	record Use(double logLines, int threads, long heap) {

		static Use of(Stage stage, Duration length) {
			List<Ledger.Gauge> gauges = stage.ledger().gauges();
			return new Use(stage.fleet().logLines() / (length.toMillis() / 1000.0),
					gauges.stream().mapToInt(Ledger.Gauge::threads).max().orElse(0),
					gauges.stream().map(Ledger.Gauge::heap).max(Comparator.naturalOrder()).orElse(0L));
		}

		@Override
		public String toString() {
			return String.format(Locale.ROOT, "%.1f | %d | %d MB", this.logLines, this.threads, this.heap >> 20);
		}

	}

}
