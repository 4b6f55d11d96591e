package io.rq.redis;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.rq.job.Dependency;
import io.rq.job.Job;
import io.rq.job.JobOptions;
import io.rq.job.JobStatus;
import io.rq.job.NewJob;
import io.rq.redis.MaintenanceStore.Chore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link GroupStore} and what scripts do to groups.
 */
class GroupTests extends AbstractStoreTests {

	private final GroupStore groups = this.jobs.groups();

	static NewJob in(String group, NewJob job) {
		Job old = job.job();
		JobOptions options = old.options().withLinks(old.options().links().withGroup(group));
		return new NewJob(new Job(old.id(), old.queue(), old.status(), options, old.times(), old.run(), old.payload()),
				job.atFront(), job.idGiven(), job.unique(), job.due());
	}

	/** W22. */
	@Test
	void jobsAreStoredWithTheirGroupAsRqStoresThem() {
		enqueue(in("grp-1", job("g-1")), in("grp-1", on("high", job("g-2"))), job("other"));
		assertThat(state("group", "g-1")).isEqualTo("""
				rq:group:grp-1 set
				  g-1
				  g-2
				rq:groups set
				  grp-1
				rq:job:g-1 hash
				  created_at 2026-01-31T12:00:00.123456Z
				  data ["tasks.add",null,[1],{}]
				  description tasks.add(1)
				  enqueued_at 2026-01-31T12:00:00.123456Z
				  group_id grp-1
				  last_heartbeat
				  origin default
				  status queued
				  timeout 180
				""");
		assertThat(this.jobs.find("g-1").orElseThrow().group()).isEqualTo("grp-1");
		assertThat(this.jobs.find("other").orElseThrow().group()).isNull();
		assertThat(this.groups.names()).containsExactly("grp-1");
		assertThat(this.groups.ids("grp-1")).containsExactly("g-1", "g-2");
		assertThat(list("rq:queue:default")).containsExactly("g-1", "other");
	}

	/** W22: RQ raises when it deletes such a job, and takes its success for a failure. */
	@Test
	void aGroupThatIsGoneHindersNobody() {
		enqueue(in("g", job("waiting")), in("g", job("not-kept")), in("g", job("kept")));
		this.template.delete(List.of("rq:group:g", "rq:groups"));
		assertThat(this.jobs.control().delete("waiting", false)).isTrue();
		List<Execution> runs = claim(2);
		assertThat(this.executions.finish(List.of(success(runs.get(0), 0), success(runs.get(1), 500)))).isEmpty();
		assertThat(this.redis.state().keys()).doesNotContainKeys("rq:job:waiting", "rq:job:not-kept",
				"rq:failed:default");
		assertThat(field("kept", "status")).isEqualTo("finished");
	}

	@Test
	void jobsAreCountedByTheirStatus() {
		enqueue(in("g", job("done")), in("g", job("failed")), in("g", job("running")), in("g", job("waiting")),
				in("g", in(job("later"), 60)), in("g", DependencyTests.after(job("child"), Dependency.on("waiting"))),
				in("h", job("other")));
		List<Execution> runs = claim(3);
		this.executions.finish(List.of(success(runs.get(0), 500), failure(runs.get(1), 500)));
		this.template.opsForSet().add("rq:group:g", "gone", "other");
		assertThat(this.groups.counts("g")).isEqualTo(Map.of(JobStatus.FINISHED, 1L, JobStatus.FAILED, 1L,
				JobStatus.STARTED, 1L, JobStatus.QUEUED, 1L, JobStatus.SCHEDULED, 1L, JobStatus.DEFERRED, 1L));
		assertThat(this.groups.counts("none")).isEmpty();
		hash("rq:job:done", "status", "rate_limited");
		hash("rq:job:failed", "status", "of_a_newer_version");
		assertThat(this.groups.counts("g")).containsEntry(JobStatus.RATE_LIMITED, 1L)
			.containsEntry(JobStatus.DEFERRED, 2L);
	}

	/** W22: whoever deletes a job that names a group needs its set. */
	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aJobThatIsNotKeptLeavesItsGroup(boolean success) {
		enqueue(in("g", job("a")), in("g", job("b")));
		List<Execution> runs = claim(2);
		this.executions.finish(List.of(success ? success(runs.get(0), 0) : failure(runs.get(0), 0)));
		assertThat(this.groups.ids("g")).containsExactly("b");
		this.executions.finish(List.of(success(runs.get(1), 500)));
		assertThat(this.groups.ids("g")).containsExactly("b");
		this.executions.finish(List.of(success(startedFromPython("python", "result_ttl", "0"), 0)));
		assertThat(this.redis.state().keys()).doesNotContainKey("rq:job:python");
	}

	@Test
	void anAbandonedJobThatIsNotKeptLeavesItsGroup() {
		enqueue(in("g", job("a", PLAIN.withFailureTtl(Duration.ZERO))));
		claim(1);
		expireLeases("default");
		steadily(() -> this.maintenance.reclaim("default", 0, 500, null));
		assertThat(this.redis.state().keys()).doesNotContainKeys("rq:job:a", "rq:group:g");
	}

	@Test
	void aDeletedJobLeavesItsGroupAtOnce() {
		enqueue(in("g", job("a")), in("g", job("b")));
		this.control.delete("a", false);
		assertThat(this.groups.ids("g")).containsExactly("b");
	}

	@Test
	void maintenanceTakesOffWhatIsNoMore() {
		assertThat(this.maintenance.chores(List.of("default"), 500, Retention.NONE).get("default")).isEmpty();
		enqueue(in("g", job("stays")), in("h", job("moves")), in("i", job("goes")));
		enqueue(in("g", given(job("moves"))));
		this.template.opsForSet().add("rq:group:g", "gone-1", "gone-2");
		this.template.delete("rq:job:goes");
		this.template.opsForSet().add("rq:groups", "empty");
		assertThat(this.maintenance.chores(List.of("default", "high"), 500, Retention.NONE))
			.isEqualTo(Map.of("default", Set.of(Chore.UNGROUP), "high", Set.of()));
		for (int i = 0; i < 3; i++) {
			this.maintenance.ungroup();
		}
		assertThat(state("group").replaceAll("(?m)^rq:job.*\\R(  .*\\R)*", "")).isEqualTo("""
				rq:group:g set
				  moves
				  stays
				rq:groups set
				  g
				""");
	}

	/** W42. */
	@Test
	void largeGroupsAreTidiedInParts() {
		this.jobs.enqueue(IntStream.range(0, 3_000).mapToObj((i) -> in("large", job("j" + i))).toList());
		this.template.delete(IntStream.range(0, 2_000).mapToObj((i) -> "rq:job:j" + i).toList());
		this.template.opsForSet().add("rq:groups", "a", "z");
		this.maintenance.ungroup();
		assertThat(this.groups.ids("large")).hasSizeBetween(1_001, 2_999);
		for (int i = 0; i < 5; i++) {
			this.maintenance.ungroup();
		}
		assertThat(this.groups.ids("large")).hasSize(1_000);
		assertThat(this.groups.names()).containsExactly("large");
		assertThat(this.groups.counts("large")).isEqualTo(Map.of(JobStatus.QUEUED, 1_000L));
	}

	@Test
	void whatCannotBeKeptIsRefusedBeforeAnythingIsWritten() {
		this.template.opsForValue().set("rq:group:g", "of another type");
		String before = state();
		assertThatExceptionOfType(ScriptRefusedException.class).isThrownBy(() -> enqueue(in("g", job("a"))));
		assertThat(state()).isEqualTo(before);
	}

}
