package io.rq.job;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;

import org.springframework.util.Assert;

/**
 * The queues that are divided because one node of Redis is not enough for them. Each
 * partition is a queue of its own, {@code mail.0} to {@code mail.7} of {@code mail}.
 * Producers put a job on the one that its key says; the queue itself is worked on too,
 * for producers that know of no partitions, and has the cron jobs.
 *
 * @param numbers how many partitions a queue has, by its name
 */
public record Partitions(Map<String, Integer> numbers) {

	/** The most partitions of a queue. */
	public static final int MOST = 256;

	/** No queue is divided. */
	public static final Partitions NONE = new Partitions(Map.of());

	private static final char SEPARATOR = '.';

	private static final Pattern INDEX = Pattern.compile("0|[1-9]\\d{0,2}");

	/**
	 * Validates the numbers.
	 * @throws IllegalArgumentException if a number is not from 1 to {@link #MOST}, or a
	 * divided queue is a partition itself
	 */
	public Partitions {
		numbers = Map.copyOf(numbers);
		Map<String, Integer> all = numbers;
		all.forEach((queue, number) -> {
			Assert.isTrue(number >= 1 && number <= MOST,
					() -> "Queue '" + queue + "' must have from 1 to " + MOST + " partitions but has " + number);
			Assert.isTrue(whole(all, queue).equals(queue), () -> "Queue '" + queue + "' cannot be divided: it is a "
					+ "partition of '" + whole(all, queue) + "'");
		});
	}

	/**
	 * Returns the partition that a job goes to: the same for the same key in all
	 * processes, as long as the number of partitions is the same.
	 * @param queue the queue's name
	 * @param key what decides, such as the job's id
	 * @return the name of the partition, or the queue itself if it is not divided
	 */
	public String choose(String queue, String key) {
		Integer number = this.numbers.get(queue);
		if (number == null) {
			return queue;
		}
		CRC32 hash = new CRC32();
		hash.update(key.getBytes(StandardCharsets.UTF_8));
		return partition(queue, (int) (hash.getValue() % number));
	}

	/**
	 * Returns where jobs of a queue may be.
	 * @param queue the queue's name
	 * @return the queue itself and its partitions
	 */
	public List<String> of(String queue) {
		return Stream
			.concat(Stream.of(queue),
					IntStream.range(0, this.numbers.getOrDefault(queue, 0))
						.mapToObj((index) -> partition(queue, index)))
			.toList();
	}

	/**
	 * Returns where jobs of several queues may be.
	 * @param queues the names of the queues
	 * @return each queue and its partitions, in the same order, without repetitions
	 */
	public List<String> of(Collection<String> queues) {
		return queues.stream().flatMap((queue) -> of(queue).stream()).distinct().toList();
	}

	/**
	 * Returns the queue that something is a part of.
	 * @param queue the name of a partition or queue
	 * @return the name of the divided queue, or the queue itself
	 */
	public String whole(String queue) {
		return whole(this.numbers, queue);
	}

	private static String whole(Map<String, Integer> numbers, String queue) {
		int end = numbers.isEmpty() ? -1 : queue.lastIndexOf(SEPARATOR);
		Integer number = (end > 0) ? numbers.get(queue.substring(0, end)) : null;
		boolean part = number != null && INDEX.matcher(queue).region(end + 1, queue.length()).matches()
				&& Integer.parseInt(queue.substring(end + 1)) < number;
		return part ? queue.substring(0, end) : queue;
	}

	private static String partition(String queue, int index) {
		return queue + SEPARATOR + index;
	}

}
