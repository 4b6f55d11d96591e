package io.rq.monitor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.rq.queue.QueueSnapshot;
import io.rq.redis.QueueStore;

/**
 * Looks at the queues of this application for observers that ask often and must not wait.
 */
public class QueueMonitor {

	private final QueueStore queues;

	private final Supplier<? extends Collection<String>> names;

	private final Duration maxAge;

	private final Duration patience;

	/** By the names of queues that lie together. */
	private final Map<List<String>, Recent<List<QueueSnapshot>>> recent = new ConcurrentHashMap<>();

	private volatile @Nullable Surveyed latest;

	/**
	 * Creates the monitor.
	 * @param queues the queues
	 * @param names gets the names of the queues to look at
	 * @param maxAge for how long an answer is good
	 * @param patience how long to wait for an answer
	 */
	public QueueMonitor(QueueStore queues, Supplier<? extends Collection<String>> names, Duration maxAge,
			Duration patience) {
		this.queues = queues;
		this.names = names;
		this.maxAge = maxAge;
		this.patience = patience;
	}

	/**
	 * Returns the names of the queues that are looked at.
	 * @return the names
	 */
	public List<String> names() {
		return this.names.get().stream().distinct().sorted().toList();
	}

	/**
	 * Returns what is in the queues, or was a moment ago. On a Redis Cluster those are
	 * missing whose node cannot be asked, as long as others can.
	 * @return the snapshots, in the order of the names
	 * @throws io.rq.RqException if Redis does not answer in time
	 * @throws RuntimeException if Redis cannot be asked
	 */
	public List<QueueSnapshot> look() {
		return survey().requireSome().queues();
	}

	/**
	 * Returns what is in the queues, or was a moment ago, and which of them cannot be
	 * asked. Each of many gauges asks for it: they share one for as long as an answer is
	 * good, unless a queue could not be asked, and its answers may have been as old
	 * already.
	 * @return the snapshots and the failures
	 */
	public Survey survey() {
		Set<String> asked = Set.copyOf(this.names.get());
		Surveyed known = this.latest;
		if (known != null && System.nanoTime() - known.at() < this.maxAge.toNanos() && known.names().equals(asked)) {
			return known.survey();
		}
		long start = System.nanoTime();
		Survey survey = look(asked.stream().sorted().toList());
		this.latest = survey.failures().isEmpty() ? new Surveyed(asked, survey, start) : null;
		return survey;
	}

	private Survey look(List<String> queues) {
		Collection<List<String>> together = this.queues.together(queues);
		this.recent.keySet().retainAll(new HashSet<>(together));
		Map<List<String>, Supplier<List<QueueSnapshot>>> answers = new LinkedHashMap<>();
		together.forEach((names) -> answers.put(names, recent(names).begin()));
		List<QueueSnapshot> snapshots = new ArrayList<>();
		Map<String, RuntimeException> failures = new LinkedHashMap<>();
		answers.forEach((names, answer) -> {
			try {
				snapshots.addAll(answer.get());
			}
			catch (RuntimeException ex) {
				names.forEach((name) -> failures.put(name, ex));
			}
		});
		return new Survey(List.copyOf(snapshots), failures);
	}

	private Recent<List<QueueSnapshot>> recent(List<String> names) {
		return this.recent.computeIfAbsent(names,
				(some) -> new Recent<>(() -> this.queues.census(some), this.maxAge, this.patience));
	}

	/**
	 * What was found out, kept for others who ask.
	 *
	 * @param names the queues
	 * @param survey what was found out about them
	 * @param at when, as a value of the nano time
	 */
	private record Surveyed(Set<String> names, Survey survey, long at) {

	}

	/**
	 * What was found out about the queues.
	 *
	 * @param queues the queues that could be asked, in the order of their names
	 * @param failures why others could not, by their names
	 */
	public record Survey(List<QueueSnapshot> queues, Map<String, RuntimeException> failures) {

		/**
		 * Throws the first failure if no queue could be asked.
		 * @return this survey
		 */
		Survey requireSome() {
			if (this.queues.isEmpty() && !this.failures.isEmpty()) {
				throw this.failures.values().iterator().next();
			}
			return this;
		}

	}

}
