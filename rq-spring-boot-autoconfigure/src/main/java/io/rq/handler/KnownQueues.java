package io.rq.handler;

import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The queues that something here has to do with. Only those may become values of tags: a
 * producer that makes names up cannot make time series.
 */
public final class KnownQueues {

	private final Supplier<? extends Collection<String>> names;

	private final Set<String> known = ConcurrentHashMap.newKeySet();

	/**
	 * Creates them without asking for the names.
	 * @param names gets the names of the queues, asked again for each that is not known
	 * yet
	 */
	public KnownQueues(Supplier<? extends Collection<String>> names) {
		this.names = names;
	}

	/**
	 * Returns whether a queue is one of them, or was once.
	 * @param queue the name of a queue
	 * @return whether it is known here
	 */
	public boolean contains(String queue) {
		if (!this.known.contains(queue) && this.names.get().contains(queue)) {
			this.known.add(queue);
		}
		return this.known.contains(queue);
	}

}
