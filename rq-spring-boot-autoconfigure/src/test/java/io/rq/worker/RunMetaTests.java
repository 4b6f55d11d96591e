package io.rq.worker;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

import io.rq.job.Job;
import io.rq.job.JobOptions;
import io.rq.job.JobPayload;
import io.rq.job.JobRun;
import io.rq.job.JobStatus;
import io.rq.job.JobTimes;
import io.rq.job.NewJob;
import io.rq.redis.JobStore;
import io.rq.serializer.JacksonJobSerializer;
import io.rq.serializer.MetaData;
import io.rq.test.RedisTest;
import io.rq.test.TestStores;

import static io.rq.test.TestStores.key;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RunMeta} beside others who change the meta data of the same job.
 */
@RedisTest
class RunMetaTests {

	private final JacksonJobSerializer serializer = new JacksonJobSerializer(JsonMapper.builder().build());

	private final StringRedisTemplate redis;

	private final JobStore jobs;

	private final Job job = new Job("a", "default", JobStatus.CREATED, JobOptions.NONE,
			JobTimes.createdAt(Instant.EPOCH), JobRun.NONE, new JobPayload("[]".getBytes(StandardCharsets.UTF_8),
					"{\"kept\":1,\"changed\":1,\"removed\":1,\"list\":[1]}".getBytes(StandardCharsets.UTF_8)));

	private final RunMeta meta = new RunMeta(this.job, this.serializer);

	RunMetaTests(RedisConnectionFactory connections) {
		this.redis = new StringRedisTemplate(connections);
		this.jobs = TestStores.jobs(TestStores.scripts(connections), Clock.systemUTC());
	}

	@BeforeEach
	void enqueue() {
		this.jobs.enqueue(List.of(new NewJob(this.job, false, false, false, null)));
	}

	private void fromOutside(Map<String, Object> changes) {
		this.jobs.changeMeta("a", (current) -> {
			Map<String, @Nullable Object> all = MetaData.read(this.serializer, current);
			changes.forEach((name, value) -> {
				if (value.equals("none")) {
					all.remove(name);
				}
				else {
					all.put(name, value);
				}
			});
			return MetaData.write(this.serializer, all);
		});
	}

	private Map<String, @Nullable Object> stored() {
		String text = this.redis.<String, String>opsForHash().get(key("rq:job:a"), "meta");
		return MetaData.read(this.serializer, (text != null) ? text.getBytes(StandardCharsets.UTF_8) : null);
	}

	/** W26. */
	@Test
	void whatOthersChangeStaysUnlessTheRunHasChangedItToo() {
		fromOutside(Map.of("changed", "theirs", "new", "theirs", "removed", "none", "both", "theirs"));
		this.meta.values().put("own", 2);
		this.meta.values().put("both", "own");
		this.meta.save(this.jobs);
		assertThat(stored()).isEqualTo(
				Map.of("kept", 1, "changed", "theirs", "new", "theirs", "list", List.of(1), "own", 2, "both", "own"));
		assertThat(this.meta.values()).isEqualTo(stored());
		fromOutside(Map.of("both", "theirs", "own", "none"));
		this.meta.values().remove("new");
		this.meta.save(this.jobs);
		assertThat(stored()).isEqualTo(Map.of("kept", 1, "changed", "theirs", "list", List.of(1), "both", "theirs"));
	}

	@Test
	void whatIsChangedInsideAValueIsAChange() {
		@SuppressWarnings("unchecked")
		List<Object> list = new ArrayList<>((List<Object>) this.meta.values().get("list"));
		this.meta.values().put("list", list);
		this.meta.save(this.jobs);
		list.add(2);
		fromOutside(Map.of("new", 1));
		this.meta.save(this.jobs);
		assertThat(stored()).containsEntry("list", List.of(1, 2)).containsEntry("new", 1);
	}

	@Test
	void nothingIsStoredForAJobThatIsGone() {
		this.redis.delete(key("rq:job:a"));
		this.meta.values().put("own", 2);
		this.meta.save(this.jobs);
		assertThat(this.redis.hasKey(key("rq:job:a"))).isFalse();
	}

	@Test
	void noValuesAreNoField() {
		this.meta.values().clear();
		this.meta.save(this.jobs);
		assertThat(this.redis.opsForHash().hasKey(key("rq:job:a"), "meta")).isFalse();
	}

}
