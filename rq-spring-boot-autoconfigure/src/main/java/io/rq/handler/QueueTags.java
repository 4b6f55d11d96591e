package io.rq.handler;

import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Decides which names of queues may become values of tags: those of queues that something
 * here has to do with. A producer that makes names up cannot make time series.
 */
public final class QueueTags {

	private static final String UNKNOWN = "unknown";

	private final Supplier<? extends Collection<String>> names;

	private final Set<String> known = ConcurrentHashMap.newKeySet();

	/**
	 * Creates it without asking for the names.
	 * @param names gets the names of the queues, asked again for each that is not known
	 * yet
	 */
	public QueueTags(Supplier<? extends Collection<String>> names) {
		this.names = names;
	}

	/**
	 * Returns the value of a tag for a queue.
	 * @param queue the name of the queue
	 * @return its name if it is, or was once, one that is known here, else
	 * {@code unknown}
	 */
	public String of(String queue) {
		if (!this.known.contains(queue) && this.names.get().contains(queue)) {
			this.known.add(queue);
		}
		return this.known.contains(queue) ? queue : UNKNOWN;
	}

}
