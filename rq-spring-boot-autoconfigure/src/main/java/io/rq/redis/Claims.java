package io.rq.redis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.rq.job.InvalidJobException;
import io.rq.job.Job;

/**
 * What a worker got when it asked for jobs.
 *
 * @param suspended whether all workers are suspended, so that nothing was given
 * @param claims the jobs it may run
 * @param dropped the ids that were on a queue but are no jobs to run
 * @param paused the queues that are paused, so that nothing of them was given
 */
public record Claims(boolean suspended, List<Claim> claims, List<Dropped> dropped, List<String> paused) {

	static final Claims NONE = new Claims(false, List.of(), List.of(), List.of());

	Claims and(Claims other) {
		return new Claims(this.suspended || other.suspended,
				Stream.concat(this.claims.stream(), other.claims.stream()).toList(),
				Stream.concat(this.dropped.stream(), other.dropped.stream()).toList(),
				Stream.concat(this.paused.stream(), other.paused.stream()).toList());
	}

	/** The same, but the first job of each queue comes before the second of any. */
	Claims inTurn() {
		Map<String, Integer> taken = new HashMap<>();
		SortedMap<Integer, List<Claim>> rounds = new TreeMap<>();
		for (Claim claim : this.claims) {
			int round = taken.merge(claim.execution().queue(), 1, Integer::sum);
			rounds.computeIfAbsent(round, (first) -> new ArrayList<>()).add(claim);
		}
		return new Claims(this.suspended, rounds.values().stream().flatMap(List::stream).toList(), this.dropped,
				this.paused);
	}

	/**
	 * A job taken from a queue.
	 *
	 * @param execution the lease
	 * @param job the job, or {@code null} if its record cannot be read
	 * @param problem why it cannot be read, or {@code null} if it can
	 */
	public record Claim(Execution execution, @Nullable Job job, @Nullable InvalidJobException problem) {

	}

	/**
	 * An id taken off a queue that is no job to run.
	 *
	 * @param id the id
	 * @param reason why not
	 */
	public record Dropped(String id, String reason) {

	}

}
