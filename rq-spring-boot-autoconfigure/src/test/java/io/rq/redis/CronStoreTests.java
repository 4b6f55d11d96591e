package io.rq.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import io.rq.job.Job;
import io.rq.job.JobPayload;
import io.rq.job.NewJob;
import io.rq.redis.CronStore.Listed;
import io.rq.redis.CronStore.Occurrence;
import io.rq.redis.CronStore.Outcome;
import io.rq.redis.CronStore.Settled;
import io.rq.redis.CronStore.Shown;
import io.rq.redis.CronStore.State;
import io.rq.redis.SchedulerStore.SchedulerIdentity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link CronStore} and its scripts.
 */
class CronStoreTests extends AbstractStoreTests {

	static final SchedulerIdentity SCHEDULER = new SchedulerIdentity("123", "host-1", 42, NOW);

	private static final SchedulerIdentity OTHER = new SchedulerIdentity("456", "host-2", 43, NOW);

	private static final Shown SHOWN = new Shown("0 7 * * *", null, null, null, NOW);

	private static final String STATE = "rq:cron:default:report";

	private final CronStore cron = new CronStore(new RedisScripts(this.redis.connectionFactory()), this.clock);

	static Listed listed(String name) {
		return new Listed(name, "0 0 7 * * * in Z", job("sample"), SHOWN);
	}

	private State begin() {
		this.schedulers.lead(SCHEDULER, List.of("default"), LEASE, null);
		State state = this.cron.beat(SCHEDULER, List.of(listed("report"))).states().get(0);
		assertThat(state).isNotNull();
		return state;
	}

	private static Occurrence at(Instant last, Instant at, @Nullable NewJob job) {
		return new Occurrence("report", "default", last, at, at, CronStore.Unended.ALLOW, job);
	}

	@Test
	void aNewCronJobBeginsNow() {
		Instant before = Instant.ofEpochMilli((long) (now() * 1000));
		State state = begin();
		assertThat(state.last()).isBetween(before, before.plusSeconds(5));
		assertThat(state).isEqualTo(new State(state.last(), Instant.EPOCH, null, false, null));
		assertThat(this.redis.state().hash(STATE)).containsOnlyKeys("schedule", "last");
		assertThat(this.cron.beat(SCHEDULER, List.of(listed("report"))).states()).containsExactly(state);
	}

	@Test
	void anotherScheduleBeginsNow() {
		begin();
		hash(STATE, "last", "1000");
		assertThat(begin().last()).isEqualTo(Instant.ofEpochMilli(1000));
		hash(STATE, "schedule", "0 0 8 * * * in Z");
		assertThat(begin().last()).isAfter(NOW);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "soon", "1e3", "0001769860800000", "100000000000000000000", "99999999999999" })
	void whatWasSettledLastIsATimeThatIsOverOrItBeginsNow(String last) {
		begin();
		hash(STATE, "last", last);
		Instant before = Instant.ofEpochMilli((long) (now() * 1000));
		State state = begin();
		assertThat(state.last()).isBetween(before, before.plusSeconds(60));
		assertThat(this.redis.state().hash(STATE)).containsEntry("last", "" + state.last().toEpochMilli());
	}

	@Test
	void thePauseThatEndedInTheFutureEndsNow() {
		Instant last = begin().last();
		hash(STATE, "resumed", "" + last.plus(Duration.ofHours(3)).toEpochMilli());
		State state = begin();
		assertThat(state.resumed()).isBetween(last, last.plusSeconds(60));
		assertThat(begin()).isEqualTo(state);
		assertThat(state.last()).isEqualTo(last);
	}

	@Test
	void whoDoesNotLeadLearnsNothingAndChangesNothing() {
		begin();
		this.template.delete(STATE);
		assertThat(this.cron.beat(OTHER, List.of(listed("report"))).states()).containsOnlyNulls();
		assertThat(this.redis.state().keys()).doesNotContainKey(STATE);
		assertThat(this.cron.settle(OTHER, at(NOW, NOW.plusSeconds(1), job("a"))).outcome()).isEqualTo(Outcome.LOST);
		assertThat(list("rq:queue:default")).isEmpty();
	}

	@Test
	void anOccurrenceIsFiredOnceHoweverOftenItIsTried() {
		Instant last = begin().last();
		Instant due = last.minusSeconds(2);
		Settled settled = this.cron.settle(SCHEDULER, at(last, due, job("a")));
		assertThat(settled.outcome()).isEqualTo(Outcome.ENQUEUED);
		assertThat(settled.time()).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(12));
		assertThat(this.cron.settle(SCHEDULER, at(last, due, job("a"))).outcome()).isEqualTo(Outcome.OTHER);
		assertThat(list("rq:queue:default")).containsExactly("a");
		assertThat(field("a", "status")).isEqualTo("queued");
		assertThat(field("a", "enqueued_at")).isEqualTo(STAMP);
		assertThat(this.redis.state().hash(STATE)).containsEntry("last", "" + due.toEpochMilli())
			.containsEntry("job", "a")
			.containsEntry("fired_at", STAMP);
	}

	@Test
	void aJobOfTheSameOccurrenceThatIsThereAlreadyIsLeftAsItIs() {
		Instant last = begin().last();
		enqueue(job("a"));
		this.cron.settle(SCHEDULER, at(last, last.minusSeconds(1), job("a")));
		assertThat(list("rq:queue:default")).containsExactly("a");
		assertThat(this.redis.state().hash(STATE)).containsEntry("job", "a");
	}

	@Test
	void nothingIsFiredEarly() {
		Instant last = begin().last();
		Settled settled = this.cron.settle(SCHEDULER, at(last, last.plusSeconds(60), job("a")));
		assertThat(settled.outcome()).isEqualTo(Outcome.EARLY);
		assertThat(settled.time()).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(60));
		assertThat(list("rq:queue:default")).isEmpty();
	}

	@Test
	void aMissedOccurrenceIsSettledWithoutAJob() {
		Instant last = begin().last();
		assertThat(this.cron.settle(SCHEDULER, at(last, last.minusSeconds(1), null)).outcome())
			.isEqualTo(Outcome.MISSED);
		assertThat(this.redis.state().hash(STATE)).containsEntry("last", "" + last.minusSeconds(1).toEpochMilli())
			.doesNotContainKey("job");
	}

	@Test
	void aPauseLeavesOutWhatIsDueUntilItEnds() {
		Instant last = begin().last();
		this.cron.pause("default", "report", "upgrade of the printer");
		assertThat(begin().paused()).isTrue();
		Instant first = last.minusSeconds(3);
		assertThat(this.cron.settle(SCHEDULER, at(last, first, job("a"))).outcome()).isEqualTo(Outcome.PAUSED);
		CronStore.Known known = this.cron.find("default", "report");
		assertThat(known.last()).isEqualTo(first);
		assertThat(known.pausedAt()).isEqualTo(NOW);
		assertThat(known.reason()).isEqualTo("upgrade of the printer");
		assertThat(this.cron.resume("default", "report")).isTrue();
		assertThat(this.cron.resume("default", "report")).isFalse();
		assertThat(begin().resumed()).isBetween(last, last.plusSeconds(10));
		assertThat(this.cron.settle(SCHEDULER, at(first, last.minusSeconds(2), job("b"))).outcome())
			.isEqualTo(Outcome.ENQUEUED);
		assertThat(list("rq:queue:default")).containsExactly("b");
	}

	@ParameterizedTest
	@ValueSource(strings = { "queued", "started", "scheduled", "deferred" })
	void anOccurrenceIsLeftOutWhileTheLastJobHasNotEnded(String status) {
		Instant last = begin().last();
		hash(STATE, "job", "a");
		python("a", "status", status);
		Occurrence next = new Occurrence("report", "default", last, last.minusSeconds(2), last.minusSeconds(2),
				CronStore.Unended.SKIP, job("b"));
		assertThat(this.cron.settle(SCHEDULER, next).outcome()).isEqualTo(Outcome.OVERLAPPED);
		assertThat(list("rq:queue:default")).isEmpty();
		hash("rq:job:a", "status", "finished");
		Occurrence another = new Occurrence("report", "default", next.at(), last.minusSeconds(1), last.minusSeconds(1),
				CronStore.Unended.SKIP, job("b"));
		assertThat(this.cron.settle(SCHEDULER, another).outcome()).isEqualTo(Outcome.ENQUEUED);
	}

	@ParameterizedTest
	@ValueSource(strings = { "queued", "started", "scheduled", "deferred" })
	void theLastJobIsCancelledIfThatIsAskedFor(String status) {
		Instant last = begin().last();
		hash(STATE, "job", "a");
		python("a", "status", status);
		push("default", "a");
		Occurrence next = new Occurrence("report", "default", last, last.minusSeconds(2), last.minusSeconds(2),
				CronStore.Unended.CANCEL, job("b"));
		assertThat(this.cron.settle(SCHEDULER, next).outcome()).isEqualTo(Outcome.ENQUEUED);
		assertThat(field("a", "status")).isEqualTo("canceled");
		assertThat(this.redis.state().zset("rq:canceled:default")).containsOnlyKeys("a");
		assertThat(list("rq:queue:default")).contains("b").hasSize(status.equals("queued") ? 1 : 2);
		hash("rq:job:b", "status", "finished");
		Occurrence another = new Occurrence("report", "default", next.at(), last.minusSeconds(1), last.minusSeconds(1),
				CronStore.Unended.CANCEL, job("c"));
		assertThat(this.cron.settle(SCHEDULER, another).outcome()).isEqualTo(Outcome.ENQUEUED);
		assertThat(field("b", "status")).isEqualTo("finished");
	}

	@Test
	void aTriggeredJobIsEnqueuedWhoeverLeadsAndChangesNoOccurrence() {
		Instant last = begin().last();
		this.cron.pause("default", "report", "");
		this.template.opsForValue().set("rq:scheduler-lock:default", "789");
		this.cron.trigger("report", front(job("a")));
		this.cron.trigger("report", front(job("a")));
		assertThat(list("rq:queue:default")).containsExactly("a");
		assertThat(this.cron.find("default", "report").last()).isEqualTo(last);
		assertThat(this.cron.find("default", "report").job()).isEqualTo("a");
	}

	@Test
	void aTriggeredJobHidesNotThatTheOneOfTheLastOccurrenceRuns() {
		Instant last = begin().last();
		assertThat(this.cron.settle(SCHEDULER, at(last, last.minusSeconds(3), job("a"))).outcome())
			.isEqualTo(Outcome.ENQUEUED);
		hash("rq:job:a", "status", "started");
		this.cron.trigger("report", front(job("t")));
		hash("rq:job:t", "status", "finished");
		Occurrence next = new Occurrence("report", "default", last.minusSeconds(3), last.minusSeconds(2),
				last.minusSeconds(2), CronStore.Unended.SKIP, job("b"));
		assertThat(this.cron.settle(SCHEDULER, next).outcome()).isEqualTo(Outcome.OVERLAPPED);
		hash("rq:job:t", "status", "queued");
		Occurrence another = new Occurrence("report", "default", last.minusSeconds(2), last.minusSeconds(1),
				last.minusSeconds(1), CronStore.Unended.CANCEL, job("c"));
		assertThat(this.cron.settle(SCHEDULER, another).outcome()).isEqualTo(Outcome.ENQUEUED);
		assertThat(field("a", "status")).isEqualTo("canceled");
		assertThat(field("t", "status")).isEqualTo("canceled");
	}

	@Test
	void rqsToolsFindTheSchedulerItsJobsAndTheirHistory() {
		Instant last = begin().last();
		NewJob rich = job("sample", PLAIN.withTtl(Duration.ofHours(1)));
		Job job = rich.job();
		NewJob called = new NewJob(
				new Job("x", "default", job.status(), job.options(), job.times(), job.run(),
						new JobPayload(bytes("[\"tasks.add\",null,[1,\"a,]\\\"\"],{\"b\": {}}]"), bytes("{\"k\": 1}"))),
				false, false, false, null);
		this.cron.beat(SCHEDULER,
				List.of(new Listed("report", "0 0 7 * * * in Z", called, SHOWN),
						new Listed("poll\"", "every 30 s", job("y"), new Shown(null, 30L, null, NOW, null)),
						new Listed("odd", "0 0 7 1 * MON in Z", called, new Shown(null, 60L, "both", null, null))));
		this.cron.settle(SCHEDULER, at(last, last.minusSeconds(1), job("a")));
		Map<String, String> hash = this.redis.state().hash("rq:cron_scheduler:123");
		assertThat(hash).containsEntry("hostname", "host-1")
			.containsEntry("pid", "42")
			.containsEntry("name", "123")
			.containsEntry("created_at", STAMP)
			.containsEntry("config_file", "");
		JsonNode jobs = JsonMapper.shared().readTree(hash.get("cron_jobs"));
		assertThat(jobs.get(0)).isEqualTo(JsonMapper.shared().readTree("""
				{"func_name": "tasks.add", "name": "report", "queue_name": "default",
				 "args": "[1,\\"a,]\\\\\\"\\"]", "kwargs": "{\\"b\\": {}}", "interval": null, "cron": "0 7 * * *",
				 "latest_enqueue_time": null, "next_enqueue_time": "2026-01-31T12:00:00.123456Z",
				 "job_timeout": 180, "ttl": 3600, "meta": "{\\"k\\": 1}"}"""));
		assertThat(jobs.get(1).get("name").asString()).isEqualTo("poll\"");
		assertThat(jobs.get(1).get("interval").asInt()).isEqualTo(30);
		assertThat(jobs.get(1).get("cron").isNull()).isTrue();
		assertThat(jobs.get(1).get("kwargs").isNull()).isTrue();
		assertThat(JsonMapper.shared().readTree(jobs.get(2).get("meta").asString()))
			.isEqualTo(JsonMapper.shared().readTree("{\"schedule\": \"both\", \"k\": 1}"));
		assertThat(score("rq:cron_schedulers", "123")).isBetween(now() - 10, now() + 0.001);
		assertThat(score("rq:cron_jobs", "report")).isBetween(now() - 10, now() + 0.001);
		assertThat(score("rq:cron_job:report:jobs", "a")).isBetween(now() - 10, now() + 0.001);
		assertThat(this.template.getExpire("rq:cron_scheduler:123")).isBetween(110L, 120L);
		assertThat(this.template.getExpire("rq:cron_job:report:jobs")).isBetween(31_535_000L, 31_536_000L);
		assertThat(this.template.getExpire(STATE)).isBetween(31_535_000L, 31_536_000L);
		this.cron.leave(SCHEDULER, List.of("default"));
		assertThat(this.redis.state().keys()).doesNotContainKey("rq:cron_schedulers");
	}

	@Test
	void theRecordForgetsWhoIsGoneAndTheHistoryWhatIsOld() {
		zadd("rq:cron_schedulers", now() - 121, "gone");
		zadd("rq:cron_schedulers", now() - 60, "python");
		Instant last = begin().last();
		assertThat(this.redis.state().zset("rq:cron_schedulers")).containsOnlyKeys("python", "123");
		IntStream.range(0, 1000).forEach((i) -> zadd("rq:cron_job:report:jobs", i, "old-" + i));
		zadd("rq:cron_jobs", now() - 40_000_000, "old");
		this.cron.settle(SCHEDULER, at(last, last.minusSeconds(1), job("a")));
		assertThat(this.redis.state().zset("rq:cron_job:report:jobs")).hasSize(1000).doesNotContainKey("old-0");
		assertThat(this.redis.state().zset("rq:cron_jobs")).containsOnlyKeys("report");
	}

	@Test
	void keysOfAnotherTypeThatOnlyToolsReadDoNotMatter() {
		for (String key : List.of("rq:cron_schedulers", "rq:cron_scheduler:123", "rq:cron_jobs",
				"rq:cron_job:report:jobs")) {
			this.template.opsForValue().set(key, "of another type");
		}
		Instant last = begin().last();
		assertThat(this.cron.settle(SCHEDULER, at(last, last.minusSeconds(1), job("a"))).outcome())
			.isEqualTo(Outcome.ENQUEUED);
		assertThat(list("rq:queue:default")).containsExactly("a");
	}

	@Test
	void aStateOrQueueOfAnotherTypeLosesNothing() {
		Instant last = begin().last();
		this.template.opsForValue().set("rq:queue:default", "of another type");
		assertThatExceptionOfType(ScriptRefusedException.class)
			.isThrownBy(() -> this.cron.settle(SCHEDULER, at(last, last.minusSeconds(1), job("a"))));
		assertThat(this.redis.state().keys()).doesNotContainKeys("rq:job:a", "rq:queues");
		assertThat(this.cron.find("default", "report").last()).isEqualTo(last);
		this.template.opsForValue().set("rq:cron:default:bad", "of another type");
		List<@Nullable State> states = this.cron.beat(SCHEDULER, List.of(listed("bad"), listed("report"))).states();
		assertThat(states.get(0).failure()).contains("WRONGTYPE");
		assertThat(this.cron.find("default", "bad").last()).isEqualTo(Instant.EPOCH);
		assertThat(states.get(1).last()).isEqualTo(last);
	}

	@Test
	void argumentsThatAreNoJsonAreNotShown() {
		NewJob pickled = job("a");
		Job job = pickled.job();
		byte[] data = "\u0080pickle".getBytes(StandardCharsets.ISO_8859_1);
		Job other = new Job("a", "default", job.status(), job.options(), job.times(), job.run(),
				new JobPayload(data, data));
		String json = CronJobWriter
			.write(List.of(new Listed("report", "", new NewJob(other, false, false, false, null), SHOWN)));
		JsonNode shown = JsonMapper.shared().readTree(json).get(0);
		assertThat(shown.get("func_name").asString()).isEqualTo("report");
		assertThat(shown.get("args").asString()).isEqualTo("<not JSON serializable>");
		assertThat(shown.has("meta")).isFalse();
	}

}
