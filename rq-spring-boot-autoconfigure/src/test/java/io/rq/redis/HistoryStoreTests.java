package io.rq.redis;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.RedisConnection;

import io.rq.redis.HistoryStore.Call;
import io.rq.redis.HistoryStore.Points;
import io.rq.redis.HistoryStore.Series;
import io.rq.redis.HistoryStore.Tally;
import io.rq.redis.HistoryStore.Unit;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link HistoryStore}.
 */
class HistoryStoreTests extends AbstractStoreTests {

	private static final Series MAIL = new Series("mail", "");

	private static final long DAY = 24 * 3600;

	private final HistoryStore history = new HistoryStore(new RedisScripts(this.redis.connectionFactory()));

	static Tally tally(Series of, long... numbers) {
		return new Tally(of, numbers);
	}

	private void add(Tally... tallies) {
		this.history.calls(List.of(tallies)).forEach(this.history::add);
	}

	/** What was counted lately; a minute may have ended meanwhile. */
	private long[] sum(Series of, Unit unit, int size) {
		long[] sum = new long[size];
		this.history.read(List.of(of), unit, 3, size)
			.series()
			.get(0)
			.values()
			.forEach((numbers) -> IntStream.range(0, size).forEach((i) -> sum[i] += numbers[i]));
		return sum;
	}

	@Test
	void whatIsCountedAddsUpByMinuteAndByHour() {
		Series function = new Series("mail", "mail.send");
		add(tally(MAIL, 0, 1, 0, 300), tally(function, 0, 0, 0, 127), tally(new Series(HistoryStore.ALL, ""), 0, 5));
		add(tally(MAIL, 0, 2, 0, 5_000_000_000L));
		for (Unit unit : Unit.values()) {
			assertThat(sum(MAIL, unit, 4)).endsWith(3, 0, 5_000_000_300L);
			assertThat(sum(function, unit, 4)).containsExactly(0, 0, 0, 127);
			assertThat(sum(new Series(HistoryStore.ALL, ""), unit, 2)).containsExactly(0, 5);
			assertThat(sum(new Series("other", ""), unit, 2)).containsExactly(0, 0);
		}
		assertThat(this.history.functions("mail")).containsExactly(function);
		assertThat(this.history.functions(HistoryStore.ALL)).containsExactly(function);
		assertThat(this.history.functions("other")).isEmpty();
	}

	@Test
	void longRangesAreReadWhole() {
		add(tally(MAIL, 0, 1));
		Points points = this.history.read(List.of(MAIL), Unit.MINUTES, 1_440, 2);
		SortedMap<Long, long[]> found = points.series().get(0);
		assertThat(found).hasSize(1);
		assertThat(found.firstKey()).isBetween(points.now().getEpochSecond() / 60 - 1,
				points.now().getEpochSecond() / 60);
		String block = this.template.keys("rq:history:m*:mail").iterator().next();
		long first = Long.parseLong(block.replaceAll("\\D", "")) * 120;
		hash(block, "" + (found.firstKey() - first + 200), "\001\001", "x", "y");
		assertThat(this.history.read(List.of(MAIL), Unit.MINUTES, 1_440, 2).series().get(0)).hasSize(1);
	}

	@Test
	void everyKeyHasATimeToLive() {
		add(tally(MAIL, 0, 1), tally(new Series("mail", "mail.send"), 0, 1));
		Set<String> keys = this.template.keys("rq:*");
		assertThat(keys).hasSize(6);
		assertThat(keys).allSatisfy((key) -> assertThat(this.template.getExpire(key)).isBetween(1L, 96 * DAY));
		assertThat(this.template.keys("rq:history:m*"))
			.allSatisfy((key) -> assertThat(this.template.getExpire(key)).isBetween(DAY, DAY + 2 * 3600));
		assertThat(this.template.keys("rq:history:h*"))
			.allSatisfy((key) -> assertThat(this.template.getExpire(key)).isBetween(90 * DAY, 95 * DAY));
	}

	@Test
	void aCallWhoseReplyWasLostCountsOnce() {
		Call call = this.history.calls(List.of(tally(MAIL, 0, 7))).get(0);
		this.history.add(call);
		this.history.add(call);
		assertThat(sum(MAIL, Unit.MINUTES, 2)).containsExactly(1, 7);
	}

	@Test
	void lengthOfAQueueIsSeen() {
		push("mail", "a", "b", "c");
		add(tally(MAIL, 0, 0));
		assertThat(sum(MAIL, Unit.HOURS, 2)).containsExactly(4, 0);
		this.template.delete("rq:queue:mail");
		add(tally(MAIL, 0, 0));
		assertThat(sum(MAIL, Unit.HOURS, 2)).containsExactly(1, 0);
	}

	@Test
	void ofAQueueWhereNothingHappensItsLengthIsWritten() {
		add(tally(MAIL, 0, 0));
		assertThat(this.template.keys("*")).hasSize(2).allMatch((key) -> key.endsWith(":mail"));
		add(tally(new Series("mail", "mail.send"), 0, 0), tally(new Series(HistoryStore.ALL, ""), 0, 0));
		assertThat(this.template.keys("rq:history:*,")).isEmpty();
		assertThat(this.template.keys("rq:history-of-function*")).isEmpty();
	}

	@Test
	void moreFunctionsThanThereMayBeCountTogether() {
		for (int i = 0; i < HistoryStore.MOST_FUNCTIONS + 3; i++) {
			add(tally(new Series("mail", "f" + i), 0, 1));
		}
		assertThat(this.history.functions("mail")).hasSize(HistoryStore.MOST_FUNCTIONS);
		assertThat(sum(new Series("mail", HistoryStore.OTHERS), Unit.HOURS, 2)).containsExactly(0, 3);
		add(tally(new Series("mail", "f0"), 0, 1));
		assertThat(sum(new Series("mail", "f0"), Unit.HOURS, 2)).containsExactly(0, 2);
		zadd("rq:history-functions", now() - 91 * DAY, "mail,f1");
		add(tally(new Series("mail", "new"), 0, 1));
		assertThat(this.history.functions("mail")).contains(new Series("mail", "new"))
			.doesNotContain(new Series("mail", "f1"));
	}

	@Test
	void keysOfAnotherTypeAreLeftAlone() {
		this.template.opsForValue().set("rq:history-functions", "x");
		add(tally(new Series("mail", "f"), 0, 1));
		String key = this.template.keys("rq:history-of-function:m*").iterator().next();
		assertThat(key).endsWith(":mail:,");
		this.template.delete(key);
		this.template.opsForValue().set(key, "x");
		add(tally(new Series("mail", "f"), 0, 1));
		assertThat(this.template.getExpire(key)).isEqualTo(-1);
		assertThat(sum(new Series("mail", HistoryStore.OTHERS), Unit.MINUTES, 2)[1]).isLessThanOrEqualTo(1);
		assertThat(this.history.read(List.of(new Series("mail", HistoryStore.OTHERS)), Unit.MINUTES, 100, 2).series())
			.hasSize(1);
	}

	@Test
	void aReadIsOneCallHoweverManyQueues() {
		List<Series> series = IntStream.range(0, 100).mapToObj((i) -> new Series("q" + i, "")).toList();
		assertThat(this.history.read(series, Unit.MINUTES, 6, 2).series()).hasSize(100);
		assertThat(this.history.read(List.of(), Unit.MINUTES, 6, 2).series()).isEmpty();
	}

	/**
	 * Twenty queues and a hundred functions that are never idle, for as long as a hash is
	 * kept: 26 hours by minute and 95 days by hour. Measured 18 MB.
	 */
	@Test
	void aFullHistoryFitsIntoTwentyMegabytes() {
		try (TestRedis own = TestRedis.start()) {
			Random random = new Random(1);
			List<Series> series = new ArrayList<>(Collections.nCopies(1, new Series(HistoryStore.ALL, "")));
			IntStream.range(0, 20).forEach((i) -> series.add(new Series("queue-" + i, "")));
			IntStream.range(0, 100)
				.forEach((i) -> series.add(new Series("queue-" + i % 20, "com.example.Tasks.f" + i)));
			HistoryFill fill = new HistoryFill(own, random);
			series.forEach((one) -> {
				fill.fill(one, "m", 26 * 60, 60, 600);
				fill.fill(one, "h", 95 * 24, 3_600, 36_000);
			});
			long bytes = fill.memory();
			assertThat(bytes).isBetween(10_000_000L, 20_000_000L);
		}
	}

	/**
	 * Writes points as they would be after a long time.
	 */
	private static final class HistoryFill {

		private static final int BUCKETS = 36;

		private final TestRedis redis;

		private final Random random;

		private final long before;

		HistoryFill(TestRedis redis, Random random) {
			this.redis = redis;
			this.random = random;
			this.before = memory(redis);
		}

		long memory() {
			return memory(this.redis) - this.before;
		}

		private static long memory(TestRedis redis) {
			try (RedisConnection connection = redis.connectionFactory().getConnection()) {
				return Long.parseLong(connection.serverCommands().info("memory").getProperty("used_memory"));
			}
		}

		void fill(Series of, String unit, int points, int seconds, int runs) {
			try (RedisConnection connection = this.redis.connectionFactory().getConnection()) {
				long now = System.currentTimeMillis() / 1_000 / seconds;
				double waiting = this.random.nextDouble(5, 20);
				double running = this.random.nextDouble(5, 20);
				for (long from = now - points; from < now; from = (from / 120 + 1) * 120) {
					String key = (of.function().isEmpty() ? "rq:history:" : "rq:history-of-function:") + unit
							+ from / 120 + ":" + of.queue() + (of.function().isEmpty() ? "" : ":" + of.function());
					connection.openPipeline();
					for (long at = from; at < Math.min(now, (from / 120 + 1) * 120); at++) {
						long[] numbers = numbers(of, runs, waiting, running);
						put(connection, key, "" + at % 120, HistoryStore.packed(numbers, 0, HistoryStore.SPLIT));
						put(connection, key, at % 120 + "+",
								HistoryStore.packed(numbers, HistoryStore.SPLIT, numbers.length));
					}
					connection.keyCommands().expire(bytes(key), 10 * DAY);
					connection.closePipeline();
				}
			}
		}

		private static void put(RedisConnection connection, String key, String field, byte[] value) {
			if (value.length > 0) {
				connection.hashCommands().hSet(bytes(key), bytes(field), value);
			}
		}

		/** Times are spread over a few orders of magnitude. */
		private long[] numbers(Series of, int runs, double waiting, double running) {
			long[] numbers = new long[5 + 3 * BUCKETS];
			numbers[0] = of.function().isEmpty() ? this.random.nextInt(1_000) : 0;
			numbers[1] = runs;
			numbers[2] = runs - runs / 50;
			numbers[3] = this.random.nextInt(3);
			numbers[4] = this.random.nextInt(5);
			spread(numbers, 5, running, 1, runs);
			if (of.function().isEmpty()) {
				spread(numbers, 5 + BUCKETS, waiting, 2, runs);
			}
			return numbers;
		}

		private void spread(long[] numbers, int first, double middle, double width, int runs) {
			for (int bucket = 0; bucket < BUCKETS; bucket++) {
				double distance = (bucket - middle) / width;
				double expected = runs / width * 0.4 * Math.exp(-distance * distance / 2);
				numbers[first
						+ bucket] = (long) (expected * this.random.nextDouble(0.9, 1.1) + this.random.nextDouble());
			}
		}

	}

}
