package io.rq.redis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import io.rq.job.Callback;
import io.rq.job.Dependency;
import io.rq.job.Job;
import io.rq.job.JobHooks;
import io.rq.job.JobLinks;
import io.rq.job.JobPayload;
import io.rq.job.NewJob;
import io.rq.job.RateLimit;
import io.rq.job.Retry;
import io.rq.redis.SchedulerStore.SchedulerIdentity;
import io.rq.redis.WorkerStore.WorkerIdentity;
import io.rq.redis.WorkerStore.WorkerSkills;
import io.rq.test.RedisState;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds the tables of keys and fields in docs/protocol.md against what the scripts leave
 * in Redis.
 */
class ProtocolTests extends AbstractStoreTests {

	private static final WorkerIdentity WORKER = new WorkerIdentity("w1", List.of("default"), "host-1", 42, NOW,
			"0.1.0", "Java 17");

	private static final SchedulerIdentity SCHEDULER = new SchedulerIdentity("one", "host-1", 42, NOW);

	private static final Pattern NAME = Pattern.compile("`([^`]+)`");

	/** The type of each key, in the order of the document. */
	private final Map<String, String> types = new TreeMap<>();

	private final Set<String> ownKeys = new TreeSet<>();

	private final Map<String, Set<String>> fields = new TreeMap<>();

	private final Set<String> writtenJobFields = new TreeSet<>();

	private final Map<String, Set<String>> found = new TreeMap<>();

	ProtocolTests() throws IOException {
		String section = "";
		List<String> described = List.of();
		for (String line : Files.readAllLines(Path.of("..", "docs", "protocol.md"))) {
			String[] cells = line.split(" \\| ");
			if (line.startsWith("#")) {
				section = line;
			}
			else if (line.startsWith("| field of ")) {
				described = names(cells[0]);
			}
			else if (!line.startsWith("|")) {
				described = List.of();
			}
			else if (line.startsWith("| `rq:") && section.matches("### 1.[12] .*")) {
				this.types.put(names(cells[0]).get(0), cells[1].replace("sorted set", "zset"));
				if (section.endsWith("Ours")) {
					this.ownKeys.add(names(cells[0]).get(0));
				}
			}
			else if (line.startsWith("| `") && !described.isEmpty()) {
				List<String> names = names(cells[0]);
				described.forEach((key) -> this.fields.computeIfAbsent(key, (any) -> new TreeSet<>()).addAll(names));
				if (described.contains("rq:job:<id>") && !cells[2].equals("–")) {
					this.writtenJobFields.addAll(names);
				}
			}
		}
	}

	private static List<String> names(String cell) {
		return NAME.matcher(cell).results().map((match) -> match.group(1)).toList();
	}

	@Test
	void everyKeyAndFieldIsInTheDocumentAndEveryOneOfOursIsWritten() {
		this.workers.register(WORKER, new WorkerSkills(10, List.of("tasks.add")), LEASE);
		this.schedulers.lead(SCHEDULER, List.of("default"), LEASE, null);
		CronStore cron = new CronStore(new RedisScripts(this.redis.connectionFactory()), this.clock);
		cron.beat(SCHEDULER, List.of(CronStoreTests.listed("report")));
		cron.pause("default", "report", "why");
		this.queueControl.pause("other", "why");
		look();
		new RedisScripts(this.redis.connectionFactory()).run(Script.NUDGE,
				ScriptArguments.keys("rq:awaiting:wait").add(60));
		new AuditLog(new RedisScripts(this.redis.connectionFactory())).append(Map.of("operator", "ada"));
		HistoryStore history = new HistoryStore(new RedisScripts(this.redis.connectionFactory()));
		history.calls(List.of(HistoryStoreTests.tally(new HistoryStore.Series("mail", ""), 0, 1),
				HistoryStoreTests.tally(new HistoryStore.Series("mail", "mail.send"), 0, 1)))
			.forEach(history::add);
		BulkStore bulk = new BulkStore(new RedisScripts(this.redis.connectionFactory()));
		bulk.start("default", "bulk", Map.of("operation", "REQUEUE"));
		bulk.step(new BulkStore.Open("", "bulk"), "token", LEASE, null);
		bulk.cancel("bulk");
		cron.resume("default", "report");
		cron.trigger("report", job("cron"));
		look();
		claim(1);
		enqueueJobs();
		look();
		runJobs();
		look();
		leaveJobsBehind();
		look();
		leaveDeletedJobs();
		look();
		this.workers.unregister(WORKER);
		look();
		assertThat(this.found.keySet()).containsAll(this.ownKeys);
		assertThat(this.found.get("rq:job:<id>")).containsAll(this.writtenJobFields);
	}

	private void enqueueJobs() {
		NewJob rich = job("rich",
				PLAIN.withTtl(Duration.ofHours(1))
					.withResultTtl(Duration.ofHours(1))
					.withFailureTtl(Duration.ofHours(1))
					.withRetry(Retry.max(3).intervals(60).atFront())
					.withHooks(new JobHooks(Callback.of("a"), Callback.of("b"), Callback.of("c"), "[{}]")));
		Job job = rich.job();
		enqueue(given(new NewJob(new Job(job.id(), job.queue(), job.status(), job.options(), job.times(), job.run(),
				new JobPayload(job.payload().data(), bytes("{}"))), false, false, false, null)));
		enqueue(front(in(job("later"), 60)));
		enqueue(DependencyTests.after(in(job("waiting"), 60), Dependency.on("later").allowFailure().atFront()));
		enqueue(GroupTests.in("group-1", job("member")));
		enqueue(on("limited", job("again", PLAIN.withLinks(JobLinks.NONE.again("member")))));
		enqueue(RateLimitTests.limited("api", 1, on("limited", job("limited"))),
				RateLimitTests.limited("api", 1, on("limited", job("over"))));
		enqueue(RateWindowTests.limited(1, LEASE, on("limited", job("window"))),
				RateWindowTests.limited(1, LEASE, on("limited", job("over-too"))));
		RateLimit bucket = RateLimit.key("sms").limit(1, LEASE).burst(1);
		enqueue(RateWindowTests.limited(bucket, on("bucket", job("token"))),
				RateWindowTests.limited(bucket, on("bucket", job("tokenless"))));
		zadd("rq:ready:default", now(), "ready");
		List<String> many = new ArrayList<>(Collections.nCopies(1500, "x"));
		many.set(700, "stray");
		push("long", many.toArray(String[]::new));
		python("stray", "origin", "long");
		enqueue(given(job("stray")));
	}

	private void runJobs() {
		Execution rich = claim(1).get(0);
		this.executions.beat("busy", List.of("default"), List.of(new ExecutionStore.Run(rich, NOW)));
		look();
		this.executions.retry(List.of(retry(rich, 60, true, Retry.max(2), null)));
		this.executions.retry(List.of(retry(started("again"), 60, false, null, 1)));
		Execution parent = started("parent");
		this.template.opsForSet()
			.add("rq:job:parent:dependents", IntStream.range(0, 3000).mapToObj((i) -> "c" + i).toArray(String[]::new));
		this.executions.finish(List.of(success(parent, 500)));
		hash("rq:job:stuck", "status", "deferred", "origin", "bad", "data", "x");
		this.template.opsForValue().set("rq:queue:bad", "no list");
		new RedisScripts(this.redis.connectionFactory()).count(Script.DELIVER,
				ScriptArguments.keys("rq:queue:default").add("default").add("stuck").add("gone").add("0").add(STAMP));
		this.template.delete("rq:queue:bad");
		this.executions.finish(List.of(success(startedFromPython("repeated", "repeats_left", "2"), 500),
				failure(started("bad"), 500)));
	}

	private void leaveJobsBehind() {
		started("left");
		expireLeases("default");
		steadily(() -> this.maintenance.reclaim("default", 3, 500, null));
		hash("rq:job:ended", "status", "finished", "origin", "default", "data", "x");
		zadd("rq:scheduled:default", now() - 5, "ended");
		this.schedulers.promote("default", SCHEDULER, 100);
		UnansweredClaims unanswered = unanswered();
		giveUp(unanswered);
		unanswered.settle(List.of("default"));
		try (QueueWait wait = new QueueWait(new RedisScripts(this.redis.connectionFactory()), "default", "w1",
				Duration.ofSeconds(30))) {
			assertThat(wait.await(Duration.ofSeconds(1), false)).isTrue();
		}
	}

	private void leaveDeletedJobs() {
		DeletedJobs deleted = new DeletedJobs(new RedisScripts(this.redis.connectionFactory()), this.clock);
		hash("rq:job:thrown", "status", "failed", "origin", "default", "data", "x");
		zadd("rq:failed:default", now() + 60, "thrown");
		this.template.opsForSet().add("rq:job:thrown:dependents", "child");
		this.template.opsForStream().add("rq:results:thrown", Map.of("type", "2"));
		this.template.opsForStream().add("rq:attempts:thrown", Map.of("type", "4"));
		for (String key : List.of("job:thrown", "job:thrown:dependents", "results:thrown", "attempts:thrown")) {
			this.template.expire("rq:" + key, LEASE);
		}
		assertThat(deleted.delete("thrown", false, LEASE, "bulk")).isEqualTo(DeletedJobs.Outcome.KEPT);
	}

	/** Compares all there is with the document. */
	private void look() {
		RedisState state = this.redis.state();
		state.keys().forEach((key, entry) -> {
			String documented = this.types.keySet()
				.stream()
				.filter((name) -> key.matches(name.replaceAll("<\\w+>", "[^:]+")))
				.max(Comparator.comparingInt(String::length))
				.orElseThrow(() -> new AssertionError(key + " is not in the document"));
			assertThat(entry.type()).as(key).isEqualTo(this.types.get(documented));
			Set<String> seen = this.found.computeIfAbsent(documented, (any) -> new TreeSet<>());
			if (this.fields.containsKey(documented)) {
				Set<String> names = fields(state, key);
				assertThat(this.fields.get(documented)).as("documented fields of " + key).containsAll(names);
				seen.addAll(names);
			}
		});
	}

	private static Set<String> fields(RedisState state, String key) {
		if (!key.startsWith("rq:results:") && !key.startsWith("rq:attempts:")) {
			return state.hash(key).keySet();
		}
		Set<String> names = new TreeSet<>();
		state.stream(key).forEach((entry) -> names.addAll(entry.fields().keySet()));
		return names;
	}

}
