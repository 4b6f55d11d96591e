package io.rq.redis;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

import io.rq.job.NewJob;
import io.rq.job.QueueFullException;

/**
 * How many jobs may wait on queues for more to be enqueued. Jobs that are in Redis come
 * to their queue however long it is: none of them may get lost.
 *
 * @param common how many may wait on a queue of which nothing else is said, 0 for any
 * number
 * @param queues how many may wait on some queues, by their names, 0 for any number
 */
public record QueueLimits(long common, Map<String, Long> queues) {

	/** No limits. */
	public static final QueueLimits NONE = new QueueLimits(0, Map.of());

	/**
	 * Copies the limits.
	 */
	public QueueLimits {
		queues = Map.copyOf(queues);
	}

	private long of(String queue) {
		return this.queues.getOrDefault(queue, this.common);
	}

	private boolean isLimited(NewJob job) {
		return of(job.job().queue()) > 0;
	}

	boolean isLimitedAny(List<NewJob> jobs) {
		return !equals(NONE) && jobs.stream().anyMatch(this::isLimited);
	}

	/**
	 * Adds what a script needs to know of the limits.
	 * @param jobs the jobs that it stores
	 * @param later those that are stored after them, by calls
	 */
	void add(ScriptArguments arguments, List<NewJob> jobs, List<List<NewJob>> later) {
		Map<String, Long> more = later.stream()
			.flatMap(List::stream)
			.filter((job) -> job.due() == null)
			.collect(Collectors.groupingBy((job) -> job.job().queue(), Collectors.counting()));
		jobs.stream()
			.filter(this::isLimited)
			.map((job) -> job.job().queue())
			.distinct()
			.forEach((queue) -> arguments.add(queue)
				.add(Long.toString(of(queue)))
				.add(Long.toString(Objects.requireNonNullElse(more.get(queue), 0L))));
	}

	QueueFullException exceeded(String queue, List<?> reply) {
		return new QueueFullException(queue, Replies.number(reply.get(2)), Replies.number(reply.get(3)), of(queue));
	}

}
