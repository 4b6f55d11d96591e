package io.rq.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;

import org.springframework.data.redis.connection.RedisConnection;

import io.rq.job.Dependency;
import io.rq.queue.Registry;
import io.rq.redis.SchedulerStore.SchedulerIdentity;
import io.rq.redis.WorkerStore.WorkerIdentity;
import io.rq.test.TestStores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link Script} and {@link RedisScripts}.
 */
class ScriptTests extends AbstractStoreTests {

	private static final Path FOLDER = folder();

	private static final Pattern HEADER = Pattern.compile("(?s)--\\[\\[\n(.*?)\n]]\n(.*)");

	private static final Pattern PARAMETER = Pattern.compile("(KEYS|ARGV)\\[(\\d+)(\\.\\.(\\d*))?]");

	private static final String INCLUDE = "--- @include ";

	private static final int MOST_LINES = 100;

	private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\\n]|\\\\.)*)\"");

	private static Path folder() {
		try {
			return Path.of(Objects.requireNonNull(Script.class.getResource("enqueue.lua")).toURI()).getParent();
		}
		catch (URISyntaxException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static Set<String> files(Path folder) {
		try (Stream<Path> files = Files.list(folder)) {
			return files.filter((file) -> file.toString().endsWith(".lua"))
				.map((file) -> file.getFileName().toString())
				.collect(Collectors.toCollection(TreeSet::new));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String read(String file) {
		try {
			return Files.readString(FOLDER.resolve(file));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Test
	void everyFileHasAConstantAndEveryConstantAFile() {
		assertThat(Stream.of(Script.values()).map(Script::fileName)).containsExactlyInAnyOrderElementsOf(files(FOLDER));
	}

	@Test
	void everyIncludeIsUsed() {
		Set<String> used = sources().flatMap((file) -> read(file).lines())
			.filter((line) -> line.startsWith(INCLUDE) && !line.equals(INCLUDE + "keys"))
			.map((line) -> line.substring(INCLUDE.length()) + ".lua")
			.collect(Collectors.toSet());
		assertThat(files(FOLDER.resolve("includes"))).containsExactlyInAnyOrderElementsOf(used);
	}

	private static Stream<String> sources() {
		return Stream.concat(files(FOLDER).stream(),
				files(FOLDER.resolve("includes")).stream().map((file) -> "includes/" + file));
	}

	private static Stream<String> code(String text) {
		return text.substring(text.indexOf("]]") + 1)
			.lines()
			.filter((line) -> !line.isBlank() && !line.strip().startsWith("--"));
	}

	@ParameterizedTest
	@MethodSource("sources")
	void noSourceIsLong(String file) {
		assertThat(code(read(file))).hasSizeLessThanOrEqualTo(MOST_LINES);
	}

	@Test
	void anIncludeIsTakenOnceWhoeverElseIncludesIt() {
		Map<String, String> files = Map.of("a.lua", INCLUDE + "b\n" + INCLUDE + "c\na", "includes/b.lua",
				INCLUDE + "c\nb", "includes/c.lua", INCLUDE + "keys\nc");
		assertThat(new ScriptTexts.Source(files::get).of("a.lua")).isEqualTo(INCLUDE + "keys\nc\nb\na\n");
	}

	/** By them users are told which rights they lack. */
	@ParameterizedTest
	@EnumSource
	void everyCommandOfAScriptIsOneOfRedis(Script script) {
		Set<String> commands = MissingRights.commands(ScriptTexts.of(KeyLayout.RQ).text(script));
		try (Jedis redis = new Jedis(this.redis.host(), this.redis.port())) {
			List<?> known = (List<?>) redis.sendCommand(Protocol.Command.COMMAND,
					Stream.concat(Stream.of("INFO"), commands.stream()).toArray(String[]::new));
			assertThat(known).as(() -> commands.toString()).hasSize(commands.size()).doesNotContainNull();
		}
		assertThat(commands).doesNotContain("COUNT");
	}

	/** They may be long, and what is read of a job goes through the memory of Lua. */
	@ParameterizedTest
	@EnumSource(names = { "AWAITED", "COMPACT", "DELETE", "EMPTY", "PROMOTE", "RECLAIM", "REQUEUE", "STATUSES" })
	void scriptThatLooksAtManyJobsReadsNoCalls(Script script) {
		assertThat(text(script)).doesNotContainPattern("'HMGET',[^)]*'data'");
	}

	@Test
	void includesThatIncludeEachOtherAreRefused() {
		Map<String, String> files = Map.of("a.lua", INCLUDE + "b", "includes/b.lua", INCLUDE + "c", "includes/c.lua",
				INCLUDE + "b");
		assertThatIllegalStateException().isThrownBy(() -> new ScriptTexts.Source(files::get).of("a.lua"))
			.withMessageContaining("includes/b.lua includes itself");
	}

	@ParameterizedTest
	@EnumSource
	void headerNamesExactlyTheParametersThatAreUsed(Script script) {
		MatchResult parts = HEADER.matcher(read(script.fileName()))
			.results()
			.findFirst()
			.orElseThrow(() -> new AssertionError("No header"));
		String header = parts.group(1);
		String body = text(script).split("]]\n", 2)[1];
		assertThat(header).contains("Replies: ");
		Set<String> documented = new TreeSet<>();
		PARAMETER.matcher(header).results().forEach((parameter) -> {
			String array = parameter.group(1);
			if (parameter.group(3) != null) {
				assertThat(body).containsPattern(
						"%s\\[(i|at)|unpack\\(%1$s, %s\\)|ipairs\\(%1$s\\)".formatted(array, parameter.group(2)));
			}
			else {
				documented.add(parameter.group());
			}
		});
		String own = parts.group(2);
		Set<String> used = PARAMETER.matcher(own)
			.results()
			.map(MatchResult::group)
			.collect(Collectors.toCollection(TreeSet::new));
		if (!used.contains("KEYS[1]")) {
			// where it is not asked for, it only says where the others lie
			documented.remove("KEYS[1]");
		}
		assertThat(used).isEqualTo(documented);
	}

	private static String text(Script script) {
		return new String(ScriptTexts.of(KeyLayout.RQ).get(script).bytes(), StandardCharsets.UTF_8);
	}

	@ParameterizedTest
	@MethodSource("sources")
	void partsOfKeysStandOnlyInTheLayout(String file) {
		List<String> names = Stream.of(KeyName.values()).map(KeyName::text).toList();
		assertThat(code(read(file))).noneMatch((line) -> line.contains("'rq")
				|| names.stream().anyMatch((name) -> line.contains("'" + name) || line.contains(name + "'")));
	}

	@Test
	void partsOfKeysStandInNoOtherClass() throws IOException {
		List<String> names = Stream.of(KeyName.values())
			.map(KeyName::text)
			.filter((name) -> name.indexOf(':') >= 0)
			.toList();
		try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
			assertThat(files.filter((file) -> file.toString().endsWith(".java"))
				.filter((file) -> !file.endsWith("KeyName.java") && !file.endsWith("QueueName.java")
						&& !file.endsWith("JobEventTransport.java"))
				.flatMap(ScriptTests::literals)
				.filter((literal) -> literal.indexOf(' ') < 0))
				.noneMatch((literal) -> literal.startsWith("rq:") || names.stream().anyMatch(literal::contains));
		}
	}

	private static Stream<String> literals(Path file) {
		try {
			return LITERAL.matcher(Files.readString(file)).results().map((literal) -> literal.group(1));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@ParameterizedTest
	@EnumSource
	void scriptDefinesNoGlobalAndHasAllIncludes(Script script) {
		String text = text(script);
		assertThat(code(text)).noneMatch((line) -> line.startsWith("function "));
		assertThat(text).doesNotContain("@include");
	}

	private void disown() {
		UnansweredClaims unanswered = unanswered();
		giveUp(unanswered);
		unanswered.settle(List.of("default"));
	}

	@Test
	void everyScriptIsLoadedAgainAfterAFlush() {
		WorkerIdentity worker = new WorkerIdentity("w1", List.of("default"), "host-1", 42, NOW, "0.1.0", "Java 17");
		SchedulerIdentity scheduler = new SchedulerIdentity("one", "host-1", 42, NOW);
		RedisScripts scripts = new RedisScripts(this.redis.connectionFactory());
		Set<Script> seen = new TreeSet<>();
		flushed(seen, Script.REGISTER, () -> this.workers.register(worker, TestStores.UNTOLD, LEASE));
		flushed(seen, Script.LEAD,
				() -> this.schedulers.lead(scheduler, List.of("default"), Duration.ofSeconds(30), null));
		flushed(seen, Script.ENQUEUE_ALL, () -> enqueue(job("a"), job("b"), job("c")));
		flushed(seen, Script.ENQUEUE, () -> enqueue(job("d")));
		CronStore cron = new CronStore(scripts, this.clock);
		flushed(seen, Script.CRON_BEAT, () -> cron.beat(scheduler, List.of(CronStoreTests.listed("report"))));
		flushed(seen, Script.CRON_PAUSE, () -> cron.pause("default", "report", "why"));
		flushed(seen, Script.ENQUEUE_LINKED, () -> enqueue(DependencyTests.after(job("f"), Dependency.on("gone"))));
		flushed(seen, Script.PROMOTE, () -> this.schedulers.promote("default", scheduler, 10));
		List<Execution> runs = claim(3);
		flushed(seen, Script.CLAIM, () -> claim(1));
		flushed(seen, Script.DISOWN, this::disown);
		flushed(seen, Script.BEAT, () -> this.executions.beat("busy", List.of("default"), List.of()));
		flushed(seen, Script.STOP, () -> this.jobs.control().stop("a", null, true));
		flushed(seen, Script.FINISH, () -> this.executions.finish(List.of(success(runs.get(0), 500))));
		flushed(seen, Script.RETRY, () -> this.executions.retry(List.of(retry(runs.get(1), 0, false, null, null))));
		flushed(seen, Script.RELEASE, () -> this.executions.release(List.of(runs.get(2))));
		flushed(seen, Script.NOTE, () -> note("b"));
		flushed(seen, Script.FIND, () -> this.jobs.findAll(List.of("b")));
		flushed(seen, Script.RECLAIM, () -> this.maintenance.reclaim("default", 3, 500, null));
		flushed(seen, Script.RESTORE, () -> this.maintenance.restoreTaken("default"));
		flushed(seen, Script.DELIVER, () -> scripts.count(Script.DELIVER,
				ScriptArguments.keys("rq:queue:default").add("default").add("b").add("a").add("0").add("now")));
		flushed(seen, Script.ATTACH, () -> scripts.count(Script.ATTACH,
				ScriptArguments.keys("rq:queue:default").add("default").add("b").add("default").add("a")));
		flushed(seen, Script.DEPENDENTS, () -> this.maintenance.releaseDependents("default"));
		flushed(seen, Script.READY, () -> this.maintenance.enqueueReady("default"));
		flushed(seen, Script.FORGET, () -> this.maintenance.forgetWorkers("default"));
		this.template.opsForSet().add("rq:rl-keys", "api");
		flushed(seen, Script.LIMITS, () -> this.queues.rateLimits(1));
		flushed(seen, Script.FREE_SLOTS, () -> this.maintenance.freeSlots("default"));
		flushed(seen, Script.PURGE, () -> this.maintenance.expire("default", 500));
		flushed(seen, Script.EXPIRE, () -> this.maintenance.expire("default", 500));
		flushed(seen, Script.TRIM, () -> this.maintenance.trim("default", RetentionTests.kept(1)));
		flushed(seen, Script.CENSUS, () -> this.queues.census(List.of("default")));
		HistoryStore history = new HistoryStore(scripts);
		List<HistoryStore.Series> mail = List.of(new HistoryStore.Series("mail", ""));
		flushed(seen, Script.TALLY,
				() -> history.calls(List.of(new HistoryStore.Tally(mail.get(0), new long[] { 0, 1 })))
					.forEach(history::add));
		flushed(seen, Script.HISTORY, () -> history.read(mail, HistoryStore.Unit.MINUTES, 1, 1));
		JobPages pages = new JobPages(scripts);
		flushed(seen, Script.PAGE, () -> pages.page("default", Registry.QUEUED, null, 1));
		flushed(seen, Script.SAMPLE, () -> pages.calls("default", 1));
		flushed(seen, Script.RIGHTS, () -> new ServerStore(scripts).rights());
		flushed(seen, Script.FAILURES, () -> pages.traces("default", List.of("none")));
		flushed(seen, Script.OUTCOMES, () -> this.jobs.outcomes("none"));
		flushed(seen, Script.SCAN, () -> this.jobs.groups().counts("none"));
		flushed(seen, Script.STATUSES, () -> scripts.run(Script.STATUSES, ScriptArguments.keys("rq:job:b").add("g")));
		flushed(seen, Script.AWAITED,
				() -> scripts.run(Script.AWAITED, ScriptArguments.keys("rq:job:b").add(1).add("b")));
		flushed(seen, Script.TAKE, () -> this.executions.take("default", "sync-1", List.of("none")));
		flushed(seen, Script.NUDGE, () -> scripts.run(Script.NUDGE, ScriptArguments.keys("rq:awaiting:x").add(60)));
		flushed(seen, Script.CHORES, () -> this.maintenance.chores(List.of("default"), 500, Retention.NONE));
		flushed(seen, Script.CANCEL, () -> this.control.cancel("none", false));
		flushed(seen, Script.REQUEUE, () -> this.control.requeue("none", false));
		flushed(seen, Script.RUN_NOW, () -> this.jobs.changes().runNow("none", false));
		flushed(seen, Script.EDIT,
				() -> this.jobs.changeCall("c", (data, description) -> new JobChanges.ChangedCall(data, description)));
		flushed(seen, Script.MOVE, () -> this.jobs.changes().move("none", "other"));
		flushed(seen, Script.MOVE_IN, () -> scripts.run(Script.MOVE_IN,
				ScriptArguments.keys("rq:queue:default").add("b").add("default").add("").add("move").add("-")));
		flushed(seen, Script.MOVE_OUT, () -> scripts.run(Script.MOVE_OUT,
				ScriptArguments.keys("rq:job:none").add("none").add("other").add("0").add("move")));
		flushed(seen, Script.MOVING,
				() -> scripts.run(Script.MOVING, ScriptArguments.keys("rq:moving:move").add("none").add("move")));
		flushed(seen, Script.RESCHEDULE, () -> this.jobs.changes().reschedule("none", NOW));
		flushed(seen, Script.DELETE, () -> this.control.delete("none", false));
		flushed(seen, Script.UNDELETE, () -> new DeletedJobs(scripts, this.clock).restore("none"));
		flushed(seen, Script.POSITION, () -> this.queueControl.position("default", "none"));
		flushed(seen, Script.EXPLAIN,
				() -> new SurroundingsStore(scripts).look("default", "none", null, null, List.of()));
		flushed(seen, Script.REMOVE, () -> this.queueControl.remove("default", "none"));
		push("other", "none");
		flushed(seen, Script.COMPACT, () -> this.queueControl.compact("other"));
		flushed(seen, Script.EMPTY, () -> this.queueControl.empty("other", 500));
		flushed(seen, Script.ABANDON, () -> scripts.count(Script.ABANDON,
				ScriptArguments.keys("rq:queue:other").add("other").add("none").add(1).add(STAMP).add(500).add("")));
		flushed(seen, Script.PAUSE, () -> this.queueControl.pause("nobody's", "why"));
		flushed(seen, Script.PAUSES, () -> this.queues.pauses());
		flushed(seen, Script.WORKERS, () -> this.workers.workers());
		BulkStore bulk = new BulkStore(scripts);
		flushed(seen, Script.BULK_START, () -> bulk.start("default", "bulk", Map.of("state", "RUNNING")));
		flushed(seen, Script.BULK_CANCEL, () -> bulk.cancel("bulk"));
		flushed(seen, Script.BULK_STEP, () -> bulk.step(new BulkStore.Open("", "bulk"), "token", LEASE, null));
		flushed(seen, Script.SUSPEND, () -> this.queueControl.suspend(null));
		flushed(seen, Script.CRON_FIRE, () -> cron.trigger("report", job("e")));
		flushed(seen, Script.RESIGN, () -> this.schedulers.resign(scheduler, List.of("default")));
		flushed(seen, Script.UNREGISTER, () -> this.workers.unregister(worker));
		assertThat(seen).containsExactly(Script.values());
		assertThat(list("rq:queue:default")).containsExactly("c", "f", "b", "e");
	}

	private void flushed(Set<Script> seen, Script script, Runnable call) {
		try (RedisConnection connection = this.redis.connectionFactory().getConnection()) {
			connection.scriptingCommands().scriptFlush();
			call.run();
			assertThat(connection.scriptingCommands().scriptExists(ScriptTexts.of(KeyLayout.RQ).get(script).sha()))
				.containsExactly(true);
		}
		seen.add(script);
	}

}
