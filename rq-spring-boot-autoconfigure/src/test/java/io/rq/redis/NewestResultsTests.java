package io.rq.redis;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.stream.RecordId;
import org.springframework.data.redis.connection.stream.StreamRecords;

import io.rq.job.JobResult;
import io.rq.job.JobResult.Type;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for reading what has become of a job without reading what it returned.
 */
class NewestResultsTests extends AbstractStoreTests {

	private static final String VALUE = ResultEntry.encodeValue("42".getBytes(StandardCharsets.UTF_8));

	private void add(String stream, int time, Map<String, String> fields) {
		this.template.opsForStream()
			.add(StreamRecords.mapBacked(fields).withStreamKey(stream).withId(RecordId.of(time, 1)));
	}

	/** With an id that clients take for too large. */
	private void add(String... command) {
		try (RedisConnection connection = this.redis.connectionFactory().getConnection()) {
			connection.execute("XADD", Stream.of(command).map(ScriptArguments::bytes).toArray(byte[][]::new));
		}
	}

	private long sent() {
		try (RedisConnection connection = this.redis.connectionFactory().getConnection()) {
			Properties stats = connection.serverCommands().info("stats");
			assertThat(stats).isNotNull();
			return Long.parseLong(stats.getProperty("total_net_output_bytes"));
		}
	}

	@Test
	void attemptsAndResultsAreReadNewestFirstAndTheValueOfTheNewestOnly() {
		add("rq:results:a", 1, Map.of("type", "1", "return_value", VALUE));
		add("rq:attempts:a", 2, Map.of("type", "4", "exc_string", ResultEntry.encodeException("bang")));
		add("rq:results:a", 3, Map.of("type", "1", "return_value", VALUE, "worker_name", "w"));
		add("rq:results:a", 4, Map.of("type", "no number"));
		NewestResults outcomes = this.jobs.outcomes("a");
		assertThat(outcomes.newestFirst()).extracting(JobResult::type)
			.containsExactly(Type.SUCCESSFUL, Type.RETRIED, Type.SUCCESSFUL);
		assertThat(outcomes.newestFirst().get(1).exception()).isEqualTo("bang");
		assertThat(outcomes.newestFirst().get(0).run().workerName()).isEqualTo("w");
		this.template.opsForStream().delete("rq:results:a", "4-1");
		outcomes = this.jobs.outcomes("a");
		assertThat(outcomes.newestFirst().get(0).returnValue()).asString(StandardCharsets.UTF_8).isEqualTo("42");
		assertThat(outcomes.newestFirst().get(2).returnValue()).isNull();
		assertThat(outcomes.valueTooLong()).isFalse();
		assertThat(this.jobs.outcomes("none").newestFirst()).isEmpty();
	}

	@Test
	void runsOfOneMillisecondAreToldInTheOrderInWhichTheyBegan() {
		add("rq:attempts:a", "5-0", "type", "4", "execution_started_at", "1769860800.000100");
		add("rq:attempts:a", "5-1", "type", "4", "execution_started_at", "1769860800.000400");
		add("rq:results:a", "5-0", "type", "2", "execution_started_at", "1769860800.000700");
		add("rq:attempts:a", "6-0", "type", "4", "execution_started_at", "1769860800.000800");
		assertThat(this.jobs.results("a")).extracting((result) -> result.type() + " " + result.id())
			.containsExactly("RETRIED 6-0", "FAILED 5-0", "RETRIED 5-1", "RETRIED 5-0");
		assertThat(this.jobs.outcomes("a").newestFirst()).extracting(JobResult::id)
			.containsExactlyElementsOf(this.jobs.results("a").stream().map(JobResult::id).toList());
	}

	@Test
	void anyIdOfAnEntryIsRead() {
		for (String id : List.of("5-1", "9999999999999999998-0", "9999999999999999999-9999999999999999998",
				"9999999999999999999-9999999999999999999")) {
			add("rq:results:a", id, "type", "1", "return_value", VALUE);
		}
		assertThat(this.jobs.results("a")).extracting(JobResult::id)
			.containsExactly("9999999999999999999-9999999999999999999", "9999999999999999999-9999999999999999998",
					"9999999999999999998-0", "5-1");
		assertThat(this.jobs.outcomes("a").newestFirst()).extracting(JobResult::id)
			.containsExactlyElementsOf(this.jobs.results("a").stream().map(JobResult::id).toList());
		assertThat(this.jobs.latestResult("a"))
			.hasValueSatisfying((result) -> assertThat(result.createdAt()).isEqualTo("9999-12-31T23:59:59.999999Z"));
		AuditLog audit = new AuditLog(new RedisScripts(this.redis.connectionFactory()));
		add("rq:audit", "9999999999999999998-0", "operator", "eve");
		assertThat(audit.read(null, 10)).extracting(AuditLog.Entry::id).containsExactly("9999999999999999998-0");
	}

	@Test
	void valuesThatAreLongStayInRedis() {
		String large = "A".repeat(3_000_000);
		for (int time = 1; time <= 10; time++) {
			add("rq:results:a", time, Map.of("type", "1", "return_value", large));
			add("rq:attempts:a", time, Map.of("type", "4", "exc_string", large));
		}
		long before = sent();
		NewestResults outcomes = this.jobs.outcomes("a");
		assertThat(sent() - before).isLessThan(1_000_000);
		assertThat(outcomes.newestFirst()).hasSizeBetween(2, 19);
		assertThat(outcomes.newestFirst().get(0).type()).isEqualTo(Type.SUCCESSFUL);
		assertThat(outcomes.newestFirst().get(0).returnValue()).isNull();
		assertThat(outcomes.valueTooLong()).isTrue();
		assertThat(outcomes.newestFirst()).filteredOn((outcome) -> outcome.type() == Type.RETRIED)
			.allSatisfy((outcome) -> assertThat(outcome.exception()).contains("longer than"));
	}

}
