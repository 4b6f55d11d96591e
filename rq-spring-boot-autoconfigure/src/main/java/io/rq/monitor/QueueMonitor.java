package io.rq.monitor;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

import io.rq.queue.QueueSnapshot;
import io.rq.redis.QueueStore;

/**
 * Looks at the queues of this application for observers that ask often and must not wait.
 */
public class QueueMonitor {

	private final Supplier<? extends Collection<String>> names;

	private final Recent<List<QueueSnapshot>> recent;

	/**
	 * Creates the monitor.
	 * @param queues the queues
	 * @param names gets the names of the queues to look at
	 * @param maxAge for how long an answer is good
	 * @param patience how long to wait for an answer
	 */
	public QueueMonitor(QueueStore queues, Supplier<? extends Collection<String>> names, Duration maxAge,
			Duration patience) {
		this.names = names;
		this.recent = new Recent<>(() -> queues.census(names()), maxAge, patience);
	}

	/**
	 * Returns the names of the queues that are looked at.
	 * @return the names
	 */
	public List<String> names() {
		return this.names.get().stream().distinct().sorted().toList();
	}

	/**
	 * Returns what is in the queues, or was a moment ago.
	 * @return the snapshots, in the order of the names
	 * @throws io.rq.RqException if Redis does not answer in time
	 * @throws RuntimeException if Redis cannot be asked
	 */
	public List<QueueSnapshot> look() {
		return this.recent.get();
	}

}
