package io.rq.autoconfigure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;

import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.rq.actuate.endpoint.RqEndpoint;
import io.rq.annotation.RqCron;
import io.rq.annotation.RqJob;
import io.rq.autoconfigure.health.RqHealthContributorAutoConfiguration;
import io.rq.autoconfigure.metrics.RqMetricsAutoConfiguration;
import io.rq.health.RqHealthIndicator;
import io.rq.history.HistoryRange;
import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.job.JobStatus;
import io.rq.job.RateLimit;
import io.rq.job.ResultTimeoutException;
import io.rq.job.Retry;
import io.rq.operations.BulkOptions;
import io.rq.operations.BulkRequest;
import io.rq.operations.JobFilter;
import io.rq.operations.Operation;
import io.rq.operations.RqOperations;
import io.rq.queue.Registry;
import io.rq.template.JobTemplate;
import io.rq.test.OneRedis;
import io.rq.test.RedisRole;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Applications of which each has a Redis user that may do what the documentation says its
 * role needs, and no more.
 */
@Timeout(180)
@ExtendWith(OutputCaptureExtension.class)
@OneRedis("has a server of its own with users")
class RedisRolesTests {

	private static final TestRedis redis = TestRedis.start();

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	/**
	 * Those that check their rights once, or remember for a while what they have seen.
	 */
	private static final Set<RedisRole> ANEW = EnumSet.of(RedisRole.WORKER, RedisRole.OBSERVER);

	private static final Set<JobStatus> ENDED = EnumSet.of(JobStatus.FINISHED, JobStatus.FAILED);

	/** Who may do everything. */
	private static final ConfigurableApplicationContext owner = start("default", RedisRole.PRODUCER.properties());

	private static final JobTemplate own = owner.getBean(JobTemplate.class);

	private static final Map<RedisRole, ConfigurableApplicationContext> applications = new EnumMap<>(RedisRole.class);

	private static final List<String> enqueued = new CopyOnWriteArrayList<>();

	@BeforeAll
	static void start() {
		for (RedisRole role : RedisRole.values()) {
			role.allow(redis, role.rules());
			applications.put(role, start(role.user(), role.properties()));
		}
	}

	private static ConfigurableApplicationContext start(String user, List<String> role) {
		List<String> properties = new ArrayList<>(role);
		properties.add("spring.data.redis.url=redis://%s:%1$s@%s:%d".formatted(user, redis.host(), redis.port()));
		properties.add("rq.worker.name=" + user);
		properties.add("rq.doctor.enabled=false");
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.properties(properties.toArray(String[]::new))
			.run();
	}

	@AfterAll
	static void stop() {
		applications.values().forEach(ConfigurableApplicationContext::close);
		owner.close();
		redis.close();
	}

	@Test
	void eachDoesItsWork(CapturedOutput output) {
		produce();
		await().until(RedisRolesTests::allHaveEnded);
		int ticks = Jobs.ticks.size();
		operate();
		observe();
		await().until(() -> Jobs.ticks.size() > ticks + 1);
		assertThat(output).doesNotContain("may not", "NOPERM");
	}

	@ParameterizedTest(name = "{0} and {1}")
	@CsvSource({ "FUNCTION,FLUSH", "FUNCTION,DUMP", "SCRIPT,FLUSH" })
	void noneTouchesWhatRedisRunsForOthers(String command, String subcommand) {
		try (RedisConnection connection = owner.getBean(RedisConnectionFactory.class).getConnection()) {
			assertThat(RedisRole.values()).allSatisfy((role) -> assertThat(text(
					connection.execute("ACL", bytes("DRYRUN"), bytes(role.user()), bytes(command), bytes(subcommand))))
				.contains("no permissions"));
		}
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

	private static String text(@Nullable Object reply) {
		return (reply instanceof byte[] bytes) ? new String(bytes, StandardCharsets.US_ASCII) : String.valueOf(reply);
	}

	@ParameterizedTest(name = "{0} without {1}")
	@CsvSource(delimiter = '|', textBlock = """
			PRODUCER  | zadd                | call ZADD
			PRODUCER  | xread               | 'xread'
			PRODUCER  | evalsha             | call EVALSHA
			PRODUCER  | ~rq:job:*           | ~rq:job:*
			PRODUCER  | ~rq:scheduled:*     | ~rq:scheduled:*
			WORKER    | blmove              | 'blmove'
			WORKER    | xadd                | call XADD
			WORKER    | ~rq:wip:*           | rq:wip:
			WORKER    | ~rq:results:*       | ~rq:results:*
			WORKER    | &rq:pubsub:*        | no right to the channel
			SCHEDULER | zrangebyscore       | call ZRANGEBYSCORE
			SCHEDULER | ~rq:cron*           | ~rq:cron
			SCHEDULER | ~rq:scheduler*      | ~rq:scheduler-lock:*
			SCHEDULER | &rq:scheduler-*     | no right to the channel
			OPERATOR  | lrem                | call LREM
			OPERATOR  | ~rq:audit           | ~rq:audit
			OBSERVER  | hgetall             | call HGETALL
			OBSERVER  | ~rq:*               | ~rq:""")
	void aRightThatIsMissingIsNamedAndNothingIsLost(RedisRole role, String right, String named, CapturedOutput output) {
		List<String> failures = new CopyOnWriteArrayList<>();
		without(role, right, failures, () -> (output + String.join("\n", failures)).contains(named));
	}

	/** Each role without each command and each key in turn: it works, or says why not. */
	@ParameterizedTest(name = "{0} without {1}")
	@MethodSource("rights")
	@Tag("long")
	void noRightIsMissedInSilence(RedisRole role, String right, CapturedOutput output) {
		List<String> failures = new CopyOnWriteArrayList<>();
		without(role, right, failures, () -> allHaveEnded() || isTold(right, output, failures));
		if (!isTold(right, output, failures)) {
			assertThat(failures).isEmpty();
			assertThat(output).doesNotContain("NOPERM", "The Redis user may not");
		}
	}

	/**
	 * A command is often a word of the language too: it counts as Redis names it, or as a
	 * rule, or among what may not be called.
	 */
	private static boolean isTold(String right, CapturedOutput output, List<String> failures) {
		String named = right.matches("(%R)?[&~].*") ? Pattern.quote(right.replaceAll("^(%R)?[&~]|\\*$", ""))
				: "'%1$s'|\\+%1$s\\b|may not call [a-z, ]*\\b%1$s\\b".formatted(right);
		return Stream.concat(output.toString().lines(), failures.stream().flatMap(String::lines))
			.map((line) -> line.toLowerCase(Locale.ROOT))
			.filter((line) -> line.matches(".*(may not|noperm|no right|no permissions).*"))
			.anyMatch(Pattern.compile(named).asPredicate());
	}

	static Stream<Arguments> rights() throws IOException {
		Set<String> commands = new TreeSet<>(Set.of("blmove", "eval", "evalsha", "publish", "subscribe", "xread"));
		try (Stream<Path> scripts = Files.walk(Path.of("src/main/resources/io/rq/redis"));
				Jedis connection = new Jedis(redis.host(), redis.port())) {
			for (Path script : scripts.filter(Files::isRegularFile).toList()) {
				// a script may name a command in one place and call it in another
				Pattern.compile("'([A-Z]+)'")
					.matcher(Files.readString(script))
					.results()
					.map((word) -> word.group(1).toLowerCase(Locale.ROOT))
					.filter((word) -> isCommand(connection, word))
					.forEach(commands::add);
			}
		}
		return Stream.of(RedisRole.values())
			.flatMap((role) -> Stream
				.concat(role.rules().stream().filter((rule) -> rule.matches("(%R)?[&~].*")), commands.stream())
				.map((right) -> Arguments.of(role, right)));
	}

	/** Asked with Jedis always, as Lettuce reads no reply of this kind. */
	private static boolean isCommand(Jedis connection, String word) {
		return ((List<?>) connection.sendCommand(Protocol.Command.COMMAND, "INFO", word)).get(0) != null;
	}

	private static void without(RedisRole role, String right, List<String> failures, Callable<Boolean> until) {
		List<String> rules = new ArrayList<>(role.rules());
		if (!rules.remove(right)) {
			rules.add("-" + right);
		}
		enqueued.clear();
		if (ANEW.contains(role)) {
			applications.get(role).close();
		}
		role.allow(redis, rules);
		if (ANEW.contains(role)) {
			applications.put(role, start(role.user(), role.properties()));
		}
		try {
			work(role).forEach((work) -> attempt(failures, work));
			await().until(until);
		}
		finally {
			role.allow(redis, role.rules());
			resumeAll();
			awaitNewLook();
		}
		int ticks = Jobs.ticks.size();
		await().until(RedisRolesTests::allHaveEnded);
		await().until(() -> Jobs.ticks.size() > ticks);
	}

	/** A look that has failed is remembered for a moment, as others are. */
	private static void awaitNewLook() {
		RqEndpoint endpoint = applications.get(RedisRole.OPERATOR).getBean(RqEndpoint.class);
		await().ignoreExceptions().until(() -> endpoint.rq() != null);
	}

	/** What an operator has stopped who had no right to let it go on. */
	private static void resumeAll() {
		RqOperations operations = owner.getBean(RqOperations.class);
		operations.resumeCron("tick");
		operations.resumeQueue("other");
		operations.resume();
	}

	/** What the role does, or has to do. */
	private static List<Runnable> work(RedisRole role) {
		return switch (role) {
			case PRODUCER -> List.of(RedisRolesTests::produce);
			case WORKER, SCHEDULER -> List.of(RedisRolesTests::produce, RedisRolesTests::operate);
			case OPERATOR -> List.of(RedisRolesTests::operate);
			case OBSERVER -> List.of(RedisRolesTests::observe);
		};
	}

	private static void attempt(List<String> failures, Runnable work) {
		try {
			work.run();
		}
		catch (RuntimeException ex) {
			failures.add(ex.toString());
		}
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50));
	}

	private static boolean allHaveEnded() {
		return own.findAll(enqueued).stream().map(Job::status).allMatch(ENDED::contains);
	}

	private static void produce() {
		JobTemplate jobs = applications.get(RedisRole.PRODUCER).getBean(JobTemplate.class);
		Job first = note(jobs.enqueue(JobRequest.of("work", "a").onSuccess("after").meta(Map.of("a", "b"))));
		note(jobs.enqueue(JobRequest.of("work", "b").dependsOn(first)));
		note(jobs.enqueue(JobRequest.of("work", "c").in(Duration.ofMillis(300))));
		note(jobs.enqueue(JobRequest.of("fail").retry(Retry.max(1).intervals(1))));
		note(jobs.enqueue(JobRequest.of("fail").onFailure("after")));
		note(jobs.enqueue(JobRequest.of("work", "d").id("chosen-" + System.nanoTime()).unique().group("group")));
		note(jobs.enqueue(JobRequest.of("work", "e").rateLimit(RateLimit.key("w").limit(99, Duration.ofMinutes(1)))));
		note(jobs.enqueue(JobRequest.of("work", "f").rateLimit(RateLimit.key("c").concurrency(1))));
		jobs.enqueueAll(List.of(JobRequest.of("work", "g"), JobRequest.of("work", "h"))).forEach(RedisRolesTests::note);
		Job later = jobs.enqueue(JobRequest.of("work", "i").in(Duration.ofHours(1)));
		jobs.reschedule(later.id(), Instant.now().plusSeconds(7200));
		jobs.updateMeta(first.id(), (meta) -> meta.put("c", "d"));
		jobs.cancel(later.id(), false);
		jobs.delete(later.id(), false);
		try {
			jobs.awaitResult(first.id(), Duration.ofSeconds(2));
		}
		catch (ResultTimeoutException ex) {
			// its worker has no right to run it
		}
	}

	private static Job note(Job job) {
		enqueued.add(job.id());
		return job;
	}

	private static void operate() {
		applications.get(RedisRole.OPERATOR).getBean(RqEndpoint.class).rq();
		RqOperations operations = applications.get(RedisRole.OPERATOR).getBean(RqOperations.class);
		Job waiting = own.enqueue(JobRequest.of("work", "x").queue("other"));
		Job moved = own.enqueue(JobRequest.of("work", "y").queue("other"));
		operations.pauseQueue("other", "test");
		operations.cancel(waiting.id(), false);
		operations.requeue(waiting.id(), true);
		operations.delete(waiting.id(), false, false);
		operations.undo(waiting.id());
		operations.move(moved.id(), "default");
		operations.resumeQueue("other");
		operations.suspend(Duration.ofSeconds(10));
		operations.resume();
		Job later = own.enqueue(JobRequest.of("work", "z").in(Duration.ofHours(1)));
		operations.reschedule(later.id(), Instant.now().plusSeconds(7200));
		operations.runNow(later.id(), false);
		operations.runAgain(moved.id());
		operations.pauseCron("tick", "test");
		operations.resumeCron("tick");
		operations.triggerCron("tick");
		String bulk = operations.bulk(BulkRequest.all(Operation.DELETE, "other", Registry.QUEUED, BulkOptions.NONE))
			.id();
		await().until(() -> operations.bulkOperation(bulk).orElseThrow().endedAt() != null);
		operations.empty("other");
	}

	private static void observe() {
		ConfigurableApplicationContext context = applications.get(RedisRole.OBSERVER);
		RqOperations operations = context.getBean(RqOperations.class);
		context.getBean(RqEndpoint.class).rq();
		context.getBean(RqEndpoint.class).queue("default");
		for (Registry registry : Registry.values()) {
			operations.jobs("default", registry, JobFilter.ALL, null, 10);
		}
		String id = own.enqueue(JobRequest.of("work", "seen")).id();
		operations.job(id);
		operations.explain(id);
		operations.stack(id);
		operations.failures();
		for (HistoryRange range : HistoryRange.values()) {
			operations.history(null, null, range);
			operations.history("default", "work", range);
		}
		operations.cron();
		operations.doctor();
		operations.audit(null, 10);
		operations.bulkOperations();
		context.getBean(RqHealthIndicator.class).health();
		context.getBean(MeterRegistry.class)
			.getMeters()
			.forEach((meter) -> meter.measure().forEach(Measurement::getValue));
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ DataRedisAutoConfiguration.class, JacksonAutoConfiguration.class,
			RqAutoConfiguration.class, RqHealthContributorAutoConfiguration.class, RqMetricsAutoConfiguration.class })
	static class Application {

		@Bean
		Jobs testJobs() {
			return new Jobs();
		}

		@Bean
		MeterRegistry testMeters() {
			return new SimpleMeterRegistry();
		}

		@Bean
		RqEndpoint testEndpoint(RqOperations operations) {
			return new RqEndpoint(operations);
		}

	}

	static class Jobs {

		static final List<String> ticks = new CopyOnWriteArrayList<>();

		@RqJob(name = "work")
		String work(String text) {
			return text;
		}

		@RqJob(name = "fail")
		void fail() {
			throw new IllegalStateException("fails");
		}

		@RqJob(name = "tick")
		@RqCron(every = "1s", name = "tick")
		void tick() {
			ticks.add("tick");
		}

	}

}
