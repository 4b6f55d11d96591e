package io.rq.chaos;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import org.awaitility.core.ConditionTimeoutException;

import static org.awaitility.Awaitility.await;

/**
 * What became of the jobs of a scenario.
 *
 * @param jobs the number of acknowledged jobs
 * @param refused how many calls of enqueue failed
 * @param lost the jobs that never ran to their end
 * @param runs the runs of all jobs
 */
record Audit(int jobs, int refused, Set<String> lost, List<Ledger.Run> runs) {

	private static final Duration PATIENCE = Duration.ofSeconds(90);

	static Audit of(Collection<String> acknowledged, int refused, Supplier<List<Ledger.Run>> runs) {
		try {
			await().atMost(PATIENCE).until(() -> unended(acknowledged, runs.get()).isEmpty());
		}
		catch (ConditionTimeoutException ex) {
			// they are what is reported as lost
		}
		List<Ledger.Run> all = runs.get();
		return new Audit(acknowledged.size(), refused, unended(acknowledged, all), all);
	}

	private static Set<String> unended(Collection<String> acknowledged, List<Ledger.Run> runs) {
		Set<String> unended = new TreeSet<>(acknowledged);
		runs.stream().filter(Ledger.Run::isDone).map(Ledger.Run::jobId).forEach(unended::remove);
		return unended;
	}

	/** Returns the jobs that started more than once. */
	Set<String> doubled() {
		return doubled((run) -> false);
	}

	/**
	 * Returns the jobs that started more than once, except those with a run that may be
	 * repeated.
	 * @param excused tells of which runs that may happen
	 */
	Set<String> doubled(Predicate<Ledger.Run> excused) {
		Set<String> pardoned = this.runs.stream().filter(excused).map(Ledger.Run::jobId).collect(Collectors.toSet());
		return this.runs.stream()
			.collect(Collectors.groupingBy(Ledger.Run::jobId, Collectors.counting()))
			.entrySet()
			.stream()
			.filter((job) -> job.getValue() > 1 && !pardoned.contains(job.getKey()))
			.map((job) -> job.getKey())
			.collect(Collectors.toCollection(TreeSet::new));
	}

	/**
	 * Returns how long after a moment the last of the jobs that a process was running
	 * then started again.
	 */
	Duration restarted(String process, long moment) {
		Set<String> victims = this.runs.stream()
			.filter((run) -> run.process().equals(process) && run.isRunningAt(moment))
			.map(Ledger.Run::jobId)
			.collect(Collectors.toSet());
		return Duration.ofMillis(this.runs.stream()
			.filter((run) -> victims.contains(run.jobId()) && run.start() > moment)
			.mapToLong((run) -> run.start() - moment)
			.max()
			.orElse(0));
	}

}
