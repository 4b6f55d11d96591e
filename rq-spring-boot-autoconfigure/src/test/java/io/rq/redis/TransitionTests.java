package io.rq.redis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.rq.job.Dependency;
import io.rq.job.DuplicateJobException;
import io.rq.job.IllegalJobStateException;
import io.rq.job.JobStatus;
import io.rq.job.NewJob;
import io.rq.job.Retry;
import io.rq.queue.Registry;
import io.rq.redis.SchedulerStore.SchedulerIdentity;
import io.rq.redis.WorkerStore.WorkerIdentity;
import io.rq.test.TestStores;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds the table of transitions in docs/protocol.md against the scripts: runs each of
 * them, through its store, on a job in each status.
 */
class TransitionTests extends AbstractStoreTests {

	private static final String NO_JOB = "no job";

	private static final String NO_STATUS = "no status";

	private static final String EMPTY = "empty";

	private static final String OTHER = "other";

	/** What there may be under an id. */
	private static final List<String> STATES = Stream
		.concat(Stream.of(NO_JOB, NO_STATUS, EMPTY, OTHER), Stream.of(JobStatus.values()).map(JobStatus::value))
		.toList();

	private static final WorkerIdentity WORKER = new WorkerIdentity("w1", List.of("default"), "host-1", 42, NOW,
			"0.1.0", "Java 17");

	private static final SchedulerIdentity SCHEDULER = new SchedulerIdentity("one", "host-1", 42, NOW);

	private final JobPages pages = new JobPages(new RedisScripts(this.redis.connectionFactory()));

	private final CronStore cron = new CronStore(new RedisScripts(this.redis.connectionFactory()), this.clock);

	static Stream<Row> rows() throws IOException {
		List<String> lines = Files.readAllLines(Path.of("..", "docs", "protocol.md"));
		return lines.stream()
			.skip(lines.indexOf("### 3.5 Transitions"))
			.dropWhile((line) -> !line.startsWith("|---"))
			.skip(1)
			.takeWhile((line) -> line.startsWith("|"))
			.flatMap(Row::of);
	}

	@Test
	void everyScriptHasARow() throws IOException {
		assertThat(rows().map(Row::script).distinct()).containsExactlyInAnyOrderElementsOf(
				Stream.of(Script.values()).map((script) -> script.fileName().replace(".lua", "")).toList());
	}

	@ParameterizedTest
	@MethodSource("rows")
	void scriptDoesToAJobInEachStatusWhatItsRowSays(Row row) {
		Map<String, String> found = new LinkedHashMap<>();
		for (String before : STATES) {
			this.redis.flush();
			Case run = run(row);
			put(run, before);
			Map<String, String> hash = hash(run);
			run.script().run();
			found.put(before, status(hash(run)));
			if (before.equals(found.get(before)) && !row.takes(before)) {
				assertThat(hash(run)).as("fields of a job that was " + before).isEqualTo(hash);
			}
		}
		assertThat(found).isEqualTo(row.expected());
	}

	private void put(Case run, String state) {
		if (!state.equals(NO_JOB)) {
			Map<String, String> fields = new LinkedHashMap<>(Map.of("created_at", STAMP, "enqueued_at", STAMP, "origin",
					"default", "timeout", "180", "data", "[\"tasks.add\", null, [1], {}]"));
			fields.putAll(run.fields());
			switch (state) {
				case NO_STATUS -> fields.remove("status");
				case EMPTY -> fields.put("status", "");
				case OTHER -> fields.put("status", "of_a_newer_version");
				default -> fields.put("status", state);
			}
			this.template.opsForHash().putAll("rq:job:" + run.id(), fields);
		}
	}

	private Map<String, String> hash(Case run) {
		Map<String, String> hash = new TreeMap<>(this.redis.state().hash("rq:job:" + run.id()));
		run.ownFields().forEach(hash::remove);
		return hash;
	}

	private static String status(Map<String, String> hash) {
		String status = hash.getOrDefault("status", NO_STATUS);
		if (hash.isEmpty()) {
			return NO_JOB;
		}
		return status.isEmpty() ? EMPTY : status.equals("of_a_newer_version") ? OTHER : status;
	}

	/** How to bring about what a row says. */
	private Case run(Row row) {
		return switch (row.file()) {
			case ENQUEUE, ENQUEUE_ALL -> enqueueing(row);
			case ENQUEUE_LINKED -> enqueueingLinked(row);
			case CLAIM -> claiming(row);
			case FINISH -> finishing(row);
			case RETRY -> retrying(row);
			case RECLAIM -> reclaiming(row);
			case CANCEL -> canceling(row);
			case REQUEUE -> withoutSlot(row, "the same, but its rate limit has no free slot",
					new Case(() -> unlessIllegal(() -> this.control.requeue("a", false))));
			case RUN_NOW -> withoutSlot(row, "the same, but its rate limit has no free slot",
					new Case(() -> unlessIllegal(() -> this.jobs.changes().runNow("a", false))));
			case DELETE -> deleting(row);
			case UNDELETE -> undeleting(row);
			case MOVE_OUT -> new Case(this::moveOut);
			case MOVE_IN -> movingIn(row);
			case REMOVE -> new Case(() -> {
				push("default", "a");
				this.queueControl.remove("default", "a");
			});
			case EMPTY -> new Case(() -> {
				push("default", "a");
				this.queueControl.empty("default", 500);
			});
			case ABANDON -> abandoning(row);
			case RELEASE -> releasing(row);
			case DISOWN -> new Case(() -> disown(row.isLost()));
			case PROMOTE -> withoutSlot(row, "due, but its rate limit has no free slot",
					new Case(this::promote).writing("unready_since"));
			case PURGE -> new Case(() -> {
				zadd("rq:canceled:default", now() - 1000, "a");
				this.maintenance.expire("default", 500);
			});
			case TRIM -> new Case(() -> {
				String registry = "rq:" + row.when().replaceAll("too many are (.*)", "$1") + ":default";
				zadd(registry, now() + 500, "a");
				zadd(registry, now() + 600, "later");
				this.maintenance.trim("default", RetentionTests.kept(1));
			});
			case READY -> withoutSlot(row, "the same, but its rate limit has no free slot", new Case(() -> {
				zadd("rq:ready:default", now() - 60, "a");
				this.maintenance.enqueueReady("default");
			}));
			case DELIVER -> new Case(() -> new RedisScripts(this.redis.connectionFactory()).count(Script.DELIVER,
					ScriptArguments.keys("rq:queue:default").add("default").add("a").add("p").add("0").add(STAMP)));
			case DEPENDENTS -> new Case(() -> {
				waitingFor("p");
				hash("rq:releasing:default", "p", "finished 0");
				this.maintenance.releaseDependents("default");
			});
			case CRON_FIRE -> cronFiring(row);
			default -> changingNoStatus(row);
		};
	}

	/** The same with a rate limit whose slot another job has, where the row says so. */
	private Case withoutSlot(Row row, String when, Case plain) {
		return !row.when().equals(when) ? plain : new Case(plain.id(), () -> {
			zadd("rq:rl:api:allowed", 5, "other");
			plain.script().run();
		}, plain.fields(), plain.ownFields()).with("rate_limit_key", "api", "rate_limit_concurrency", "1");
	}

	/** The same with a rate limit by time in whose window there is no place. */
	private Case withoutPlace(Case plain) {
		return new Case(() -> {
			zadd("rq:rl:windows:api:allowed", now(), "other:e1");
			plain.script().run();
		}).with("rate_limit_key", "window:1:60000:api");
	}

	private Case canceling(Row row) {
		return switch (row.when()) {
			case "on demand" -> new Case(() -> unlessIllegal(() -> this.control.cancel("a", false)));
			case "a job that waited for the cancelled one" ->
				new Case(() -> this.control.cancel(waitingFor("p"), false));
			case "the same, and those are to go on" -> new Case(() -> this.control.cancel(waitingFor("p"), true));
			default -> throw row.unknown();
		};
	}

	private void unlessIllegal(Runnable change) {
		try {
			change.run();
		}
		catch (IllegalJobStateException ex) {
			assertThat(ex).hasMessageContainingAll("'a'", "'" + ex.getStatus() + "'. ");
		}
	}

	private Case deleting(Row row) {
		return switch (row.when()) {
			case "on demand" -> new Case(() -> this.control.delete("a", false));
			case "a job that waited for the deleted one" -> new Case(() -> this.control.delete(waitingFor("p"), false));
			case "the same, and those are to go too" -> new Case(() -> this.control.delete(waitingFor("p"), true));
			default -> throw row.unknown();
		};
	}

	private Case undeleting(Row row) {
		DeletedJobs deleted = new DeletedJobs(new RedisScripts(this.redis.connectionFactory()), this.clock);
		String was = row.when().replaceFirst("^it was ", "");
		return new Case(() -> {
			hash("rq:deleted:a", "status", was.replace(", but its rate limit has no free slot", ""), "origin",
					"default", "data", "x", "kept_score", String.valueOf(now() + 60));
			if (!was.equals(this.template.<String, String>opsForHash().get("rq:deleted:a", "status"))) {
				hash("rq:deleted:a", "rate_limit_key", "api", "rate_limit_concurrency", "1");
				zadd("rq:rl:api:allowed", 5, "other");
			}
			unlessIllegal(() -> deleted.restore("a"));
		});
	}

	private Case abandoning(Row row) {
		Case emptied = new Case(() -> {
			hash("rq:job:" + waitingFor("p"), "status", "queued");
			push("default", "p");
			this.queueControl.empty("default", 500);
		});
		return switch (row.when()) {
			case "a job that waited for one that is emptied away" -> emptied;
			case "the same, not to be kept" -> emptied.with("failure_ttl", "0");
			case "the same, and it allows a failure" -> emptied.with("allow_dependency_failures", "1");
			default -> throw row.unknown();
		};
	}

	private Case cronFiring(Row row) {
		return switch (row.when()) {
			case "its time has come, or it is triggered" -> new Case(() -> this.cron.trigger("report", job("a")));
			case "the last job, which has not ended and is to be cancelled" -> new Case(() -> {
				this.schedulers.lead(SCHEDULER, List.of("default"), LEASE, null);
				this.cron.beat(SCHEDULER, List.of(CronStoreTests.listed("report")));
				hash("rq:cron:default:report", "last", "1000", "job", "a");
				this.cron.settle(SCHEDULER, new CronStore.Occurrence("report", "default", Instant.ofEpochSecond(1), NOW,
						NOW, CronStore.Unended.CANCEL, job("b")));
			});
			default -> throw row.unknown();
		};
	}

	private Case enqueueing(Row row) {
		NewJob plain = job("a");
		return switch (row.when()) {
			case "the id was made for the job" -> enqueueing(plain);
			case "the ids were made for the jobs" -> new Case(() -> enqueue(plain, job("b")));
			case "the same, due later" -> enqueueing(in(plain, 60));
			case "the caller chose the id" -> enqueueing(given(plain));
			case "chosen id, due later" -> enqueueing(in(given(plain), 60));
			case "chosen id that must be new" -> enqueueing(unique(plain));
			case "new id, due later" -> enqueueing(in(unique(plain), 60));
			default -> throw row.unknown();
		};
	}

	private Case enqueueingLinked(Row row) {
		NewJob waiting = DependencyTests.after(job("a"), Dependency.on("p"));
		NewJob free = DependencyTests.after(job("a"), Dependency.on("gone"));
		return switch (row.when()) {
			case "a parent has not ended" -> enqueueingBeside("p", waiting);
			case "chosen id, a parent has not ended" -> enqueueingBeside("p", given(waiting));
			case "chosen id that must be new, a parent has not ended" -> enqueueingBeside("p", unique(waiting));
			case "its rate limit has no free slot" -> enqueueingLimited(job("a"));
			case "chosen id, its rate limit has no free slot" -> enqueueingLimited(given(job("a")));
			case "all parents have ended" -> enqueueing(free);
			case "all parents have ended, due later" -> enqueueing(in(free, 60));
			case "chosen id, all parents have ended" -> enqueueing(given(free));
			default -> throw row.unknown();
		};
	}

	private Case enqueueingLimited(NewJob job) {
		Case enqueueing = enqueueing(RateLimitTests.limited("api", 1, job));
		return new Case(() -> {
			zadd("rq:rl:api:allowed", 5, "other");
			enqueueing.script().run();
		});
	}

	private Case enqueueingBeside(String parent, NewJob job) {
		Case enqueueing = enqueueing(job);
		return new Case(() -> {
			python(parent, "status", "started");
			enqueueing.script().run();
		});
	}

	private Case enqueueing(NewJob job) {
		return new Case(() -> {
			try {
				enqueue(job);
			}
			catch (DuplicateJobException ex) {
				assertThat(job.idGiven()).isTrue();
			}
		});
	}

	private Case claiming(Row row) {
		return switch (row.when()) {
			case "the id is on the list" -> claiming("a");
			case "the record is too large" -> new Case(() -> {
				push("default", "a");
				executions("w1", 1).claim(List.of("default"), 1, false);
			}).with("description", "x".repeat((int) ClaimCall.Largest.of(1).bytes()));
			case "the id may be a stray (`stray_id`)" -> claiming("a").with("stray_id", "1");
			case "its rate limit by time lets it wait" -> claiming("a").with("rate_limit_key", "window:1:60000:api");
			case "the id is malformed" -> claiming("a:b");
			default -> throw row.unknown();
		};
	}

	private Case claiming(String id) {
		return new Case(id, () -> {
			push("default", id);
			claim(1);
		}, Map.of(), Set.of());
	}

	private Case finishing(Row row) {
		return switch (row.when()) {
			case "success" -> new Case(() -> finish(success(leased("a"), 500)));
			case "success, to be repeated at once" ->
				new Case(() -> finish(success(leased("a"), 500))).with("repeats_left", "2");
			case "success, to be repeated later" ->
				new Case(() -> finish(success(leased("a"), 500))).with("repeats_left", "2", "repeat_intervals", "[60]");
			case "failure" -> new Case(() -> finish(failure(leased("a"), 500)));
			case "stopped by a command" -> new Case(() -> finish(stopped(leased("a"), 500)));
			case "success that is not to be kept" -> new Case(() -> finish(success(leased("a"), 0)));
			case "failure that is not to be kept" -> new Case(() -> finish(failure(leased("a"), 0)));
			case "a job that waited for one that succeeded" ->
				new Case(() -> finish(success(leased(waitingFor("p")), 500)));
			case "a job that waited for one that succeeded, and is due later" ->
				new Case(() -> finish(success(leased(waitingFor("p")), 500))).with("due_at", "" + (now() + 60));
			case "a job that waited for the slot of one that ended" -> new Case(() -> {
				python("p", "status", "started", "rate_limit_key", "api", "rate_limit_concurrency", "1");
				hash("rq:rl:api", "concurrency", "1");
				zadd("rq:rl:api:allowed", 5, "p");
				zadd("rq:rl:api:rate_limited", 5, "a");
				finish(success(leased("p"), 500));
			});
			case "a job that waited for one that failed" ->
				new Case(() -> finish(failure(leased(waitingFor("p")), 500)));
			case "a job that waited for one that was stopped, and allows failures" ->
				new Case(() -> finish(stopped(leased(waitingFor("p")), 500))).with("allow_dependency_failures", "1");
			case "a job that waited for one that failed, and allows it" ->
				new Case(() -> finish(failure(leased(waitingFor("p")), 500))).with("allow_dependency_failures", "1");
			case Row.LOST -> new Case(() -> finish(success(lost(), 500)));
			default -> throw row.unknown();
		};
	}

	private void finish(Outcome.Finished end) {
		this.executions.finish(List.of(end));
	}

	private Case releasing(Row row) {
		return switch (row.when()) {
			case "not begun" -> new Case(() -> this.executions.release(List.of(leased("a"))));
			case "interrupted" -> new Case(() -> this.executions.releaseBegun(List.of(leased("a"))));
			case "interrupted, but its rate limit by time lets it wait" ->
				withoutPlace(new Case(() -> this.executions.releaseBegun(List.of(leased("a")))));
			case Row.LOST -> new Case(() -> this.executions.release(List.of(lost())));
			default -> throw row.unknown();
		};
	}

	private Case retrying(Row row) {
		return switch (row.when()) {
			case "at once" -> new Case(() -> retry(leased("a"), 0));
			case "at once, but its rate limit by time lets it wait" ->
				withoutPlace(new Case(() -> retry(leased("a"), 0)));
			case "later" -> new Case(() -> retry(leased("a"), 60));
			case Row.LOST -> new Case(() -> retry(lost(), 60));
			default -> throw row.unknown();
		};
	}

	private void retry(Execution execution, int wait) {
		this.executions.retry(List.of(retry(execution, wait, false, Retry.max(1), null)));
	}

	private Case reclaiming(Row row) {
		return switch (row.when()) {
			case "lease expired, retries left" -> reclaiming(0).with("retries_left", "1");
			case "lease expired, retries left with a wait" ->
				reclaiming(0).with("retries_left", "1", "retry_intervals", "[60]");
			case "lease expired, may be put back" -> reclaiming(1);
			case "lease expired, but its rate limit by time lets it wait" -> withoutPlace(reclaiming(1));
			case "lease expired, the id waits on its queue" -> new Case(() -> {
				push("default", "a");
				reclaim("a", 1);
			});
			case "lease expired too often" -> reclaiming(0);
			case "lease expired too often, not to be kept" -> reclaiming(0).with("failure_ttl", "0");
			case "a job that waited for one that failed so, and allows it" ->
				new Case(() -> reclaim(waitingFor("p"), 0)).with("allow_dependency_failures", "1");
			case "the lease lasts" -> new Case(() -> {
				leased("a");
				steadily(() -> this.maintenance.reclaim("default", 0, 500, null));
			});
			default -> throw row.unknown();
		};
	}

	private Case reclaiming(int maxReclaims) {
		return new Case(() -> reclaim("a", maxReclaims));
	}

	private void reclaim(String id, int maxReclaims) {
		leased(id);
		expireLeases("default");
		steadily(() -> this.maintenance.reclaim("default", maxReclaims, 500, null));
	}

	private void disown(boolean lost) {
		UnansweredClaims unanswered = unanswered();
		ClaimCall call = giveUp(unanswered);
		String execution = call.base() + "00000001";
		zadd("rq:wip:default", now() + LEASE.toSeconds() + 1, (lost ? "b:" : "a:") + execution);
		this.template.opsForValue()
			.set(KeyLayout.RQ.of("default").workerClaim("w1"), "{\"default\":[\"a:" + execution + "\"]}");
		unanswered.settle(List.of("default"));
	}

	private void promote() {
		zadd("rq:scheduled:default", now() - 1, "a");
		this.schedulers.lead(SCHEDULER, List.of("default"), Duration.ofSeconds(30), null);
		this.schedulers.promote("default", SCHEDULER, 10);
	}

	private Case changingNoStatus(Row row) {
		return switch (row.file()) {
			case ATTACH -> new Case(() -> new RedisScripts(this.redis.connectionFactory()).count(Script.ATTACH,
					ScriptArguments.keys("rq:queue:default").add("default").add("a").add("other").add("b")));
			case BEAT -> new Case(() -> this.executions.beat("busy", List.of("default"),
					List.of(new ExecutionStore.Run(leased("a"), NOW))))
				.writing("last_heartbeat");
			case AWAITED -> new Case(() -> new RedisScripts(this.redis.connectionFactory()).run(Script.AWAITED,
					ScriptArguments.keys("rq:job:a").add(1).add("a")));
			case TAKE -> new Case(() -> {
				push("default", "a");
				this.executions.take("default", "sync-1", List.of("a"));
			});
			case NUDGE -> new Case(() -> new RedisScripts(this.redis.connectionFactory()).run(Script.NUDGE,
					ScriptArguments.keys("rq:awaiting:x").add(60)));
			case COMPACT -> new Case(() -> {
				push("default", "a");
				this.queueControl.compact("default");
			});
			case POSITION -> new Case(() -> this.queueControl.position("default", "a"));
			case EXPLAIN -> new Case(() -> new SurroundingsStore(new RedisScripts(this.redis.connectionFactory()))
				.look("default", "a", null, null, List.of("b")));
			case SUSPEND -> new Case(() -> this.queueControl.suspend(LEASE));
			case EDIT -> new Case("a",
					() -> unlessIllegal(() -> this.jobs.changeCall("a",
							(data, description) -> new JobChanges.ChangedCall(bytes("x"), "x"))),
					Map.of(), Set.of("data", "description"));
			case MOVE -> new Case("a", () -> unlessIllegal(() -> this.jobs.changes().move("a", "other")), Map.of(),
					Set.of("origin", "enqueued_at", "stray_id"));
			case MOVING -> new Case(() -> new RedisScripts(this.redis.connectionFactory()).run(Script.MOVING,
					ScriptArguments.keys("rq:moving:move").add("a").add("move")));
			case BULK_CANCEL, BULK_START, BULK_STEP -> new Case(() -> {
				BulkStore bulk = new BulkStore(new RedisScripts(this.redis.connectionFactory()));
				bulk.start("default", "b", Map.of("state", "RUNNING"));
				bulk.step(new BulkStore.Open("", "b"), "token", LEASE, null);
				bulk.cancel("b");
			});
			case PAUSE, PAUSES -> new Case(() -> {
				this.queueControl.pause("default", "why");
				this.queues.pauses();
			});
			case WORKERS -> new Case(() -> this.workers.workers());
			case CENSUS -> new Case(() -> this.queues.census(List.of("default")));
			case CRON_BEAT -> new Case(() -> this.cron.beat(SCHEDULER, List.of(CronStoreTests.listed("report"))));
			case CRON_PAUSE -> new Case(() -> this.cron.pause("default", "report", "why"));
			case FREE_SLOTS, LIMITS -> new Case(() -> {
				zadd("rq:rl:api:allowed", 5, "a");
				this.template.opsForSet().add("rq:rl-keys", "api");
				this.queues.rateLimits(10);
				this.maintenance.freeSlots("default");
			});
			case CHORES -> new Case(() -> this.maintenance.chores(List.of("default"), 500, Retention.NONE));
			case SCAN, STATUSES -> new Case(() -> {
				this.template.opsForSet().add("rq:group:g", "a");
				this.jobs.groups().counts("g");
			});
			case EXPIRE -> new Case(() -> {
				zadd("rq:finished:default", now() - 1, "a");
				zadd("rq:failed:default", now() - 1, "a");
				this.maintenance.expire("default", -1);
			});
			case FORGET -> new Case(() -> this.maintenance.forgetWorkers("default"));
			case HISTORY, TALLY -> new Case(() -> {
				HistoryStore history = new HistoryStore(new RedisScripts(this.redis.connectionFactory()));
				HistoryStore.Series mail = new HistoryStore.Series("default", "tasks.add");
				history.calls(List.of(HistoryStoreTests.tally(mail, 0, 1))).forEach(history::add);
				history.read(List.of(mail), HistoryStore.Unit.HOURS, 1, 2);
			});
			case LEAD -> new Case(() -> this.schedulers.lead(SCHEDULER, List.of("default"), LEASE, null));
			case FIND -> new Case(() -> this.jobs.findAll(List.of("a")));
			case FAILURES -> new Case(() -> this.pages.traces("default", List.of("a")));
			case OUTCOMES -> new Case(() -> this.jobs.outcomes("a"));
			case SAMPLE -> new Case(() -> this.pages.calls("default", 1));
			case RIGHTS -> new Case(() -> new ServerStore(new RedisScripts(this.redis.connectionFactory())).rights());
			case PAGE -> new Case(() -> this.pages.page("default", Registry.QUEUED, null, 1));
			case NOTE -> new Case(() -> note("a")).writing("meta");
			case RESCHEDULE -> new Case(() -> unlessIllegal(() -> this.jobs.changes().reschedule("a", NOW)));
			case REGISTER -> new Case(() -> this.workers.register(WORKER, TestStores.UNTOLD, LEASE));
			case RESIGN -> new Case(() -> this.schedulers.resign(SCHEDULER, List.of("default")));
			case RESTORE -> new Case(() -> {
				this.template.opsForList().rightPush("rq:taken:default:w1", "a");
				this.executions.restoreTaken(List.of("default"));
			});
			case STOP -> new Case(() -> this.jobs.control().stop("a", null, true));
			case UNREGISTER -> new Case(() -> this.workers.unregister(WORKER));
			default -> throw row.unknown();
		};
	}

	private void moveOut() {
		new RedisScripts(this.redis.connectionFactory()).run(Script.MOVE_OUT,
				ScriptArguments.keys("rq:job:a").add("a").add("other").add("0").add("move"));
	}

	private Case movingIn(Row row) {
		String status = row.when().replace("it was ", "");
		RedisScripts scripts = new RedisScripts(this.redis.connectionFactory());
		return new Case(() -> {
			hash("rq:moving:move", "status", status, "origin", "default", "data", "x");
			ScriptArguments arguments = ScriptArguments.keys("rq:queue:other")
				.add("a")
				.add("other")
				.add(STAMP)
				.add("move")
				.add("1");
			scripts.run(Script.MOVING, ScriptArguments.keys("rq:moving:move").add("a").add("move"))
				.forEach((value) -> arguments.addAll(List.of((byte[]) value)));
			scripts.run(Script.MOVE_IN, arguments);
		});
	}

	/** The lease of a run of a job, whatever the job's status. */
	private Execution leased(String id) {
		Execution execution = new Execution(id, "default", "e1", true, "");
		zadd("rq:wip:default", now() + 30, id + ":e1");
		return execution;
	}

	/** A run of the job whose lease is another's now. */
	private Execution lost() {
		zadd("rq:wip:default", now() + 30, "a:e2");
		return new Execution("a", "default", "e1", true, "");
	}

	/** Lets the job wait for another, which runs. */
	private String waitingFor(String parent) {
		python(parent, "status", "started");
		this.template.opsForSet().add("rq:job:" + parent + ":dependents", "a");
		this.template.opsForSet().add("rq:job::a:dependencies", parent);
		return parent;
	}

	/**
	 * A row of the table.
	 */
	record Row(String script, String when, Set<String> from, String to) {

		static final String LOST = "the lease was lost";

		Script file() {
			return Script.valueOf(this.script.replace('-', '_').toUpperCase(Locale.ROOT));
		}

		static Stream<Row> of(String line) {
			String[] cells = Arrays.stream(line.split("\\|", -1)).map(String::strip).toArray(String[]::new);
			Set<String> from = states(cells[3]);
			String to = cells[4].replace("`", "");
			return Arrays.stream(cells[1].split(", ")).map((script) -> new Row(script, cells[2], from, to));
		}

		private static Set<String> states(String cell) {
			String listed = cell.replace("`", "").replaceFirst("^any but ", "");
			Set<String> states = listed.equals("nothing") ? Set.of() : Set.of(listed.split(", "));
			assertThat(STATES).containsAll(states);
			return cell.startsWith("any but ")
					? STATES.stream().filter((state) -> !states.contains(state)).collect(Collectors.toSet()) : states;
		}

		boolean isLost() {
			return this.when.equals(LOST);
		}

		boolean takes(String state) {
			return this.from.contains(state);
		}

		Map<String, String> expected() {
			Map<String, String> expected = new LinkedHashMap<>();
			STATES.forEach((state) -> expected.put(state, takes(state) ? this.to : state));
			return expected;
		}

		AssertionError unknown() {
			return new AssertionError("Write here how to bring about: " + this);
		}

		@Override
		public String toString() {
			return this.script + ": " + this.when;
		}

	}

	/**
	 * How a row comes about.
	 *
	 * @param id the id of the job
	 * @param script runs the script
	 * @param fields what the job's hash has besides
	 * @param ownFields what the script may write in any job
	 */
	private record Case(String id, Runnable script, Map<String, String> fields, Set<String> ownFields) {

		Case(Runnable script) {
			this("a", script, Map.of(), Set.of());
		}

		Case with(String... fields) {
			Map<String, String> more = new LinkedHashMap<>();
			for (int i = 0; i < fields.length; i += 2) {
				more.put(fields[i], fields[i + 1]);
			}
			return new Case(this.id, this.script, more, this.ownFields);
		}

		Case writing(String field) {
			return new Case(this.id, this.script, this.fields, Set.of(field));
		}

	}

}
