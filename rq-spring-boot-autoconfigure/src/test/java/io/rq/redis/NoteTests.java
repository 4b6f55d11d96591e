package io.rq.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.data.redis.connection.RedisConnectionFactory;

import io.rq.test.FaultProxy;
import io.rq.test.RedisClients;
import io.rq.test.TestStores;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the script that stores what is noted about a job.
 */
class NoteTests extends AbstractStoreTests {

	private static final String SHA = ScriptTexts.of(KeyLayout.RQ).get(Script.NOTE).sha();

	private static byte[] plusOne(byte @Nullable [] count) {
		return bytes("" + ((count != null) ? Integer.parseInt(new String(count, StandardCharsets.UTF_8)) + 1 : 1));
	}

	@Test
	void changeIsMadeAgainWhereAnotherCameBefore() {
		enqueue(job("a"));
		AtomicInteger calls = new AtomicInteger();
		assertThat(this.jobs.changeMeta("a", (meta) -> {
			if (calls.incrementAndGet() < 3) {
				this.jobs.changeMeta("a", NoteTests::plusOne);
			}
			return plusOne(meta);
		})).isTrue();
		assertThat(calls).hasValue(3);
		assertThat(field("a", "meta")).isEqualTo("3");
	}

	@Test
	void noMetaDataIsNoField() {
		enqueue(job("a"));
		note("a");
		assertThat(this.jobs.changeMeta("a", (meta) -> null)).isTrue();
		assertThat(this.redis.state().hash("rq:job:a")).doesNotContainKey("meta").containsKey("data");
		assertThat(
				this.jobs.changeMeta("default", "a", bytes("as it was"), (meta) -> (meta != null) ? null : bytes("x")))
			.isTrue();
		assertThat(field("a", "meta")).isEqualTo("x");
	}

	/** W26: RQ writes the whole job from the copy that it began with. */
	@ParameterizedTest
	@ValueSource(strings = { "retried", "failed", "stopped", "abandoned" })
	void whatARunHasNotedStaysHoweverItEnds(String end) {
		Execution run = started("a");
		this.jobs.changeMeta("default", "a", null, (meta) -> bytes("{\"stage\":\"half\"}"));
		hash("rq:job:a", "field_of_others", "theirs");
		switch (end) {
			case "retried" -> this.executions.retry(List.of(retry(run, 60, false, null, null)));
			case "failed" -> this.executions.finish(List.of(failure(run, 500)));
			case "stopped" -> this.executions.finish(List.of(stopped(run, 500)));
			default -> {
				expireLeases("default");
				assertThat(steadily(() -> this.maintenance.reclaim("default", 3, 500, null))).hasSize(1);
			}
		}
		assertThat(this.redis.state().hash("rq:job:a")).containsEntry("meta", "{\"stage\":\"half\"}")
			.containsEntry("field_of_others", "theirs")
			.containsEntry("worker_name", "w1")
			.containsEntry("last_heartbeat", STAMP);
	}

	/** W26. */
	@Test
	void jobThatIsDeletedMeanwhileDoesNotComeBack() {
		enqueue(job("a"));
		assertThat(this.jobs.changeMeta("a", (meta) -> {
			this.template.delete("rq:job:a");
			return bytes("{}");
		})).isFalse();
		hash("rq:job:half", "last_heartbeat", STAMP);
		assertThat(note("half")).isFalse();
		assertThat(this.redis.state().keys()).doesNotContainKey("rq:job:a");
		assertThat(this.redis.state().hash("rq:job:half")).containsOnlyKeys("last_heartbeat");
	}

	@Test
	void aChangeWhoseReplyIsLostIsMadeOnce() {
		enqueue(job("a"));
		note("b");
		try (FaultProxy proxy = FaultProxy.to(this.redis)) {
			RedisConnectionFactory connections = proxy.connect(Duration.ofSeconds(20));
			try {
				JobStore store = TestStores.jobs(new RedisScripts(connections), this.clock);
				AtomicInteger calls = new AtomicInteger();
				proxy.loseReplyTo((request) -> request.contains(SHA) && calls.getAndIncrement() == 0);
				assertThat(store.changeMeta("a", NoteTests::plusOne)).isTrue();
				assertThat(calls).hasValueGreaterThan(1);
			}
			finally {
				RedisClients.close(connections);
			}
		}
		assertThat(field("a", "meta")).isEqualTo("1");
	}

	@Test
	void otherFieldsAndTheTimeToLiveStayAsTheyAre() {
		enqueue(job("a", PLAIN.withTtl(Duration.ofHours(1))));
		String before = state("rq:job:a");
		this.jobs.changeMeta("a", (meta) -> bytes("{}"));
		this.jobs.changeMeta("a", (meta) -> null);
		assertThat(state("rq:job:a")).isEqualTo(before);
	}

}
