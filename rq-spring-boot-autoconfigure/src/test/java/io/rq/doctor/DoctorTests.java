package io.rq.doctor;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.core.StringRedisTemplate;

import io.rq.annotation.RqJob;
import io.rq.autoconfigure.RqAutoConfiguration;
import io.rq.job.JobRequest;
import io.rq.operations.RqOperations;
import io.rq.redis.KeyLayout;
import io.rq.redis.RedisScripts;
import io.rq.redis.ServerStore;
import io.rq.template.JobTemplate;
import io.rq.template.QueueTemplate;
import io.rq.test.OneRedis;
import io.rq.test.RedisTest;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link Doctor}, on servers that have what each check looks for.
 */
@RedisTest
@ExtendWith(OutputCaptureExtension.class)
@OneRedis("what is examined are the settings of one server")
class DoctorTests {

	private static final Client CLIENT = new Client("jedis", Duration.ofSeconds(2), Duration.ofSeconds(2), 8, 0, false);

	private static ApplicationContextRunner runner(TestRedis redis) {
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, JacksonAutoConfiguration.class,
					RqAutoConfiguration.class))
			.withPropertyValues("spring.data.redis.url=" + redis.url(), "rq.doctor.enabled=false");
	}

	private static List<Finding> examine(TestRedis redis, String... properties) {
		List<Finding> found = new ArrayList<>();
		runner(redis).withPropertyValues(properties)
			.run((context) -> found.addAll(context.getBean(Doctor.class).examine()));
		return found;
	}

	private static List<Finding> of(String check, List<Finding> findings) {
		return findings.stream().filter((finding) -> finding.check().equals(check)).toList();
	}

	private static void assertWarns(String check, List<Finding> findings, String text) {
		assertThat(of(check, findings)).singleElement().satisfies((finding) -> {
			assertThat(finding.severity()).isEqualTo(Severity.WARNING);
			assertThat(finding.text()).contains(text);
			assertThat(finding.remedy()).isNotEmpty();
		});
	}

	private static List<Finding> check(Check check) {
		Report report = new Report();
		report.begin(check);
		check.examine(report);
		return report.findings();
	}

	private static Server server(TestRedis redis) {
		return new Server(new ServerStore(new RedisScripts(redis.connectionFactory())));
	}

	@Test
	void nothingIsWrongWithAGoodServer() {
		try (TestRedis redis = TestRedis.start("--appendonly", "yes")) {
			assertThat(examine(redis)).filteredOn((finding) -> !finding.check().equals("lua")).isEmpty();
		}
	}

	@Test
	void findsAnEvictionPolicyAndNoPersistence() {
		try (TestRedis redis = TestRedis.start("--maxmemory-policy", "allkeys-lru")) {
			List<Finding> findings = examine(redis);
			assertWarns("eviction-policy", findings, "'allkeys-lru'");
			assertWarns("persistence", findings, "keeps nothing on disk");
			assertThat(of("persistence", examine(redis, "rq.embedded-redis.enabled=true"))).singleElement()
				.extracting(Finding::severity)
				.isEqualTo(Severity.INFORMATION);
		}
		try (TestRedis redis = TestRedis.start("--save", "60", "1")) {
			assertThat(check(new PersistenceCheck(server(redis), CLIENT))).isEmpty();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "INFO", "CONFIG" })
	void whatMayNotBeAskedForIsToldAsUnknown(String command) {
		try (TestRedis redis = TestRedis.start("--rename-command", command, "")) {
			List<Finding> findings = examine(redis);
			assertThat(of("persistence", findings)).singleElement().satisfies((finding) -> {
				assertThat(finding.severity()).isEqualTo(Severity.UNKNOWN);
				assertThat(finding.text()).contains("could not be examined");
			});
			assertThat(of("scripting", findings)).isEmpty();
		}
	}

	@Test
	void findsAServerWithoutScripts() {
		try (TestRedis redis = TestRedis.start("--rename-command", "EVAL", "", "--rename-command", "EVALSHA", "")) {
			List<Finding> findings = examine(redis);
			assertWarns("scripting", findings, "runs no scripts");
			assertThat(of("workers", findings)).singleElement()
				.extracting(Finding::severity)
				.isEqualTo(Severity.UNKNOWN);
		}
	}

	@ParameterizedTest
	@CsvSource({ "-zadd,ZADD", "-publish,PUBLISH", "-lmove,LMOVE" })
	void findsTheRightsThatAreMissing(String rule, String command) {
		try (TestRedis redis = TestRedis.start()) {
			redis.setUser("app", "on", ">password", "resetchannels", "&rq:*", "~rq:*", "+@all", "-@admin",
					"-@dangerous", "-@scripting", "+eval", "+evalsha");
			String[] user = { "spring.data.redis.url=redis://app:password@" + redis.host() + ":" + redis.port() };
			assertThat(of("scripting", examine(redis, user))).isEmpty();
			redis.setUser("app", rule);
			assertWarns("scripting", examine(redis, user), "may not call " + command + ",");
			redis.setUser("app", "-@scripting");
			assertWarns("scripting", examine(redis, user), "runs no scripts");
		}
	}

	@Test
	void findsThatTheKeysAreNotItsOwn() {
		try (TestRedis redis = TestRedis.start()) {
			redis.setUser("app", "on", ">password", "resetchannels", "&rq:*", "~other:*", "+@all");
			assertWarns("scripting",
					examine(redis, "spring.data.redis.url=redis://app:password@" + redis.host() + ":" + redis.port()),
					"keys");
		}
	}

	@Test
	void findsAReplicaAndANodeOfACluster() {
		try (TestRedis primary = TestRedis.start();
				TestRedis replica = TestRedis.start("--replicaof", primary.host(), String.valueOf(primary.port()))) {
			assertWarns("server-role", check(new ServerRoleCheck(server(replica))), "replica");
			assertThat(check(new ServerRoleCheck(server(primary)))).isEmpty();
		}
		try (TestRedis node = TestRedis.start("--cluster-enabled", "yes")) {
			assertWarns("server-role", check(new ServerRoleCheck(server(node))), "cluster");
			assertThat(of("server-role", examine(node, "rq.key-prefix={rq}"))).isEmpty();
		}
	}

	@ParameterizedTest
	@CsvSource({ "6.0.16,true,true", "6.2.6,false,true", "6.2.20,false,false", "7.0.15,false,true", "7.2.10,false,true",
			"7.2.11,false,false", "7.4.6,false,false", "8.0.3,false,true", "8.0.4,false,false", "8.2.2,false,false",
			"8.4.0,false,false", "9.0.0,false,false" })
	void findsAnOldVersion(String version, boolean tooOld, boolean holes) {
		Server server = new Server(new ServerStore(new RedisScripts(TestRedis.shared().connectionFactory()))) {

			@Override
			String info(String name) {
				return name.equals("redis_version") ? version : "";
			}

		};
		assertThat(check(new VersionCheck(server))).hasSize(tooOld ? 1 : 0);
		assertThat(check(new LuaCheck(server))).hasSize(holes ? 1 : 0)
			.allSatisfy((finding) -> assertThat(finding.severity()).isEqualTo(Severity.INFORMATION));
	}

	@ParameterizedTest
	@CsvSource({ "6.2.20,true", "7.0.15,false" })
	void findsARedisThatDoesNotHoldScriptsToOneSlot(String version, boolean tooOld) {
		Server server = new Server(
				new ServerStore(new RedisScripts(TestRedis.shared().connectionFactory(), KeyLayout.tagged("rq")))) {

			@Override
			String info(String name) {
				return name.equals("redis_version") ? version : "";
			}

		};
		assertThat(check(new VersionCheck(server))).hasSize(tooOld ? 1 : 0);
	}

	@ParameterizedTest
	@CsvSource({ "PT-3S,behind", "PT3S,ahead of" })
	void findsAClockThatDiffers(Duration offset, String text) {
		Server server = server(TestRedis.shared());
		assertWarns("clock", check(new ClockCheck(server, Clock.offset(Clock.systemUTC(), offset))), text);
		assertThat(check(new ClockCheck(server, Clock.systemUTC()))).isEmpty();
	}

	@Test
	void findsAShortTimeout() {
		assertWarns("client-timeout", examine(TestRedis.shared(), "spring.data.redis.timeout=900ms"), "900 ms");
		assertThat(of("client-timeout", examine(TestRedis.shared(), "spring.data.redis.timeout=2s"))).isEmpty();
	}

	@Test
	void findsASmallPoolThatWorkersShare() {
		assertThat(check(new PoolCheck(CLIENT))).isEmpty();
		assertWarns("client-pool",
				check(new PoolCheck(new Client("jedis", Duration.ofSeconds(2), Duration.ofSeconds(2), 8, 3, false))),
				"keep 3");
	}

	@Test
	void findsQueuesThatNobodyServes() {
		runner(TestRedis.shared()).run((context) -> {
			JobTemplate jobs = context.getBean(JobTemplate.class);
			jobs.enqueue(JobRequest.of("tasks.add", 1).queue("mail"));
			jobs.enqueue(JobRequest.of("tasks.add", 1).queue("later").in(Duration.ofHours(1)));
			List<Finding> findings = context.getBean(RqOperations.class).doctor();
			assertWarns("workers", findings, "1 jobs wait on queue 'mail'");
			assertWarns("schedulers", findings, "1 jobs of queue 'later'");
		});
	}

	@Test
	void findsJobsThatTheWorkersCannotRun() {
		runner(TestRedis.shared()).withUserConfiguration(Jobs.class).run((context) -> {
			context.getBean(QueueTemplate.class).pause("mail", "test");
			JobTemplate jobs = context.getBean(JobTemplate.class);
			jobs.enqueue(JobRequest.of("mail.send").queue("mail"));
			jobs.enqueue(JobRequest.of("mail.gone").queue("mail"));
			jobs.enqueue(JobRequest.of("mail.send").queue("mail").id("pickled"));
			context.getBean(StringRedisTemplate.class)
				.execute((RedisConnection connection) -> connection.hashCommands()
					.hSet("rq:job:pickled".getBytes(StandardCharsets.UTF_8), "data".getBytes(StandardCharsets.UTF_8),
							new byte[] { (byte) 0x80, 4, 'N', '.' }));
			List<Finding> findings = of("waiting-jobs", context.getBean(Doctor.class).examine());
			assertThat(findings).extracting(Finding::text)
				.satisfiesExactly((text) -> assertThat(text).contains("first 3 jobs on queue 'mail' 1 are pickled"),
						(text) -> assertThat(text).contains("call mail.gone, which no worker"));
			assertThat(findings).extracting(Finding::severity).containsOnly(Severity.WARNING);
		});
	}

	@Test
	void tellsAfterTheStart(CapturedOutput output) {
		try (TestRedis redis = TestRedis.start("--maxmemory-policy", "allkeys-lru")) {
			runner(redis).run((context) -> assertThat(output).doesNotContain("allkeys-lru"));
			Consumer<String> told = (text) -> Awaitility.await()
				.untilAsserted(() -> assertThat(output.toString().split(text, -1)).hasSize(2));
			runner(redis).withPropertyValues("rq.doctor.enabled=true")
				.run((context) -> told.accept("Set 'maxmemory-policy noeviction'"));
		}
	}

	@Test
	void aServerThatIsAwayIsNoFinding() {
		TestRedis redis = TestRedis.start();
		runner(redis).run((context) -> {
			redis.close();
			assertThatExceptionOfType(DataAccessException.class)
				.isThrownBy(() -> context.getBean(Doctor.class).examine());
		});
	}

	@Configuration(proxyBeanMethods = false)
	static class Jobs {

		@RqJob(name = "mail.send", queue = "mail")
		void send() {
		}

	}

}
