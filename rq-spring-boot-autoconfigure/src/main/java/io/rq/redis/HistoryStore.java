package io.rq.redis;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What was counted in the past, by minute and by hour. A point is a row of numbers; what
 * they count is up to who writes and reads them, but for the first: a queue has how many
 * jobs wait on it there, and one, where that was seen.
 */
public class HistoryStore {

	/** The name that stands for all queues, which none can have. */
	public static final String ALL = ",";

	/** The name that stands for all functions that have no history of their own. */
	public static final String OTHERS = ",";

	/** So many functions have a history of their own. */
	public static final int MOST_FUNCTIONS = 100;

	/** So many numbers are in the first part of a point, the others in the second. */
	public static final int SPLIT = 41;

	/** So many points take Redis about two milliseconds. */
	private static final int AT_ONCE = 40;

	private static final int READ_AT_ONCE = 100;

	private final RedisScripts scripts;

	private final QueueStore queues;

	/**
	 * Creates the store.
	 * @param scripts the scripts on the connections to Redis
	 */
	public HistoryStore(RedisScripts scripts) {
		this.scripts = scripts;
		this.queues = new QueueStore(scripts);
	}

	/**
	 * Divides what is to be added into calls, each of which may be made twice and counts
	 * once, if the second is made within a minute.
	 * @param tallies what is to be added
	 * @return the calls
	 */
	public List<Call> calls(List<Tally> tallies) {
		List<Call> calls = new ArrayList<>();
		for (List<Tally> part : this.scripts.layout().calls(tallies, (tally) -> tally.of().queue())) {
			for (int from = 0; from < part.size(); from += AT_ONCE) {
				List<Tally> batch = part.subList(from, Math.min(from + AT_ONCE, part.size()));
				boolean once = batch.stream().anyMatch((tally) -> !tally.isEmpty());
				calls.add(new Call(once ? UUID.randomUUID().toString() : "", batch));
			}
		}
		return calls;
	}

	/**
	 * Adds what was counted to the minute and the hour that it is now.
	 * @param call what to add
	 * @throws RuntimeException if Redis cannot be asked; the call may be made again
	 */
	public void add(Call call) {
		Tally first = call.tallies().get(0);
		ScriptArguments arguments = ScriptArguments.keys(this.scripts.keys(first.of().queue()).historyFunctions())
			.add(call.nonce())
			.add(MOST_FUNCTIONS)
			.add(Math.max(SPLIT, first.numbers().length - SPLIT));
		for (Tally tally : call.tallies()) {
			arguments.add(tally.of().queue())
				.add(tally.of().function())
				.addAll(List.of(packed(tally.numbers(), 0, SPLIT),
						packed(tally.numbers(), SPLIT, tally.numbers().length)));
		}
		this.scripts.run(Script.TALLY, arguments);
	}

	/**
	 * Reads points.
	 * @param series of what
	 * @param unit minutes or hours
	 * @param count how many points, up to the one that has begun
	 * @param size how many numbers a point has
	 * @return the points of each, in the same order, and what time it is
	 */
	public Points read(List<Series> series, Unit unit, int count, int size) {
		Instant now = Instant.EPOCH;
		TreeMap<Integer, TreeMap<Long, long[]>> found = new TreeMap<>();
		List<Integer> places = IntStream.range(0, series.size()).boxed().toList();
		for (List<Integer> call : this.scripts.layout().calls(places, (place) -> series.get(place).queue())) {
			for (int from = 0; from < call.size(); from += READ_AT_ONCE) {
				List<Integer> part = call.subList(from, Math.min(from + READ_AT_ONCE, call.size()));
				List<?> reply = read(part.stream().map(series::get).toList(), unit, count);
				now = Timestamps.ofSeconds(Double.parseDouble(Replies.text(reply.get(0))));
				for (int i = 0; i < part.size(); i++) {
					found.put(part.get(i), points(Replies.list(reply, i + 1), size));
				}
			}
		}
		return new Points(now, List.copyOf(found.values()));
	}

	private List<?> read(List<Series> series, Unit unit, int count) {
		if (series.isEmpty()) {
			return List.of();
		}
		ScriptArguments arguments = ScriptArguments.keys(this.scripts.keys(series.get(0).queue()).historyFunctions())
			.add((unit == Unit.MINUTES) ? "m" : "h")
			.add(count);
		series.forEach((one) -> arguments.add(one.queue()).add(one.function()));
		return this.scripts.run(Script.HISTORY, arguments);
	}

	/**
	 * Returns the functions of which there is a history.
	 * @param queue the queue on which they ran, or {@link #ALL}
	 * @return the functions with their queues, sorted
	 */
	public List<Series> functions(String queue) {
		boolean all = queue.equals(ALL);
		Stream<QueueKeys> places = all ? this.queues.anyKeys() : Stream.of(this.scripts.keys(queue));
		return places.flatMap((keys) -> members(keys.historyFunctions()).stream())
			.map(HistoryStore::series)
			.filter((one) -> all || one.queue().equals(queue))
			.sorted(Series.ORDER)
			.toList();
	}

	private Set<byte[]> members(String key) {
		Set<byte[]> members = this.scripts.with(key,
				(connection) -> connection.zSetCommands().zRange(ScriptArguments.bytes(key), 0, MOST_FUNCTIONS));
		return (members != null) ? members : Set.of();
	}

	private static Series series(byte[] member) {
		String text = Replies.text(member);
		int comma = Math.max(text.indexOf(','), 0);
		return new Series(text.substring(0, comma), text.substring(Math.min(comma + 1, text.length())));
	}

	static byte[] packed(long[] numbers, int from, int to) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		int zeros = 0;
		for (int at = from; at < Math.min(to, numbers.length); at++) {
			long number = numbers[at];
			if (number <= 0) {
				zeros++;
			}
			else {
				if (zeros > 0) {
					write(bytes, zeros * 2L + 1);
					zeros = 0;
				}
				write(bytes, number * 2);
			}
		}
		return bytes.toByteArray();
	}

	private static void write(ByteArrayOutputStream bytes, long number) {
		long rest = number;
		for (; rest >= 128; rest >>= 7) {
			bytes.write((int) (rest % 128 + 128));
		}
		bytes.write((int) rest);
	}

	private static TreeMap<Long, long[]> points(List<?> reply, int size) {
		TreeMap<Long, long[]> points = new TreeMap<>();
		for (int i = 0; i < reply.size(); i += 3) {
			long[] numbers = points.computeIfAbsent(Long.valueOf(Replies.text(reply.get(i))), (at) -> new long[size]);
			unpack((byte[]) reply.get(i + 2), numbers, Replies.text(reply.get(i + 1)).isEmpty() ? 0 : SPLIT);
		}
		return points;
	}

	/** What cannot be in a point, because others have written it, is left out. */
	private static void unpack(byte[] point, long[] numbers, int from) {
		long at = from;
		long value = 0;
		int shift = 0;
		for (byte next : point) {
			value |= (long) (next & 127) << shift;
			shift += 7;
			if (next >= 0) {
				long half = value >>> 1;
				if ((value & 1) == 1) {
					at += half;
				}
				else if (at < numbers.length) {
					numbers[(int) at++] = half;
				}
				value = 0;
				shift = 0;
			}
		}
	}

	/**
	 * How long a point lasts.
	 */
	public enum Unit {

		/** A minute. */
		MINUTES,

		/** An hour. */
		HOURS

	}

	/**
	 * What something was counted of.
	 *
	 * @param queue the queue, or {@link #ALL}
	 * @param function the function, {@link #OTHERS}, or an empty text for the queue
	 * itself
	 */
	public record Series(String queue, String function) {

		private static final Comparator<Series> ORDER = Comparator.comparing(Series::queue)
			.thenComparing(Series::function);

	}

	/**
	 * What was counted.
	 *
	 * @param of of what
	 * @param numbers the numbers of a point; the first one is of no account
	 */
	public record Tally(Series of, long[] numbers) {

		/**
		 * Returns whether nothing was counted.
		 * @return whether all are zero
		 */
		public boolean isEmpty() {
			for (long number : this.numbers) {
				if (number != 0) {
					return false;
				}
			}
			return true;
		}

	}

	/**
	 * A call that adds something.
	 *
	 * @param nonce by which its repeat is known
	 * @param tallies what is added
	 */
	public record Call(String nonce, List<Tally> tallies) {

	}

	/**
	 * Points that there are.
	 *
	 * @param now the time of Redis
	 * @param series the points of each, by the number of minutes or hours since 1970
	 */
	public record Points(Instant now, List<? extends SortedMap<Long, long[]>> series) {

	}

}
