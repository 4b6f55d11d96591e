package io.rq.template;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.rq.job.Call;
import io.rq.job.IllegalJobStateException;
import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.job.JobStatus;
import io.rq.job.Retry;
import io.rq.test.TestRedis;

import static io.rq.test.TestStores.key;
import static io.rq.test.TestStores.makeKnown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for jobs whose arguments are changed, and for those that are enqueued again.
 */
class ChangedCallTests extends AbstractControlTests {

	ChangedCallTests(TestRedis redis) {
		super(redis);
	}

	private Job job(String id) {
		return this.jobs.find(id).orElseThrow();
	}

	@Test
	void argumentsAreReplacedAndTheDescriptionFollows() {
		Job job = this.jobs.enqueue(JobRequest.of("f", 1, "x").kwargs(Map.of("k", true)));
		assertThat(this.jobs.changeArguments(job.id(), 2, List.of("y"))).isTrue();
		assertThat(this.jobs.call(job.id())).hasValueSatisfying((call) -> {
			assertThat(call.function()).isEqualTo("f");
			assertThat(call.args()).containsExactly(2, List.of("y"));
			assertThat(call.kwargs()).isEmpty();
		});
		assertThat(job(job.id()).options().description()).isEqualTo("f(2, ['y'])");
		assertThat(this.jobs.changeCall(job.id(), (call) -> call.withKwargs(Map.of("k", 3)))).isTrue();
		assertThat(job(job.id()).options().description()).isEqualTo("f(2, ['y'], k=3)");
	}

	@Test
	void descriptionThatWasChosenStays() {
		Job job = this.jobs.enqueue(JobRequest.of("f", 1).description("the monthly report"));
		this.jobs.changeArguments(job.id(), 2);
		assertThat(job(job.id()).options().description()).isEqualTo("the monthly report");
	}

	@Test
	void whatCannotBeIsRefusedAndNothingIsChanged() {
		Job job = this.jobs.enqueue("f", 1);
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.jobs.changeArguments(job.id(), "x".repeat((int) MAX_PAYLOAD)))
			.withMessageContainingAll("'" + job.id() + "' was not changed", "rq.job.max-payload-size");
		assertThatIllegalArgumentException().isThrownBy(() -> this.jobs.changeCall(job.id(), (call) -> Call.of("g", 1)))
			.withMessageContainingAll("'f'", "only its arguments");
		assertThat(this.jobs.call(job.id()).orElseThrow().args()).containsExactly(1);
		assertThat(this.jobs.changeArguments("a:b", 1)).isFalse();
		assertThat(this.jobs.changeArguments("none", 1)).isFalse();
		this.template.opsForHash().put(key("rq:job:" + job.id()), "status", "started");
		assertThatExceptionOfType(IllegalJobStateException.class)
			.isThrownBy(() -> this.jobs.changeArguments(job.id(), 2));
	}

	@Test
	void jobIsEnqueuedAgainWithAllThatItHad() {
		this.template.opsForSet().add("rq:group:g", "other");
		Job old = this.jobs.enqueue(JobRequest.of("f", 1)
			.queue("mail")
			.timeout(Duration.ofSeconds(7))
			.ttl(Duration.ofHours(1))
			.retry(Retry.max(3).intervals(10, 20).atFront())
			.meta(Map.of("tenant", "a"))
			.group("g")
			.onSuccess("done")
			.dependsOn("gone"));
		this.template.opsForHash()
			.putAll(key("mail", "rq:job:" + old.id()),
					Map.of("status", "failed", "retries_left", "1", "attempts", "2"));
		Job again = this.jobs.enqueueAgain(old.id()).orElseThrow();
		assertThat(again.status()).isEqualTo(JobStatus.QUEUED);
		Job stored = job(again.id());
		assertThat(stored.id()).isNotEqualTo(old.id());
		assertThat(stored.againOf()).isEqualTo(old.id());
		assertThat(stored.queue()).isEqualTo("mail");
		assertThat(stored.dependencyIds()).isEmpty();
		assertThat(stored.group()).isEqualTo("g");
		assertThat(stored.options().retry()).isEqualTo(Retry.max(3).intervals(10, 20).atFront());
		assertThat(stored.options().timeout()).isEqualTo(Duration.ofSeconds(7));
		assertThat(stored.options().ttl()).isEqualTo(Duration.ofHours(1));
		assertThat(stored.options().hooks()).isEqualTo(job(old.id()).options().hooks());
		assertThat(stored.options().description()).isEqualTo("f(1)");
		assertThat(stored.run().attempts()).isZero();
		assertThat(this.jobs.meta(stored.id())).isEqualTo(Map.of("tenant", "a"));
		assertThat(this.jobs.call(stored.id()).orElseThrow().args()).containsExactly(1);
		assertThat(job(old.id()).status()).isEqualTo(JobStatus.FAILED);
		assertThat(job(old.id()).againOf()).isNull();
		assertThat(this.jobs.enqueueAgain("none")).isEmpty();
	}

	@Test
	void jobIsEnqueuedAgainWithOtherArguments() {
		Job old = this.jobs.enqueue("f", 1);
		Job again = this.jobs.enqueueAgain(old.id(), (call) -> call.withArgs(List.of(2))).orElseThrow();
		assertThat(this.jobs.call(again.id()).orElseThrow().args()).containsExactly(2);
		assertThat(job(again.id()).options().description()).isEqualTo("f(2)");
		assertThat(this.jobs.call(old.id()).orElseThrow().args()).containsExactly(1);
		assertThatIllegalArgumentException().isThrownBy(() -> this.jobs.enqueueAgain(old.id(), (call) -> Call.of("g")))
			.withMessageContaining("not enqueued again");
		assertThat(this.jobs.enqueueAgain("none", (call) -> call)).isEmpty();
		assertThat(this.jobs.count("default")).isEqualTo(2);
	}

	@ParameterizedTest
	@ValueSource(strings = { "started", "scheduled", "finished", "canceled", "failed" })
	void jobInWhateverStateIsEnqueuedAgain(String status) {
		Job old = this.jobs.enqueue("f", 1);
		this.template.opsForHash().put(key("rq:job:" + old.id()), "status", status);
		assertThat(this.jobs.enqueueAgain(old.id()))
			.hasValueSatisfying((again) -> assertThat(job(again.id()).status()).isEqualTo(JobStatus.QUEUED));
	}

	/** What nobody here can read is passed on as it is. */
	@Test
	void pickledJobIsEnqueuedAgainUnread() {
		makeKnown(this.template, "default");
		this.template.opsForHash()
			.putAll(key("rq:job:py"), Map.of("status", "failed", "origin", "default", "data", "\u0080pickled",
					"timeout", "180", "created_at", "2026-01-31T12:00:00.123456Z"));
		Job again = this.jobs.enqueueAgain("py").orElseThrow();
		assertThat(job(again.id()).payload().data()).isEqualTo(job("py").payload().data());
	}

}
