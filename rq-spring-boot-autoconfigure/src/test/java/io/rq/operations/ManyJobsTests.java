package io.rq.operations;

import java.nio.charset.StandardCharsets;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.awaitility.Awaitility;
import org.hamcrest.Matchers;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.ReturnType;

import io.rq.annotation.RqJob;
import io.rq.autoconfigure.RqAutoConfiguration;
import io.rq.history.HistoryRange;
import io.rq.queue.Registry;
import io.rq.template.JobTemplate;
import io.rq.test.RedisTest;
import io.rq.test.OneRedis;
import io.rq.test.StartChecks;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests what it costs, in commands of Redis (those within scripts too) and in round
 * trips, to read and to change where many jobs are queued, scheduled, finished and
 * failed: the same however many there are. {@code -Drq.jobs=1000000} makes it a million
 * of each, which takes Redis three gigabytes, and prints the figures of the docs.
 */
@RedisTest
@OneRedis("counts the commands of one server")
class ManyJobsTests {

	private static final int JOBS = Integer.getInteger("rq.jobs", 20_000);

	private static final int BATCH = 1_000;

	private static final String FILL = """
			local function job(id, status)
				redis.call('HSET', 'rq:job:' .. id, 'created_at', '2026-01-31T12:00:00.000000Z', 'enqueued_at',
					'2026-01-31T12:00:00.000000Z', 'started_at', '2026-01-31T12:00:01.000000Z', 'ended_at',
					'2026-01-31T12:00:02.000000Z', 'origin', 'big', 'status', status, 'timeout', '180',
					'description', 'tasks.add(1)', 'worker_name', 'ada', 'data', '["tasks.add",null,[1],{}]')
			end
			for i = ARGV[1] + 1, ARGV[1] + 1000 do
				job('q' .. i, 'queued')
				redis.call('RPUSH', 'rq:queue:big', 'q' .. i)
				for _, state in ipairs({ 'scheduled', 'finished', 'failed' }) do
					local id = string.sub(state, 1, 2) .. i
					job(id, state)
					redis.call('ZADD', 'rq:' .. state .. ':big', 4000000000 + i, id)
				end
			end
			redis.call('SADD', 'rq:queues', 'rq:queue:big')
			""";

	private static final Cost PAGE = new Cost(50 + 4, 2, 0);

	private static final Cost SEARCH = new Cost(10_000 + 3 * 20 + 1, 21, 0);

	private static final Cost JOB = new Cost(13, 9, 0);

	private static final Cost EXPLANATION = new Cost(29, 5, 0);

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, JacksonAutoConfiguration.class,
				RqAutoConfiguration.class))
		.withPropertyValues("spring.data.redis.url=" + TestRedis.shared().url());

	private void fill(RedisConnection connection) {
		for (int i = 0; i < JOBS; i += BATCH) {
			connection.scriptingCommands()
				.eval(FILL.getBytes(StandardCharsets.UTF_8), ReturnType.STATUS, 0,
						String.valueOf(i).getBytes(StandardCharsets.UTF_8));
		}
	}

	@Test
	void readingCostsTheSameHoweverManyJobsThereAre() {
		try (RedisConnection connection = TestRedis.shared().connectionFactory().getConnection()) {
			fill(connection);
			this.runner
				.withPropertyValues("rq.worker.enabled=false", "rq.history.enabled=false",
						"rq.operations.bulk.enabled=false")
				.run((context) -> readAll(context.getBean(RqOperations.class), new Meter(connection)));
		}
	}

	private void readAll(RqOperations operations, Meter meter) {
		// would be counted too
		Awaitility.await().until(() -> !StartChecks.areUnderWay());
		// a census answers all who ask within a second
		Awaitility.await().until(() -> meter.read("overview", new Cost(23, 6, 0), operations::overview).commands() > 0);
		meter.read("queue", new Cost(22, 7, 0), () -> operations.queue("big"));
		for (Registry registry : new Registry[] { Registry.QUEUED, Registry.SCHEDULED, Registry.FINISHED,
				Registry.FAILED }) {
			JobList first = operations.jobs("big", registry, JobFilter.ALL, null, 50);
			assertThat(first.total()).isEqualTo(JOBS);
			meter.read("50 jobs of " + registry, PAGE,
					() -> operations.jobs("big", registry, JobFilter.ALL, first.next(), 50));
			meter.read("search among " + registry, SEARCH,
					() -> operations.jobs("big", registry, new JobFilter("nothing", null), null, 50));
		}
		for (String id : new String[] { "q", "sc", "fi", "fa" }) {
			meter.read("job " + id, JOB, () -> operations.job(id + JOBS / 2).orElseThrow());
			meter.read("explain " + id, EXPLANATION, () -> operations.explain(id + JOBS / 2));
		}
		meter.read("failures by kind", new Cost(2 * 2_000 + 96, 43, 0), operations::failures);
		meter.read("history", new Cost(17, 3, 0), () -> operations.history("big", null, HistoryRange.DAY));
		meter.read("record of operations", new Cost(1, 1, 0), () -> operations.audit(null, 50));
		// before Redis 7 each right is tried
		meter.read("doctor", new Cost(TestRedis.shared().isAtLeast(7) ? 27 : 70, 10, 0), operations::doctor);
	}

	@Test
	void allFailedAreRequeuedWhileWorkersGoOn() {
		try (RedisConnection connection = TestRedis.shared().connectionFactory().getConnection()) {
			fill(connection);
			this.runner.withUserConfiguration(Jobs.class)
				.withPropertyValues("rq.worker.queues=other", "rq.history.enabled=false")
				.run((context) -> requeueAll(context.getBean(RqOperations.class), context.getBean(JobTemplate.class),
						context.getBean(Jobs.class), new Meter(connection)));
		}
	}

	private void requeueAll(RqOperations operations, JobTemplate jobs, Jobs ran, Meter meter) {
		meter.reset();
		String id = operations.bulk(BulkRequest.all(Operation.REQUEUE, "big", Registry.FAILED, BulkOptions.NONE)).id();
		int others = 0;
		while (operations.bulkOperation(id).orElseThrow().state().isOpen()) {
			jobs.enqueue(Jobs::run, 1);
			others++;
		}
		meter.tell("requeue all " + JOBS);
		BulkOperation done = operations.bulkOperation(id).orElseThrow();
		assertThat(done.state()).isEqualTo(BulkOperation.State.DONE);
		assertThat(done.done()).isEqualTo(JOBS);
		assertThat(done.refused()).isZero();
		QueueDescriptor queue = operations.queue("big").orElseThrow().queue();
		assertThat(queue.failed()).isZero();
		assertThat(queue.queued()).isEqualTo(2L * JOBS);
		Awaitility.await().untilAtomic(ran.count, Matchers.equalTo(others));
		System.out.println("| meanwhile | " + others + " other jobs ran |");
	}

	@Configuration(proxyBeanMethods = false)
	static class Jobs {

		private final AtomicInteger count = new AtomicInteger();

		@RqJob(name = "jobs.run", queue = "other")
		void run(int step) {
			this.count.addAndGet(step);
		}

	}

	/** Reads what Redis has counted. */
	private record Meter(RedisConnection connection) {

		Cost read(String name, Cost most, Supplier<?> read) {
			Cost cost = measured(read);
			// a request that comes in several pieces is read as often
			for (int again = 0; again < 2 && cost.trips() > most.trips(); again++) {
				cost = measured(read);
			}
			System.out.println("| " + name + " | " + cost.commands() + " | " + cost.trips() + " |");
			assertThat(cost.commands()).as(name).isLessThanOrEqualTo(most.commands());
			assertThat(cost.trips()).as(name).isLessThanOrEqualTo(most.trips());
			return cost;
		}

		private Cost measured(Supplier<?> read) {
			reset();
			assertThat(read.get()).isNotNull();
			return cost();
		}

		void reset() {
			this.connection.serverCommands().resetConfigStats();
		}

		/** Without the commands, and their round trips, that begin and end the count. */
		private Cost cost() {
			long trips = Long
				.parseLong(this.connection.serverCommands().info("stats").getProperty("total_reads_processed"));
			Properties commands = this.connection.serverCommands().info("commandstats");
			return new Cost(sum(commands, "calls") - 2, trips - 1, sum(commands, "usec"));
		}

		private static long sum(Properties commands, String figure) {
			Pattern pattern = Pattern.compile("(?:^|,)" + figure + "=(\\d+)");
			return commands.values()
				.stream()
				.map((command) -> pattern.matcher(String.valueOf(command)))
				.filter(Matcher::find)
				.mapToLong((matcher) -> Long.parseLong(matcher.group(1)))
				.sum();
		}

		void tell(String name) {
			System.out.println("| " + name + " | " + cost() + " | "
					+ this.connection.serverCommands()
						.info("latencystats")
						.getProperty("latency_percentiles_usec_evalsha")
					+ " |");
		}

	}

	/**
	 * What Redis was asked to do.
	 *
	 * @param commands how many commands it carried out
	 * @param trips how often it was asked
	 * @param usec how long they took it, in microseconds
	 */
	private record Cost(long commands, long trips, long usec) {

	}

}
