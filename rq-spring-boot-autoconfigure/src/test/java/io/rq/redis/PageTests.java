package io.rq.redis;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.data.redis.connection.RedisConnection;

import io.rq.queue.JobCursor;
import io.rq.queue.JobPage;
import io.rq.queue.JobRow;
import io.rq.queue.Registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@code page.lua} and {@link JobPages}.
 */
class PageTests extends AbstractStoreTests {

	private final JobPages pages = new JobPages(new RedisScripts(this.redis.connectionFactory()));

	@Test
	void waitingJobsAreTold() {
		enqueue(job("a"), job("b"));
		String before = state();
		JobPage page = this.pages.page("default", Registry.QUEUED, null, 10);
		assertThat(state()).isEqualTo(before);
		assertThat(page.next()).isNull();
		assertThat(page.jobs()).containsExactly(waiting("a", 0), waiting("b", 1));
	}

	private static JobRow waiting(String id, long position) {
		return new JobRow(id, "default", "queued", "tasks.add(1)", NOW, NOW, null, null, null, null, null, position);
	}

	@Test
	void pagesOfAQueueAreNotShiftedByJobsThatLeaveOrCome() {
		push("default", ids(0, 50));
		JobPage first = this.pages.page("default", Registry.QUEUED, null, 20);
		for (int i = 0; i < 15; i++) {
			this.template.opsForList().leftPop("rq:queue:default");
		}
		JobPage second = this.pages.page("default", Registry.QUEUED, first.next(), 20);
		this.template.opsForList().leftPushAll("rq:queue:default", "x", "y", "z");
		JobPage third = this.pages.page("default", Registry.QUEUED, second.next(), 20);
		assertThat(ids(first, second, third)).containsExactly(ids(0, 50));
		assertThat(third.next()).isNull();
		assertThat(third.jobs().get(0).position()).isEqualTo(28);
	}

	@Test
	void pageOfAQueueBeginsAtThePlaceOfAJobThatIsGone() {
		push("default", ids(0, 30));
		JobPage first = this.pages.page("default", Registry.QUEUED, null, 10);
		this.template.opsForList().remove("rq:queue:default", 1, id(9));
		assertThat(ids(this.pages.page("default", Registry.QUEUED, first.next(), 10))).containsExactly(ids(10, 20));
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, 5_000, 9_999 })
	void pageFarFromTheBeginningOfAQueueGoesOn(long at) {
		push("default", ids(0, 10_010));
		JobPage page = this.pages.page("default", Registry.QUEUED, new JobCursor("" + at, id((int) at)), 3);
		assertThat(ids(page)).containsExactly(ids((int) at + 1, (int) at + 4));
	}

	@ParameterizedTest
	@ValueSource(strings = { "1769860800.123456", "1769860800123456789", "inf", "-inf", "-1", "1e300", "0.5" })
	void queueDoesNotGoOnFromAPlaceInARegistry(String place) {
		JobCursor cursor = new JobCursor(place, "job-1");
		assertThatIllegalArgumentException().isThrownBy(() -> this.pages.page("default", Registry.QUEUED, cursor, 10))
			.withMessageContaining("The cursor '" + place + ",job-1' is not one of a queue");
		assertThat(this.pages.page("default", Registry.FAILED, cursor, 10).jobs()).isEmpty();
	}

	@Test
	void eachRegistryHasItsOrderAndTellsItsTimes() {
		python("a", "status", "failed", "ended_at", "2026-01-31T12:00:01.000000Z", "worker_name", "w1");
		python("b", "status", "stopped", "ended_at", "2026-01-31T12:00:02.000000Z");
		python("c", "status", "failed", "ended_at", "2026-01-31T12:00:03.000000Z");
		zadd("rq:failed:default", 300, "a");
		zadd("rq:failed:default", Double.POSITIVE_INFINITY, "b");
		zadd("rq:failed:default", 100, "c");
		JobPage failed = this.pages.page("default", Registry.FAILED, null, 10);
		assertThat(ids(failed)).containsExactly("c", "b", "a");
		assertThat(failed.jobs()).extracting(JobRow::expiresAt)
			.containsExactly(Timestamps.ofSeconds(100), null, Timestamps.ofSeconds(300));
		assertThat(failed.jobs()).extracting(JobRow::worker).containsExactly(null, null, "w1");
		assertThat(failed.jobs()).extracting(JobRow::status).containsExactly("failed", "stopped", "failed");
		zadd("rq:scheduled:default", 20.5, "s");
		zadd("rq:scheduled:default", 10.5, "r");
		assertThat(this.pages.page("default", Registry.SCHEDULED, null, 10).jobs()).extracting(JobRow::dueAt)
			.containsExactly(Timestamps.ofSeconds(10.5), Timestamps.ofSeconds(20.5));
		zadd("rq:canceled:default", 1, "x");
		zadd("rq:canceled:default", 2, "y");
		assertThat(ids(this.pages.page("default", Registry.CANCELED, null, 10))).containsExactly("y", "x");
		zadd("rq:wip:default", 2, "p:1");
		zadd("rq:wip:default", 1, "q");
		assertThat(ids(this.pages.page("default", Registry.STARTED, null, 10))).containsExactly("q", "p");
	}

	/** Of equal scores, and while what has been read and what has not goes away. */
	@ParameterizedTest
	@EnumSource(value = Registry.class, mode = EnumSource.Mode.EXCLUDE, names = "QUEUED")
	void everyJobThatStaysIsReadOnce(Registry registry) {
		Random random = new Random(7);
		String key = KeyLayout.RQ.of("default").of(registry);
		List<String> staying = new ArrayList<>();
		List<String> going = new ArrayList<>();
		for (int i = 0; i < 400; i++) {
			String id = (random.nextBoolean() ? "A" : "a") + "-" + random.nextInt(1_000_000) + "_" + i;
			zadd(key, random.nextInt(4), id);
			(random.nextBoolean() ? staying : going).add(id);
		}
		Collections.shuffle(going, random);
		List<String> read = new ArrayList<>();
		JobCursor next = null;
		do {
			JobPage page = this.pages.page("default", registry, next, 7);
			read.addAll(ids(page));
			next = page.next();
			if (next != null && going.remove(next.member())) {
				this.template.opsForZSet().remove(key, next.member());
			}
			for (int i = 0; i < 3 && !going.isEmpty(); i++) {
				this.template.opsForZSet().remove(key, going.remove(0));
			}
		}
		while (next != null);
		assertThat(read).doesNotHaveDuplicates().containsAll(staying);
	}

	@Test
	void pageGoesOnBehindTheScoreThatAJobHadWhenItWasRead() {
		zadd("rq:failed:default", 3, "a");
		zadd("rq:failed:default", 2, "b");
		zadd("rq:failed:default", 1, "c");
		JobPage first = this.pages.page("default", Registry.FAILED, null, 2);
		zadd("rq:failed:default", 9, "b");
		assertThat(ids(this.pages.page("default", Registry.FAILED, first.next(), 2))).containsExactly("c");
	}

	@Test
	void whatIsGoneOrNoJobHasNothingButItsId() {
		push("default", "gone", "string");
		this.template.opsForValue().set("rq:job:string", "no hash");
		assertThat(this.pages.page("default", Registry.QUEUED, null, 9).jobs()).containsExactly(bare("gone", 0),
				bare("string", 1));
	}

	@ParameterizedTest
	@EnumSource(names = { "QUEUED", "SCHEDULED", "FAILED" })
	void memberThatIsEmptyHidesNoOther(Registry registry) {
		python("a");
		python("b");
		if (registry == Registry.QUEUED) {
			push("default", "a", "", "b");
		}
		else {
			zadd("rq:" + registry.value() + ":default", 1, "a");
			zadd("rq:" + registry.value() + ":default", 2, "");
			zadd("rq:" + registry.value() + ":default", 3, "b");
		}
		assertThat(this.pages.page("default", registry, null, 9).jobs()).extracting(JobRow::id)
			.containsExactlyInAnyOrder("a", "", "b");
		List<String> read = new ArrayList<>();
		JobCursor next = null;
		do {
			JobPage page = this.pages.page("default", registry, next, 1);
			page.jobs().forEach((row) -> read.add(row.id()));
			next = (page.next() != null) ? JobCursor.of(page.next().toString()) : null;
		}
		while (next != null);
		assertThat(read).containsExactlyInAnyOrder("a", "", "b");
	}

	private static JobRow bare(String id, long position) {
		return new JobRow(id, null, null, null, null, null, null, null, null, null, null, position);
	}

	@Test
	void descriptionIsCut() {
		python("long", "description", "x".repeat(100_000), "enqueued_at", "yesterday");
		push("default", "long");
		JobRow row = this.pages.page("default", Registry.QUEUED, null, 9).jobs().get(0);
		assertThat(row.description()).hasSize(1_000);
		assertThat(row.enqueuedAt()).isNull();
	}

	@Test
	void aPageCostsACommandForEachJobAndThreeMore() {
		push("default", ids(0, 100));
		for (String id : ids(0, 100)) {
			zadd("rq:failed:default", 5, id);
		}
		for (Registry registry : List.of(Registry.QUEUED, Registry.FAILED)) {
			JobCursor next = this.pages.page("default", registry, null, 20).next();
			long before = commands();
			this.pages.page("default", registry, next, 20);
			assertThat(commands() - before - COUNTING).isLessThanOrEqualTo(23);
		}
	}

	/** The command that asks for the number is counted at the next question. */
	private static final long COUNTING = 1;

	private long commands() {
		try (RedisConnection connection = this.redis.connectionFactory().getConnection()) {
			return connection.serverCommands()
				.info("commandstats")
				.values()
				.stream()
				.map(String::valueOf)
				.mapToLong((stats) -> Long.parseLong(stats.substring(stats.indexOf('=') + 1, stats.indexOf(','))))
				.sum();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a", "1", ",a", "x,a", "nan,a", "1 ,a", "--1,a", "1;a" })
	void cursorsOfNoPageAreRefused(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> JobCursor.of(text))
			.withMessageContaining("begin without");
	}

	@ParameterizedTest
	@ValueSource(strings = { "1.5,a", "inf,a-b_c", "-inf,a", "1e+20,a:b,c", "0,a", "0," })
	void cursorsComeBackFromTheirText(String text) {
		assertThat(JobCursor.of(text)).hasToString(text);
		assertThat(this.pages.page("default", Registry.FAILED, JobCursor.of(text), 1).jobs()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(ints = { -1, 0, 1_001 })
	void limitsOutOfRangeAreRefused(int limit) {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.pages.page("default", Registry.FAILED, (@Nullable JobCursor) null, limit))
			.withMessageContaining("read more in pages");
	}

	private static String id(int number) {
		return "j%05d".formatted(number);
	}

	private static String[] ids(int from, int to) {
		return IntStream.range(from, to).mapToObj(PageTests::id).toArray(String[]::new);
	}

	private static List<String> ids(JobPage... pages) {
		return List.of(pages).stream().flatMap((page) -> page.jobs().stream()).map(JobRow::id).toList();
	}

}
