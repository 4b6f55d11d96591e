package io.rq.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.data.redis.connection.stream.ByteRecord;
import org.springframework.data.redis.connection.stream.RecordId;
import org.springframework.data.redis.connection.stream.StreamRecords;

import io.rq.job.Callback;
import io.rq.job.InvalidJobException;
import io.rq.job.Job;
import io.rq.job.JobHooks;
import io.rq.job.JobLinks;
import io.rq.job.JobOptions;
import io.rq.job.JobPayload;
import io.rq.job.JobRun;
import io.rq.job.JobStatus;
import io.rq.job.JobTimes;
import io.rq.job.RateLimit;
import io.rq.job.Retry;
import io.rq.test.Fuzz;

/**
 * Throws damaged hashes, entries and members of sets at what reads them.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class StoredBytesFuzzTests {

	private static final int MAX_PAYLOAD = 20_000;

	private final Fuzz fuzz = new Fuzz(new byte[] { 0x78, (byte) 0x9c, 1 }, new byte[] { (byte) 0x80, 5 });

	private static Map<String, byte[]> written(JobOptions options, String... more) {
		Job job = new Job("job-1", "mail", JobStatus.QUEUED, options, JobTimes.createdAt(AbstractStoreTests.NOW),
				JobRun.NONE, new JobPayload(bytes("[\"f\",null,[1],{}]"), bytes("{\"k\":1}")));
		Map<String, byte[]> fields = JobHashReader.fields(JobHashWriter.write(job));
		for (int i = 0; i < more.length; i += 2) {
			fields.put(more[i], bytes(more[i + 1]));
		}
		return fields;
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static List<Map<String, byte[]>> hashes() {
		JobOptions all = new JobOptions("sums up", Duration.ofMinutes(2), Duration.ofSeconds(600), Duration.ofHours(1),
				Duration.ofDays(1), Retry.max(3).intervals(10, 60).atFront(), null);
		JobLinks links = new JobLinks(List.of("a", "b"), true, true, "group",
				RateLimit.key("api").limit(6, Duration.ofMinutes(1)).burst(2));
		String stamp = AbstractStoreTests.STAMP;
		return List.of(written(all), written(all.withLinks(links)),
				written(JobOptions.NONE.withTimeout(JobOptions.UNLIMITED)
					.withHooks(JobHooks.NONE.withOnSuccess(Callback.of("ok")).withOnFailure(Callback.of("bad"))),
						"worker_name", "w1", "started_at", stamp, "ended_at", stamp, "last_heartbeat", stamp,
						"enqueued_at", stamp),
				written(JobOptions.NONE.withTimeout(Duration.ofSeconds(5)), "repeats_left", "3", "repeat_intervals",
						"[5, 1.5]", "attempts", "2", "number_of_retries", "1", "reclaims", "1", "webhooks",
						"[{\"url\": \"https://example.org\"}]", "rate_limit_key", "api", "rate_limit_concurrency", "2",
						"enqueue_at_front", "1", "allow_dependency_failures", "1", "success_callback_name", "ok",
						"success_callback_timeout", "60"));
	}

	@Test
	void everyJobIsReadOrRefused() {
		List<Map<String, byte[]>> hashes = hashes();
		this.fuzz.eachIsReadOrRefused(() -> this.fuzz.damagedHash(hashes), (hash) -> {
			JobHashReader.isLinked(hash);
			use(JobHashReader.read("job-1", hash, MAX_PAYLOAD));
		}, List.of(InvalidJobException.class));
	}

	/** What a worker does with a job before its function has been called. */
	private static void use(Job job) {
		JobHashWriter.write(job);
		Retry retry = job.options().retry();
		if (retry != null && retry.hasRetriesLeft()) {
			retry.waitSeconds(0);
			retry.intervalSecondsAfter(5);
			retry.describeWaits();
		}
	}

	private static List<Map<String, byte[]>> results() {
		Base64.Encoder base64 = Base64.getEncoder();
		Map<String, byte[]> success = new HashMap<>(Map.of("type", bytes("1"), "return_value",
				base64.encode(bytes("{\"sum\": 3}")), "worker_name", bytes("w1"), "execution_id", bytes("0123"),
				"execution_started_at", bytes("1769860800.123456"), "execution_ended_at", bytes("1769860801.5")));
		Map<String, byte[]> failure = Map.of("type", bytes("2"), "exc_string",
				bytes(ResultEntry.encodeException("ValueError: bang")), "worker_name", bytes("w1"));
		return List.of(success, failure);
	}

	@Test
	void everyResultIsReadOrRefused() {
		List<Map<String, byte[]>> results = results();
		List<String> ids = List.of("1769860800123-0", "0-1", "18446744073709551615-18446744073709551615",
				"9223372036854775808-1");
		this.fuzz.eachIsReadOrRefused(() -> this.fuzz.damagedHash(results), (result) -> {
			Map<byte[], byte[]> fields = new HashMap<>();
			result.forEach((name, value) -> fields.put(bytes(name), value));
			ByteRecord entry = StreamRecords.newRecord()
				.withId(RecordId.of(this.fuzz.any(ids)))
				.ofBytes(fields)
				.withStreamKey(bytes("rq:results:job-1"));
			ResultEntry.of(entry).read();
		}, List.of(InvalidJobException.class));
	}

	@Test
	void everyRunOfAJobIsRead() {
		List<Map<String, byte[]>> runs = List.of(Map.of("id", bytes("0123"), "job_id", bytes("job-1"), "created_at",
				bytes("1769860800.123456"), "last_heartbeat", bytes("1769860801"), "worker_name", bytes("w1")));
		List<byte[]> members = List.of(bytes("job-1:0123"), bytes("job-1"));
		this.fuzz.eachIsReadOrRefused(() -> this.fuzz.damagedHash(runs), (run) -> {
			Map<String, String> fields = new HashMap<>();
			run.forEach((name, value) -> fields.put(name, Replies.text(value)));
			JobReader.execution("job-1", "0123", fields, this.fuzz.random().nextGaussian() * 1e18);
			QueueStore.executionId(Replies.text(this.fuzz.damaged(members)));
		}, List.of());
	}

	@Test
	void whatIsKnownOfACronJobIsReadWhateverItIs() {
		List<Map<String, byte[]>> states = List.of(Map.of("schedule", bytes("0 0 * * * *"), "last",
				bytes("1769860800123"), "fired_at", bytes(AbstractStoreTests.STAMP), "job", bytes("job-1"), "paused",
				bytes(AbstractStoreTests.STAMP + " the disk is full")));
		this.fuzz.eachIsReadOrRefused(() -> this.fuzz.damagedHash(states), (state) -> {
			Map<String, String> fields = new HashMap<>();
			state.forEach((name, value) -> fields.put(name, Replies.text(value)));
			CronStore.Known.of(fields).toString();
			List<Object> reply = new ArrayList<>(List.of(this.fuzz.any(new ArrayList<>(state.values())),
					this.fuzz.any(new ArrayList<>(state.values())), this.fuzz.any(new ArrayList<>(state.values())),
					1L));
			CronStore.state(reply);
		}, List.of());
	}

	@Test
	void everyNameOfALimitIsReadOrIsNone() {
		List<String> names = List.of("window:6:60000:api", "bucket:6:60000:2:api", "api");
		this.fuzz.eachIsReadOrRefused(() -> this.fuzz.damagedText(names), (name) -> {
			RateWindow.find(name);
			RateWindow.key(name);
		}, List.of());
	}

}
