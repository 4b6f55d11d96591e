package io.rq.monitor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

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
	 * asked.
	 * @return the snapshots and the failures
	 */
	public Survey survey() {
		Collection<List<String>> together = this.queues.together(names());
		this.recent.keySet().retainAll(together);
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
		return new Survey(snapshots, failures);
	}

	private Recent<List<QueueSnapshot>> recent(List<String> names) {
		return this.recent.computeIfAbsent(names,
				(some) -> new Recent<>(() -> this.queues.census(some), this.maxAge, this.patience));
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
