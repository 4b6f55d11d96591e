package io.rq.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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

import org.springframework.data.redis.connection.RedisConnection;

import io.rq.redis.SchedulerStore.SchedulerIdentity;
import io.rq.redis.WorkerStore.WorkerIdentity;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Script} and {@link RedisScripts}.
 */
class ScriptTests extends AbstractStoreTests {

	private static final Path FOLDER = folder();

	private static final Pattern HEADER = Pattern.compile("(?s)--\\[\\[\n(.*?)\n]]\n(.*)");

	private static final Pattern PARAMETER = Pattern.compile("(KEYS|ARGV)\\[(\\d+)(\\.\\.(\\d*))?]");

	private static final Pattern CONSTANT = Pattern.compile("local (\\w+) = '(.*)'");

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
		Set<String> used = Stream.of(Script.values())
			.flatMap((script) -> read(script.fileName()).lines())
			.filter((line) -> line.startsWith("--- @include "))
			.map((line) -> line.substring("--- @include ".length()) + ".lua")
			.collect(Collectors.toSet());
		assertThat(files(FOLDER.resolve("includes"))).containsExactlyInAnyOrderElementsOf(used);
	}

	@Test
	void namesOfKeysAreThoseOfJava() throws ReflectiveOperationException {
		List<MatchResult> constants = CONSTANT.matcher(read("includes/keys.lua")).results().toList();
		assertThat(constants).hasSizeGreaterThan(5);
		for (MatchResult constant : constants) {
			assertThat(RqKeys.class.getDeclaredField(constant.group(1)).get(null)).isEqualTo(constant.group(2));
		}
	}

	@ParameterizedTest
	@EnumSource
	void headerNamesExactlyTheParametersThatAreUsed(Script script) {
		MatchResult parts = HEADER.matcher(read(script.fileName()))
			.results()
			.findFirst()
			.orElseThrow(() -> new AssertionError("No header"));
		String header = parts.group(1);
		String body = new String(script.text(), StandardCharsets.UTF_8).split("]]\n", 2)[1];
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
		assertThat(used).isEqualTo(documented);
	}

	@ParameterizedTest
	@EnumSource
	void scriptNamesNoKeyAndDefinesNoGlobal(Script script) {
		String text = new String(script.text(), StandardCharsets.UTF_8).replace(read("includes/keys.lua"), "");
		String code = text.lines().filter((line) -> !line.strip().startsWith("--")).collect(Collectors.joining("\n"));
		assertThat(code.substring(code.indexOf("]]"))).doesNotContain("rq:", "'rq");
		assertThat(code.lines()).noneMatch((line) -> line.startsWith("function "));
		assertThat(text).doesNotContain("@include");
	}

	private void disown() {
		UnansweredClaims unanswered = new UnansweredClaims(new RedisScripts(this.redis.connectionFactory()), "w1",
				LEASE.toSeconds());
		unanswered.add(new ClaimCall(unanswered.lessee(), List.of("default"), 1, false, NOW));
		unanswered.settle(List.of("default"));
	}

	@Test
	void everyScriptIsLoadedAgainAfterAFlush() {
		WorkerIdentity worker = new WorkerIdentity("w1", List.of("default"), "host-1", 42, NOW, "0.1.0", "Java 17");
		SchedulerIdentity scheduler = new SchedulerIdentity("one", "host-1", 42, NOW);
		Set<Script> seen = new TreeSet<>();
		flushed(seen, Script.REGISTER, () -> this.workers.register(worker, LEASE));
		flushed(seen, Script.LEAD, () -> this.schedulers.lead(scheduler, List.of("default"), Duration.ofSeconds(30)));
		flushed(seen, Script.ENQUEUE, () -> enqueue(job("a"), job("b"), job("c"), job("d")));
		flushed(seen, Script.PROMOTE, () -> this.schedulers.promote("default", scheduler, 10));
		List<Execution> runs = claim(3);
		flushed(seen, Script.CLAIM, () -> claim(1));
		flushed(seen, Script.DISOWN, this::disown);
		flushed(seen, Script.BEAT, () -> this.executions.beat("busy", List.of()));
		flushed(seen, Script.FINISH, () -> this.executions.finish(List.of(success(runs.get(0), 500))));
		flushed(seen, Script.RETRY, () -> this.executions.retry(List.of(retry(runs.get(1), 0, false, null, null))));
		flushed(seen, Script.RELEASE, () -> this.executions.release(List.of(runs.get(2))));
		flushed(seen, Script.NOTE, () -> this.jobs.saveMeta("b", bytes("{}")));
		flushed(seen, Script.RECLAIM, () -> this.maintenance.reclaim("default", 3, 500));
		flushed(seen, Script.RESTORE, () -> this.maintenance.restoreTaken("default"));
		flushed(seen, Script.DEPENDENTS, () -> this.maintenance.releaseDependents("default"));
		flushed(seen, Script.FORGET, () -> this.maintenance.forgetWorkers("default"));
		flushed(seen, Script.PURGE, () -> this.maintenance.expire("default", 500));
		flushed(seen, Script.EXPIRE, () -> this.maintenance.expire("default", 500));
		flushed(seen, Script.CENSUS, () -> this.queues.census(List.of("default")));
		flushed(seen, Script.RESIGN, () -> this.schedulers.resign(scheduler, List.of("default")));
		flushed(seen, Script.UNREGISTER, () -> this.workers.unregister(worker));
		assertThat(seen).containsExactly(Script.values());
		assertThat(list("rq:queue:default")).containsExactly("c", "b");
	}

	private void flushed(Set<Script> seen, Script script, Runnable call) {
		try (RedisConnection connection = this.redis.connectionFactory().getConnection()) {
			connection.scriptingCommands().scriptFlush();
			call.run();
			assertThat(connection.scriptingCommands().scriptExists(script.sha())).containsExactly(true);
		}
		seen.add(script);
	}

}
