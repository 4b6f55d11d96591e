package io.rq.redis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.rq.job.IllegalJobStateException;
import io.rq.redis.JobChanges.ChangedCall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for the edit script.
 */
class EditTests extends AbstractStoreTests {

	private static final ChangedCall OTHER = new ChangedCall(bytes("[\"tasks.add\",null,[2],{}]"), "tasks.add(2)");

	private boolean edit(String id) {
		return this.jobs.changeCall(id, (data, description) -> OTHER);
	}

	private static String text(byte[] bytes) {
		return new String(bytes, StandardCharsets.UTF_8);
	}

	@Test
	void onlyTheCallAndItsDescriptionChange() {
		enqueue(in(job("a"), 60));
		Map<String, String> before = this.redis.state().hash("rq:job:a");
		assertThat(this.jobs.changeCall("a", (data, description) -> {
			assertThat(data).asString().isEqualTo("[\"tasks.add\",null,[1],{}]");
			assertThat(description).isEqualTo("tasks.add(1)");
			return OTHER;
		})).isTrue();
		assertThat(this.jobs.find("a").orElseThrow().payload().data()).isEqualTo(OTHER.data());
		assertThat(field("a", "description")).isEqualTo("tasks.add(2)");
		Map<String, String> after = this.redis.state().hash("rq:job:a");
		assertThat(after).hasSameSizeAs(before);
		before.keySet().removeAll(List.of("data", "description"));
		assertThat(after).containsAllEntriesOf(before);
		assertThat(this.redis.state().ttl("rq:job:a")).isEqualTo(-1);
		assertThat(this.redis.state().zset("rq:scheduled:default")).containsOnlyKeys("a");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "created", "queued", "scheduled", "deferred", "failed", "stopped", "canceled",
			"rate_limited" })
	void jobOfPythonThatDoesNotRunIsChanged(String status) {
		python("a", "status", status);
		assertThat(this.jobs.changeCall("a", (data, description) -> new ChangedCall(OTHER.data(), ""))).isTrue();
		assertThat(this.redis.state().hash("rq:job:a")).containsEntry("description", "tasks.add(1)")
			.containsEntry("status", status);
		assertThat(this.jobs.find("a").orElseThrow().payload().data()).isEqualTo(OTHER.data());
	}

	@ParameterizedTest
	@CsvSource({ "started, stop or cancel", "finished, Enqueue it again", "ready_to_enqueue, change it then",
			"of_a_newer_version, newer RQ" })
	void jobThatRunsOrHasEndedWellStays(String status, String remedy) {
		python("a", "status", status);
		String before = state();
		assertThatExceptionOfType(IllegalJobStateException.class).isThrownBy(() -> edit("a"))
			.withMessageContainingAll("'a'", "not changed", "'" + status + "'. ", remedy);
		assertThat(state()).isEqualTo(before);
		assertThat(edit("none")).isFalse();
	}

	@Test
	void changeThatFailsChangesNothing() {
		enqueue(job("a"));
		String before = state();
		assertThatIllegalArgumentException().isThrownBy(() -> this.jobs.changeCall("a", (data, description) -> {
			throw new IllegalArgumentException("no");
		}));
		assertThat(state()).isEqualTo(before);
	}

	@Test
	void whatOthersChangeMeanwhileIsNotLost() {
		enqueue(job("a"));
		List<String> seen = new ArrayList<>();
		this.jobs.changeCall("a", (data, description) -> {
			seen.add(description);
			if (seen.size() == 1) {
				edit("a");
			}
			return new ChangedCall(bytes("[\"tasks.add\",null,[3],{}]"), description + "!");
		});
		assertThat(seen).containsExactly("tasks.add(1)", "tasks.add(2)");
		assertThat(field("a", "description")).isEqualTo("tasks.add(2)!");
	}

	@Test
	void besideAWorkerItRunsWithTheOneOrTheOther() throws Exception {
		for (int i = 0; i < 50; i++) {
			enqueue(job("j" + i));
		}
		AtomicInteger changed = new AtomicInteger();
		List<String> run = new ArrayList<>();
		Callable<Void> work = () -> {
			while (run.size() < 50) {
				this.executions.claim(List.of("default"), 1, false)
					.claims()
					.forEach((claim) -> run.add(text(Objects.requireNonNull(claim.job()).payload().data())));
			}
			return null;
		};
		all(List.of(work, () -> {
			for (int i = 49; i >= 0; i--) {
				try {
					edit("j" + i);
					changed.incrementAndGet();
				}
				catch (IllegalJobStateException ex) {
					assertThat(ex.getStatus()).isEqualTo("started");
				}
			}
			return null;
		}));
		assertThat(run.stream().filter(text(OTHER.data())::equals)).hasSize(changed.get());
	}

}
