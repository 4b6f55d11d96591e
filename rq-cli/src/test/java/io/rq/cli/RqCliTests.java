package io.rq.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.embedded.RedisServer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;

import io.rq.annotation.RqJob;
import io.rq.autoconfigure.RqAutoConfiguration;
import io.rq.cli.Jar.Run;
import io.rq.job.JobRequest;
import io.rq.job.RateLimit;
import io.rq.operations.AuditEntry;
import io.rq.operations.RqOperations;
import io.rq.serializer.SerializerFormat;
import io.rq.template.JobTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for the jar.
 */
class RqCliTests {

	private static RedisServer server;

	private static String url;

	@BeforeAll
	static void start() throws IOException {
		int port = freePort();
		server = redis(port);
		url = "redis://127.0.0.1:" + port;
		Jar.archive(url);
	}

	private static RedisServer redis(int port) throws IOException {
		RedisServer redis = RedisServer.newRedisServer().port(port).bind("127.0.0.1").setting("save \"\"").build();
		redis.start();
		return redis;
	}

	@AfterAll
	static void stop() throws IOException {
		server.stop();
	}

	@BeforeEach
	void flush() {
		try (Jedis jedis = jedis()) {
			jedis.flushAll();
		}
	}

	private static Jedis jedis() {
		return new Jedis("127.0.0.1", server.ports().get(0));
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

	private static JsonNode json(String command) {
		return JsonMapper.shared().readTree(Jar.run(url, command + " --json").succeeded().out());
	}

	@Test
	void jobIsEnqueuedSeenAndDeleted() {
		String id = Jar.run(url, "enqueue tasks.add abc :7 c=d e:=[1,2] -q mail --timeout 5m").succeeded().text();
		assertThat(Jar.run(url, "queues").succeeded().out()).containsPattern("mail +1 +0");
		assertThat(Jar.run(url, "jobs -q mail").succeeded().out()).contains(id, "1 job; 1 of 1 looked at");
		assertThat(Jar.run(url, "job " + id).succeeded().out()).contains("tasks.add").contains("abc, 7");
		JsonNode job = json("job " + id);
		assertThat(job.at("/values/arguments").toString()).isEqualTo("[\"abc\",7]");
		assertThat(job.at("/values/namedArguments").toString()).isEqualTo("{\"c\":\"d\",\"e\":[1,2]}");
		assertThat(job.at("/settings/timeout").asString()).isEqualTo("PT5M");
		assertThat(Jar.run(url, "explain " + id).succeeded().out()).startsWith("NO_WORKER: ").contains("'mail'");
		assertThat(Jar.run(url, "info mail").succeeded().out()).contains("1 queue, 1 job waiting, 0 workers")
			.contains("! Queue 'mail' has waiting jobs and no worker");
		assertThat(Jar.run(url, "empty mail").succeeded().text()).isEqualTo("1 job deleted");
		Jar.run(url, "job " + id).failed(1, "There is no job '" + id + "'");
		assertThat(Jar.run(url, "explain " + id).exitCode()).isEqualTo(1);
		try (Session session = Session.open(url, "rq", SerializerFormat.AUTO)) {
			List<AuditEntry> audit = session.operations().audit(null, 10);
			assertThat(audit).extracting(AuditEntry::operation).containsExactly("empty", "enqueue");
			assertThat(audit).extracting(AuditEntry::operator).containsOnly(System.getProperty("user.name"));
			assertThat(audit).extracting(AuditEntry::face).containsOnly("command-line");
		}
	}

	@Test
	void argumentsComeFromFiles(@TempDir Path directory) throws IOException {
		Path text = Files.writeString(directory.resolve("letter"), "Dear Ada,\n");
		Path json = Files.writeString(directory.resolve("items"), "[1, {\"a\": null}]");
		String id = Jar.run(url, "enqueue tasks.add @" + text + " :@" + json + " a=@" + text + " b:=@" + json)
			.succeeded()
			.text();
		JsonNode values = json("job " + id).path("values");
		assertThat(values.path("arguments").toString()).isEqualTo("[\"Dear Ada,\\n\",[1,{\"a\":null}]]");
		assertThat(values.path("namedArguments").toString())
			.isEqualTo("{\"a\":\"Dear Ada,\\n\",\"b\":[1,{\"a\":null}]}");
		Jar.run(url, "enqueue tasks.add @" + directory.resolve("nothing")).failed(2, "nothing' cannot be read");
		Jar.run(url, "enqueue tasks.add :@" + text).failed(2, "is no JSON");
		Jar.run(url, "enqueue tasks.add %(1,2)").failed(2, "literal of Python");
		Jar.run(url, "enqueue tasks.add a%=(1,2)").failed(2, "literal of Python");
	}

	@Test
	void failedJobsAreRequeuedAndWorkersShown() {
		try (AnnotationConfigApplicationContext application = new AnnotationConfigApplicationContext()) {
			TestPropertyValues.of("spring.data.redis.url=" + url, "rq.worker.name=ada").applyTo(application);
			application.register(DataRedisAutoConfiguration.class, JacksonAutoConfiguration.class,
					RqAutoConfiguration.class, Jobs.class);
			application.refresh();
			JobTemplate jobs = application.getBean(JobTemplate.class);
			String first = jobs.enqueue("jobs.fail").id();
			String second = jobs.enqueue("jobs.fail").id();
			RqOperations operations = application.getBean(RqOperations.class);
			Awaitility.await().until(() -> operations.failures().failed() == 2);
			assertThat(Jar.run(url, "workers").succeeded().out()).contains("ada", "java");
			jobs.enqueue(JobRequest.of("tasks.add").queue("lonely"));
			assertThat(Jar.run(url, "info --by-queue").succeeded().out()).containsPattern("java +ada \\((idle|busy)\\)")
				.containsPattern("lonely +-\n");
			assertThat(Jar.run(url, "jobs -q java --state failed").succeeded().out()).contains(first, second);
			assertThat(Jar.run(url, "job " + first).succeeded().out()).contains("IllegalStateException: no luck");
			Jar.run(url, "suspend --duration 600").succeeded();
			assertThat(Jar.run(url, "requeue " + first).succeeded().text()).isEqualTo("1 job requeued");
			Run missing = Jar.run(url, "requeue nothing");
			assertThat(missing.exitCode()).isEqualTo(1);
			assertThat(missing.out()).contains("Not found: nothing");
			Run refused = Jar.run(url, "requeue " + first + " nothing " + second);
			assertThat(refused.exitCode()).isEqualTo(1);
			assertThat(refused.out()).startsWith("1 job requeued")
				.contains("Not found: nothing", "Refused: " + first + ": ")
				.contains("'queued'");
			assertThat(Jar.run(url, "requeue --all -q java").succeeded().text()).isEqualTo("0 jobs requeued");
			assertThat(Jar.run(url, "info").succeeded().out()).contains("all suspended");
			Jar.run(url, "resume").succeeded();
			Awaitility.await().until(() -> operations.failures().failed() == 2);
		}
	}

	@Test
	void allMeansThoseThatHadFailedBefore() {
		try (Session session = Session.open(url, "rq", SerializerFormat.AUTO); Jedis jedis = jedis()) {
			for (int i = 0; i < 1_100; i++) {
				session.operations().enqueue(JobRequest.of("tasks.add").id("f" + i).queue("many"));
				jedis.hset("rq:job:f" + i, "status", "failed");
				jedis.zadd("rq:failed:many", 2_000_000_000L + i, "f" + i);
			}
			jedis.del("rq:queue:many");
		}
		assertThat(Jar.run(url, "requeue --all -q many").succeeded().text()).isEqualTo("1100 jobs requeued");
	}

	@Test
	void aQueueThatIsRefusedKeepsNoOtherFromBeingEmptied() {
		Jar.run(url, "enqueue tasks.add -q first").succeeded();
		Jar.run(url, "enqueue tasks.add -q last").succeeded();
		Run empty = Jar.run(url, "empty first a,b last");
		assertThat(empty.exitCode()).isEqualTo(1);
		assertThat(empty.out()).startsWith("2 jobs deleted").contains("Refused: a,b: ");
	}

	@Test
	void aRedisThatGoesAwayIsNotAskedForTheRest() throws IOException {
		int port = freePort();
		RedisServer redis = redis(port);
		List<String> asked = new ArrayList<>();
		try (Session session = Session.open("redis://127.0.0.1:" + port, "rq", SerializerFormat.AUTO)) {
			Done done = Done.each(List.of("first", "second", "third"), (queue) -> {
				asked.add(queue);
				OptionalLong deleted = OptionalLong.of(session.operations().empty(queue));
				stop(redis);
				return deleted;
			});
			assertThat(asked).containsExactly("first", "second");
			assertThat(done.done()).containsExactly("first");
			assertThat(done.refused()).extracting(Done.Refused::name).containsExactly("second", "third");
			assertThat(done.refused().get(0).why()).startsWith("Redis cannot be asked");
			assertThat(done.refused().get(1).why()).startsWith("Not tried");
			assertThat(done.exitCode()).isEqualTo(3);
		}
		finally {
			redis.stop();
		}
	}

	private static void stop(RedisServer redis) {
		try {
			redis.stop();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Test
	void urlHasUserPasswordAndDatabase() {
		try (Jedis jedis = jedis()) {
			jedis.aclSetUser("ada", "on", ">s:p@ce", "resetchannels", "~rq:*", "&rq:*", "+@all", "-@admin",
					"-@dangerous", "-@scripting", "+eval", "+evalsha");
			String hers = url.replace("//", "//ada:s%3Ap%40ce@") + "/3";
			for (String same : List.of(hers, hers.replace("/3", "?db=3"), hers.replace("/3", "/?db=3"))) {
				String id = Jar.run(same, "enqueue tasks.add").succeeded().text();
				jedis.select(3);
				assertThat(jedis.exists("rq:job:" + id)).as(same).isTrue();
			}
			Run refused = Jar.run(url.replace("//", "//ada:wrong-secret@"), "info").failed(3, "Redis cannot be asked");
			assertThat(refused.err()).doesNotContain("wrong-secret");
			jedis.aclSetUser("ada", "-hset");
			assertThat(Jar.run(hers, "enqueue tasks.add").failed(3, "Redis").err())
				.containsAnyOf("can't run this command", "no permissions to run the 'hset' command");
		}
	}

	@Test
	void keysMayHaveAnotherPrefix() {
		String id = Jar.run(url, "enqueue tasks.add --key-prefix other").succeeded().text();
		try (Jedis jedis = jedis()) {
			assertThat(jedis.exists("other:job:" + id)).isTrue();
		}
	}

	@Test
	void aKeyOfAnotherTypeIsNotTakenForAnAbsentRedis() {
		try (Jedis jedis = jedis()) {
			jedis.set("rq:queue:text", "no list");
		}
		assertThat(Jar.run(url, "jobs -q text").failed(1, "holds a value of another type").err())
			.doesNotContain("Redis cannot be asked");
	}

	@Test
	void failureIsALineAndAnExitCode() throws IOException {
		int nobody = freePort();
		Jar.run("redis://127.0.0.1:" + nobody, "info").failed(3, "Redis cannot be asked");
		Jar.run("rediss://127.0.0.1:" + server.ports().get(0), "queues").failed(3, "Redis cannot be asked");
		assertThat(Jar.run("redis://127.0.0.1:" + nobody, "info --verbose").err()).contains("    at ");
		Jar.run(url, "enqueue tasks.add :{").failed(2, "is no JSON");
		Jar.run("no-url", "info").failed(2, "'--url' is no URL");
	}

	@Test
	void nothingThatIsPrintedMovesOrColoursTheTerminal() {
		String id = Jar.run(url, "enqueue tasks.add").succeeded().text();
		String hostile = "a\u009b31m\u202e\u001b[32mb";
		try (Jedis jedis = jedis()) {
			jedis.hset("rq:job:" + id, "description", hostile);
		}
		String out = Jar.run(url, "job " + id + " --json").succeeded().out();
		assertThat(out).doesNotContain("\u009b", "\u202e", "\u001b");
		assertThat(JsonMapper.shared().readTree(out).findValue("description").asString()).isEqualTo(hostile);
		Run absent = Jar.run(url, "job a\u001b[31mb --verbose");
		assertThat(absent.err()).contains("a?[31mb", "    at ").doesNotContain("\u001b");
	}

	@Test
	void formatsAreNamedWhereOneIsNone() {
		Run run = Jar.run(url, "queues -S foo");
		assertThat(run.exitCode()).isEqualTo(2);
		assertThat(run.err()).contains("'--serializer'", "JSON, PICKLE, AUTO", "'foo'").doesNotContain("enum constant");
	}

	@Test
	void retriesAreAtOnceUnlessAnIntervalIsGiven() {
		String id = Jar.run(url, "enqueue tasks.add --retry-max 3").succeeded().text();
		JsonNode settings = json("job " + id).path("settings");
		assertThat(settings.path("retriesLeft").asInt()).isEqualTo(3);
		assertThat(settings.path("retryIntervals").toString()).isEqualTo("[0]");
		id = Jar.run(url, "enqueue tasks.add --retry-max 3 --retry-interval 5 --retry-interval 9").succeeded().text();
		assertThat(json("job " + id).at("/settings/retryIntervals").toString()).isEqualTo("[5,9]");
	}

	@ParameterizedTest
	@CsvSource({ "2130-05-27T21:45:00, 2130-05-27T12:45:00Z", "2130-05-27T21:45:00Z, 2130-05-27T21:45:00Z",
			"2130-05-27T21:45:00+02:00, 2130-05-27T19:45:00Z" })
	void timeWithoutZoneIsThatOfTheMachine(String text, String instant) {
		ProcessBuilder enqueue = Jar.process("enqueue", "tasks.add", "--schedule-at", text, "--url", url);
		enqueue.environment().put("TZ", "Asia/Tokyo");
		String id = Jar.run(enqueue).succeeded().text();
		assertThat(json("job " + id).at("/place/dueAt").asString()).isEqualTo(instant);
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '"',
			value = { "--schedule-in 5m --schedule-at 2130-05-27T21:45:00, '--schedule-in' and '--schedule-at'",
					"--retry-interval 60, '--retry-interval' needs '--retry-max'", "a=1 b=2 a:=1, 'a=' is given twice",
					"--schedule-at tomorrow, 'tomorrow' is no time" })
	void nothingGivenIsDroppedInSilence(String options, String message) {
		Run run = Jar.run(url, "enqueue tasks.add " + options);
		assertThat(run.exitCode()).isEqualTo(2);
		assertThat(run.err()).contains(message);
		assertThat(run.out()).isEmpty();
		try (Jedis jedis = jedis()) {
			assertThat(jedis.dbSize()).isZero();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "redis://:p^geheim@host:6379", "redis://:%ssgeheim@host:6379", "redis://:p#geheim@host",
			"redis://:p/geheim@host", "redis://u:1/geheim@host", "redis://u:1?geheim@host", "redis://u:1#geheim@host",
			"redis://u:p@geheim@host", "redis://u:p@h/geheim@host", "redis://u:p[geheim@host", "redis:u:geheim@host",
			"redis://u:geheim@my_host", "redis://u:geheim@host:port", "redis://u:geheim@", "redis://u:1/geheim",
			"http://u:geheim@host", "geheim@host", "redis://u:${geheim}@host", "redis://u:geheim %@host",
			"redis://u:geheim@host/1?db=2", "redis://u:geheim@host?db=x", "redis://u:geheim@host?timeout=5s",
			"redis://u:geheim@host/2#1" })
	void passwordIsNotToldWhereTheUrlIsNone(String malformed) {
		assertThatIllegalArgumentException().isThrownBy(() -> Session.open(malformed, "rq", SerializerFormat.AUTO))
			.withNoCause()
			.withMessageContaining("'--url' is no URL")
			.withMessageContaining("percent notation")
			.withMessageNotContaining("geheim");
	}

	@Test
	void passwordOfTheEnvironmentIsNotToldWhereTheUrlIsNone() {
		ProcessBuilder info = Jar.process("info", "--verbose");
		info.environment().put("RQ_REDIS_URL", "redis://:%ssgeheim@host:6379");
		Run run = Jar.run(info);
		assertThat(run.exitCode()).isEqualTo(2);
		assertThat(run.err()).contains("'--url' is no URL").doesNotContain("geheim");
		assertThat(run.out()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "nothing", "jobs --state none", "job", "requeue", "info --interval 0" })
	void wrongCommandEndsWithTwo(String command) {
		Run run = Jar.run(command.isEmpty() ? new String[0] : command.split(" "));
		assertThat(run.exitCode()).isEqualTo(2);
		assertThat(run.err()).isNotEmpty().doesNotContain("    at ");
		assertThat(run.out()).isEmpty();
	}

	@Test
	void helpNamesAllCommands() {
		assertThat(Jar.run("--help").succeeded().out()).contains("info", "queues", "jobs", "job ", "explain", "requeue",
				"empty", "suspend", "resume", "enqueue", "workers", "doctor");
	}

	@Test
	void doctorEndsWithOneWhereThereAreWarnings() {
		Run doctor = Jar.run(url, "doctor");
		assertThat(doctor.exitCode()).isEqualTo(1);
		assertThat(doctor.out()).contains("warning (persistence): Redis keeps nothing on disk");
	}

	@Test
	void watchLooksAgainAndAgain() throws IOException {
		Process process = Jar.process("queues", "--watch", "--interval", "0.2", "--json", "--url", url).start();
		try (BufferedReader out = process.inputReader()) {
			assertThat(out.readLine()).isEqualTo("[]");
			try (Session session = Session.open(url, "rq", SerializerFormat.AUTO)) {
				session.operations().enqueue(JobRequest.of("tasks.add"));
			}
			assertThat(out.lines().anyMatch((line) -> line.contains("\"queued\":1"))).isTrue();
		}
		finally {
			process.destroy();
		}
	}

	@Test
	void watchOutlivesALookThatFails() throws IOException {
		int port = freePort();
		String there = "redis://127.0.0.1:" + port;
		RedisServer first = redis(port);
		Process process = Jar.process("queues", "--watch", "--interval", "0.2", "--json", "--url", there).start();
		try (BufferedReader out = process.inputReader(); BufferedReader err = process.errorReader()) {
			assertThat(out.readLine()).isEqualTo("[]");
			first.stop();
			assertThat(err.readLine()).startsWith("rq: Redis cannot be asked");
			RedisServer second = redis(port);
			try (Session session = Session.open(there, "rq", SerializerFormat.AUTO)) {
				session.operations().enqueue(JobRequest.of("tasks.add"));
				assertThat(out.lines().anyMatch((line) -> line.contains("\"queued\":1"))).isTrue();
			}
			finally {
				second.stop();
			}
		}
		finally {
			process.destroy();
			first.stop();
		}
	}

	@Test
	void infoIsOfTheQueuesThatAreNamed() {
		try (Session session = Session.open(url, "rq", SerializerFormat.AUTO)) {
			session.operations().enqueue(JobRequest.of("tasks.add").queue("other"));
			for (int i = 0; i < 20; i++) {
				session.operations()
					.enqueue(JobRequest.of("tasks.add")
						.queue("limited")
						.rateLimit(RateLimit.key("the-api").concurrency(1)));
			}
		}
		assertThat(Jar.run(url, "info limited").succeeded().out()).contains("1 job waiting, 19 for rate limits")
			.containsPattern("the-api +1 +- +1 +19")
			.contains("! Queue 'limited'")
			.doesNotContain("'other'");
		Run missing = Jar.run(url, "info nosuch other");
		assertThat(missing.exitCode()).isEqualTo(1);
		assertThat(missing.out()).contains("Not found: nosuch").doesNotContain("Not found: other");
		assertThat(Jar.run(url, "queues nosuch").exitCode()).isEqualTo(1);
	}

	@Test
	void aQueueIsThereWhereAWorkerOfPythonListens() {
		try (Jedis jedis = jedis()) {
			jedis.sadd("rq:workers", "rq:worker:py");
			jedis.hset("rq:worker:py", Map.of("queues", "idle", "state", "idle", "birth", "2130-05-27T21:45:00.000000Z",
					"last_heartbeat", "2130-05-27T21:45:00.000000Z"));
		}
		assertThat(Jar.run(url, "info idle").succeeded().out()).contains("1 worker").doesNotContain("Not found");
		assertThat(Jar.run(url, "queues idle").succeeded().text()).isEqualTo("No queue.");
		Run missing = Jar.run(url, "queues idle nosuch");
		assertThat(missing.exitCode()).isEqualTo(1);
		assertThat(missing.out()).contains("Not found: nosuch").doesNotContain("Not found: idle");
	}

	@Test
	void textFromRedisCannotControlTheTerminal() {
		try (Jedis jedis = jedis()) {
			String id = Jar.run(url, "enqueue tasks.add").succeeded().text();
			jedis.hset("rq:job:" + id, Map.of("description", "\033[2Jgone"));
			assertThat(Jar.run(url, "jobs").succeeded().out()).contains("?[2Jgone");
		}
	}

	@Tag("python")
	@Test
	void worksOnARedisOfPythonAlone() throws IOException, InterruptedException {
		boolean available = python("import rq") == 0;
		if (Boolean.parseBoolean(System.getenv("CI"))) {
			assertThat(available).as("Python RQ is installed").isTrue();
		}
		Assumptions.assumeTrue(available, "no python3 with rq");
		assertThat(python("""
				import redis, rq
				queue = rq.Queue('py', connection=redis.Redis.from_url('%s'))
				queue.enqueue('math.floor', 2.5, job_id='p1')
				queue.enqueue('math.sqrt', -1, job_id='p2')
				""".formatted(url))).isZero();
		assertThat(Jar.run(url, "job p1").succeeded().out()).contains("math.floor", "2.5");
		assertThat(json("jobs -q py").at("/total").asInt()).isEqualTo(2);
		String id = Jar.run(url, "enqueue math.floor :3.5 -q py -S pickle").succeeded().text();
		assertThat(python("""
				import redis, rq
				connection = redis.Redis.from_url('%s')
				rq.SimpleWorker([rq.Queue('py', connection=connection)], connection=connection).work(burst=True)
				""".formatted(url))).isZero();
		assertThat(json("job p1").at("/values/result").asInt()).isEqualTo(2);
		assertThat(json("job " + id).at("/values/result").asInt()).isEqualTo(3);
		assertThat(Jar.run(url, "explain p2").succeeded().out()).startsWith("FAILED: ").contains("math domain error");
		assertThat(Jar.run(url, "requeue --all -q py").succeeded().text()).isEqualTo("1 job requeued");
		assertThat(Jar.run(url, "queues py").succeeded().out()).containsPattern("py +1 ");
	}

	private static int python(String script) throws IOException, InterruptedException {
		Path system = Path.of("/usr/bin/python3");
		try {
			return new ProcessBuilder(Files.isExecutable(system) ? system.toString() : "python3", "-c", script)
				.redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.start()
				.waitFor();
		}
		catch (IOException ex) {
			return -1;
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class Jobs {

		@RqJob(name = "jobs.fail", queue = "java")
		void fail() {
			throw new IllegalStateException("no luck");
		}

	}

}
