package io.rq.monitor;

import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import io.rq.queue.QueueSnapshot;
import io.rq.queue.Registry;
import io.rq.redis.QueueStore.Census;
import io.rq.redis.QueueStore;

/**
 * Observes queues and their registries. Changes nothing.
 */
public class Queues {

	private final QueueStore store;

	/**
	 * Creates the view.
	 * @param store the store of the queues
	 */
	public Queues(QueueStore store) {
		this.store = store;
	}

	/**
	 * Returns the names of all queues that have ever had a job.
	 * @return the names in alphabetical order
	 */
	public List<String> names() {
		return this.store.names();
	}

	/**
	 * Counts what is in queues and their registries, in one round trip and all at the
	 * same moment.
	 * @param names the names of the queues
	 * @return the counts, in the same order
	 */
	public List<QueueSnapshot> snapshots(Collection<String> names) {
		return names.isEmpty() ? List.of()
				: this.store.census(List.copyOf(names)).stream().map(Queues::snapshot).toList();
	}

	private static QueueSnapshot snapshot(Census census) {
		Census.Sizes counted = census.sizes();
		Map<Registry, Long> sizes = new EnumMap<>(Registry.class);
		sizes.put(Registry.QUEUED, counted.queued());
		sizes.put(Registry.STARTED, counted.started());
		sizes.put(Registry.SCHEDULED, counted.scheduled());
		sizes.put(Registry.DEFERRED, counted.deferred());
		sizes.put(Registry.FINISHED, counted.finished());
		sizes.put(Registry.FAILED, counted.failed());
		sizes.put(Registry.CANCELED, counted.canceled());
		return new QueueSnapshot(census.queue(), sizes, census.oldestAge(), census.schedulerLock(), census.nextDue(),
				census.overdue());
	}

	/**
	 * Lists the ids of the jobs in a registry.
	 * @param queue the queue's name
	 * @param registry the registry
	 * @param offset how many to skip
	 * @param limit how many to return at most
	 * @return the ids, on a queue the next one first
	 */
	public List<String> ids(String queue, Registry registry, long offset, long limit) {
		return this.store.ids(queue, registry, offset, limit);
	}

}
