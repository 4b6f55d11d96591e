package io.rq.template;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import org.springframework.core.ParameterizedTypeReference;

import io.rq.job.Call;
import io.rq.job.InvalidJobException;
import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.job.JobResult;
import io.rq.test.TestRedis;

import static io.rq.test.TestStores.key;
import static io.rq.test.TestStores.makeKnown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

/**
 * Tests for what is read of jobs: their calls, times and recorded outcomes.
 */
class RecordedResultsTests extends AbstractControlTests {

	RecordedResultsTests(TestRedis redis) {
		super(redis);
	}

	private void record(String stream, String type, String field, String value) {
		this.template.opsForStream().add(stream, Map.of("type", type, "worker_name", "w1", field, value));
	}

	@Test
	void newestResultAndTheValueOfEachAreRead() {
		makeKnown(this.template, "default");
		record(key("rq:results:a"), "1", "return_value", "eyJzdW0iOiAzfQ==");
		record(key("rq:results:a"), "1", "return_value", "eyJzdW0iOiA0fQ==");
		JobResult latest = this.jobs.latestResult("a").orElseThrow();
		assertThat(this.jobs.value(latest, Sum.class)).contains(new Sum(4));
		assertThat(
				this.jobs.value(this.jobs.results("a").get(1), new ParameterizedTypeReference<Map<String, Integer>>() {
				}))
			.contains(Map.of("sum", 3));
		record(key("rq:attempts:a"), "4", "exc_string", "eJwDAAAAAAE=");
		JobResult attempt = this.jobs.latestResult("a").orElseThrow();
		assertThat(attempt.type()).isEqualTo(JobResult.Type.RETRIED);
		assertThat(this.jobs.value(attempt, Sum.class)).isEmpty();
		assertThat(this.jobs.latestResult("none")).isEmpty();
		assertThat(this.jobs.latestResult("a b")).isEmpty();
	}

	@Test
	void resultsAreDeletedAndTheJobStays() {
		Job job = this.jobs.enqueue("f");
		record(key("rq:results:" + job.id()), "1", "return_value", "MQ==");
		record(key("rq:results:" + job.id()), "1", "return_value", "MQ==");
		record(key("rq:attempts:" + job.id()), "4", "return_value", "MQ==");
		assertThat(this.jobs.deleteResults(job.id())).isEqualTo(3);
		assertThat(this.jobs.deleteResults(job.id())).isZero();
		assertThat(this.jobs.results(job.id())).isEmpty();
		assertThat(this.jobs.exists(job.id())).isTrue();
	}

	@Test
	void whenAJobIsDueAndHowLongItIsKept() {
		Job later = this.jobs.enqueueIn(Duration.ofMinutes(5), "f");
		assertThat(this.jobs.scheduledTime(later.id()).orElseThrow()).isCloseTo(Instant.now().plusSeconds(300),
				within(Duration.ofSeconds(20)));
		Job now = this.jobs.enqueue("f");
		assertThat(this.jobs.scheduledTime(now.id())).isEmpty();
		assertThat(this.jobs.scheduledTime("none")).isEmpty();
		assertThat(this.jobs.expirationTime(now.id())).isEmpty();
		this.template.opsForHash().put(key("rq:job:" + now.id()), "status", "finished");
		this.template.opsForZSet().add(key("rq:finished:default"), now.id(), 1_900_000_000);
		assertThat(this.jobs.expirationTime(now.id())).contains(Instant.ofEpochSecond(1_900_000_000));
		this.template.opsForZSet().add(key("rq:finished:default"), now.id(), Double.POSITIVE_INFINITY);
		assertThat(this.jobs.expirationTime(now.id())).isEmpty();
	}

	@Test
	void whatAJobCallsIsReadAsPlainValues() {
		Job job = this.jobs
			.enqueue(JobRequest.of("tasks.add", 1, List.of("x")).kwargs(Map.of("b", true)).meta(Map.of("m", 7)));
		Call call = this.jobs.call(job.id()).orElseThrow();
		assertThat(call.function()).isEqualTo("tasks.add");
		assertThat(call.args()).containsExactly(1, List.of("x"));
		assertThat(call.kwargs()).isEqualTo(Map.of("b", true));
		assertThat(call.meta()).isEqualTo(Map.of("m", 7));
		assertThat(this.jobs.call("none")).isEmpty();
		this.template.opsForHash().put(key("rq:job:" + job.id()), "data", "no call");
		assertThatExceptionOfType(InvalidJobException.class).isThrownBy(() -> this.jobs.call(job.id()));
	}

	record Sum(int sum) {

	}

}
