package io.rq.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.core.StringRedisTemplate;

import io.rq.annotation.RqJob;
import io.rq.template.JobOperations;
import io.rq.test.RedisClients;
import io.rq.test.RedisTest;
import io.rq.test.TestRedis;

import static io.rq.test.TestStores.key;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Applications without a web server, each in a process of its own, which must end when
 * there is nothing left to do, and not before.
 */
@RedisTest
@Timeout(120)
class ProgramTests {

	private static final String WARNING = "No scheduler looks after queue greetings now";

	private final TestRedis redis;

	@TempDir
	private Path directory;

	ProgramTests(TestRedis redis) {
		this.redis = redis;
	}

	@Test
	void programThatOnlyEnqueuesEndsAndWarnsThatNobodySchedules() throws Exception {
		String output = run("--rq.worker.enabled=false", "--enqueue=20ms,1h");
		assertThat(output).contains(WARNING).doesNotContain("leads queues");
		assertThat(this.redis.state().zset(key("greetings", "rq:scheduled:greetings"))).hasSize(2);
	}

	@Test
	void programThatOnlyEnqueuesIsSilentWhereSomebodySchedules() throws Exception {
		new StringRedisTemplate(this.redis.connectionFactory()).opsForValue()
			.set(key("greetings", "rq:scheduler-lock:greetings"), "4711");
		assertThat(run("--rq.worker.enabled=false", "--enqueue=1h")).doesNotContain(WARNING);
	}

	@Test
	void burstRunMovesAndRunsWhatIsDueAndEnds() throws Exception {
		run("--rq.worker.enabled=false", "--enqueue=20ms,1h");
		String output = run("--rq.worker.burst=true", "--enqueue=");
		assertThat(output).containsOnlyOnce("Hello from a job").contains("has stopped");
		assertThat(this.redis.state().zset(key("greetings", "rq:scheduled:greetings"))).hasSize(1);
		assertThat(this.redis.state().keys()).doesNotContainKey(key("greetings", "rq:scheduler-lock:greetings"));
	}

	@Test
	void burstRunMovesNothingWithoutScheduler() throws Exception {
		run("--rq.worker.enabled=false", "--enqueue=20ms");
		String output = run("--rq.worker.burst=true", "--rq.worker.with-scheduler=false", "--enqueue=");
		assertThat(output).doesNotContain("Hello from a job").contains("has stopped");
	}

	@Test
	void schedulerEndsWithAWorkerThatHasDoneAllItWasToDo() throws Exception {
		String output = run("--rq.worker.max-jobs=1", "--enqueue=200ms");
		assertThat(output).containsOnlyOnce("Hello from a job").contains("leads queues").doesNotContain(WARNING);
		assertThat(this.redis.state().keys()).doesNotContainKey(key("greetings", "rq:scheduler-lock:greetings"));
	}

	@Test
	void exitCodeOfABurstRunTellsWhetherAJobHasFailed() throws Exception {
		run("--rq.worker.enabled=false", "--enqueue=0ms");
		assertThat(run("--rq.worker.burst=true", "--exit=true", "--enqueue=")).containsOnlyOnce("Hello from a job");
		assertThat(run(1, "--rq.worker.burst=true", "--exit=true", "--enqueue=", "--fail=true"))
			.contains("It was asked to fail");
	}

	private String run(String... arguments) throws IOException, InterruptedException {
		return run(0, arguments);
	}

	private String run(int exitCode, String... arguments) throws IOException, InterruptedException {
		List<String> command = new ArrayList<>(List.of(
				Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
				"-Xmx128m", RedisClients.option(), "-cp",
				System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
				Application.class.getName(), "--" + TestRedis.property(this.redis.host() + ":" + this.redis.port()),
				"--rq.layout=" + System.getProperty("rq.layout", "rq")));
		command.addAll(List.of(arguments));
		Path output = Files.createTempFile(this.directory, "program", ".log");
		Process program = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
		try {
			assertThat(program.waitFor(40, TimeUnit.SECONDS)).as(() -> "ends by itself: " + read(output)).isTrue();
			assertThat(program.exitValue()).as(() -> read(output)).isEqualTo(exitCode);
			return read(output);
		}
		finally {
			program.destroyForcibly();
		}
	}

	private static String read(Path output) {
		try {
			return Files.readString(output);
		}
		catch (IOException ex) {
			return ex.toString();
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		/**
		 * Enqueues jobs that are due after the given delays.
		 * @param args properties of the application
		 */
		public static void main(String[] args) {
			ApplicationContext context = new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
				.run(args);
			if (context.getEnvironment().getProperty("exit", Boolean.class, false)) {
				System.exit(SpringApplication.exit(context));
			}
		}

		@Bean
		ApplicationRunner enqueue(JobOperations jobs, @Value("${enqueue}") List<Duration> delays) {
			return (args) -> delays.forEach((delay) -> jobs.enqueueIn(delay, Application::greet));
		}

		@Bean
		@ConditionalOnBooleanProperty("fail")
		SmartInitializingSingleton enqueueFailing(JobOperations jobs) {
			return () -> jobs.enqueue(Application::fail);
		}

		@RqJob(queue = "greetings")
		void fail() {
			throw new IllegalStateException("It was asked to fail");
		}

		@RqJob(queue = "greetings")
		void greet() {
			System.out.println("Hello from a job");
		}

	}

}
