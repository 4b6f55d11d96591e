package io.rq.interop;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.rq.annotation.RqJob;
import io.rq.cron.CronJob;
import io.rq.cron.Schedule;
import io.rq.job.DuplicateJobException;
import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.job.JobResult;
import io.rq.job.JobStatus;
import io.rq.job.Repeat;
import io.rq.job.Retry;
import io.rq.job.Webhook;
import io.rq.scheduler.SchedulerContainer;
import io.rq.template.JobTemplate;
import io.rq.test.RedisTest;
import io.rq.test.RequiresPythonRq;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests beside Python RQ of what it has had since 2.0: groups, repetitions, returned
 * retries, cron and so on, by the version that brought them.
 */
@RedisTest
@RequiresPythonRq
class NewerRqTests extends AbstractApplicationWithPythonTests {

	private static final String PRELUDE = """
			def fetch(id):
			    return Job.fetch(id, connection, JSONSerializer)
			""";

	NewerRqTests(TestRedis redis) {
		super(redis, JavaJobs.class, PRELUDE, """
				import os
				from redis import Redis
				def add(a, b):
				    return a + b
				def count(key):
				    return Redis.from_url(os.environ['REDIS_URL']).incr(key)
				def impatient(key):
				    from rq import Retry
				    return 'there' if count(key) > 1 else Retry(max=2, interval=0)
				""");
		JavaJobs.runs.clear();
		JavaJobs.release = new CountDownLatch(1);
	}

	@AfterEach
	void release() {
		JavaJobs.release.countDown();
	}

	private void work(Consumer<JobTemplate> test) {
		run((context) -> test.accept(context.getBean(JobTemplate.class)));
	}

	@Test
	@RequiresPythonRq(since = "2.0")
	void groupsAreKnownToBoth() {
		work((jobs) -> {
			assertThat(python("""
					from rq.group import Group
					group = Group.create(connection, 'from-python')
					group.enqueue_many(java, [Queue.prepare_data('count', [number], job_id='p%d' % number)
					                          for number in range(3)])
					print(sorted(job.id for job in Group.fetch('from-python', connection).get_jobs()))
					""")).containsExactly("['p0', 'p1', 'p2']");
			awaitStatus(jobs, JobStatus.FINISHED, "p0", "p1", "p2");
			jobs.enqueueAll(List.of(JobRequest.of("count", 3).id("j3").group("from-java"),
					JobRequest.of("count", 4).id("j4").group("from-java")));
			awaitStatus(jobs, JobStatus.FINISHED, "j3", "j4");
			assertThat(python("""
					from rq.group import Group
					print(sorted(group.name for group in Group.all(connection)))
					print(sorted((job.id, job.get_status()) for job in Group.fetch('from-java', connection).get_jobs()))
					""")).containsExactly("['from-java', 'from-python']", "[('j3', 'finished'), ('j4', 'finished')]");
			assertThat(JavaJobs.runs).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
		});
	}

	@Test
	@RequiresPythonRq(since = "2.3")
	void repetitionsAreCarriedOutByTheOther() {
		work((jobs) -> {
			python("""
					from rq import Repeat
					java.enqueue('count', 7, job_id='p', repeat=Repeat(times=2, interval=[0, 1]))
					""");
			jobs.enqueue(JobRequest.of("tasks.count", "counter")
				.id("j")
				.queue("python")
				.repeat(Repeat.times(2).intervals(1, 0)));
			this.python.startWorker("--with-scheduler", "python");
			await().atMost(PATIENCE)
				.untilAsserted(() -> assertThat(jobs.results("j")).extracting(JobResult::type)
					.hasSize(3)
					.containsOnly(JobResult.Type.SUCCESSFUL));
			await().atMost(PATIENCE).untilAsserted(() -> assertThat(jobs.results("p")).hasSize(3));
			assertThat(JavaJobs.runs).containsExactly(7, 7, 7);
			assertThat(python("print(len(fetch('p').results()), fetch('j').return_value())")).containsExactly("3 3");
		});
	}

	@Test
	@RequiresPythonRq(since = "2.1")
	void aRetryThatAJobReturnsIsUnderstoodByTheOther() {
		work((jobs) -> {
			jobs.enqueue(JobRequest.of("tasks.impatient", "tries").id("j").queue("python"));
			jobs.enqueue(JobRequest.of("impatient").id("p"));
			this.python.startWorker("--with-scheduler", "python");
			awaitStatus(jobs, JobStatus.FINISHED, "j", "p");
			assertThat(jobs.results("j")).extracting(JobResult::type)
				.containsExactly(JobResult.Type.SUCCESSFUL, JobResult.Type.RETRIED);
			assertThat(
					python("print([result.type.name for result in fetch('p').results()], fetch('p').return_value())"))
				.containsExactly("['SUCCESSFUL', 'RETRIED'] there");
		});
	}

	@Test
	@RequiresPythonRq(since = "2.0")
	void executionsOfJavaAreKnownToPython() {
		work((jobs) -> {
			jobs.enqueue(JobRequest.of("hold").id("held"));
			await().atMost(PATIENCE).until(() -> !jobs.executions("held").isEmpty());
			String execution = jobs.executions("held").get(0).id();
			assertThat(python("""
					from rq.executions import Execution
					from rq.registry import StartedJobRegistry
					job = fetch('held')
					print([execution.id for execution in job.get_executions()])
					print(StartedJobRegistry(queue=java).get_job_ids(), len(StartedJobRegistry(queue=java)))
					print(Execution.fetch('%1$s', 'held', connection).last_heartbeat is not None)
					print(Worker.all(connection)[0].get_current_job_id())
					""".formatted(execution))).containsExactly("['%s']".formatted(execution), "['held'] 1", "True",
					"held");
			JavaJobs.release.countDown();
			awaitStatus(jobs, JobStatus.FINISHED, "held");
			assertThat(python("print(fetch('held').get_executions())")).containsExactly("[]");
		});
	}

	@Test
	@RequiresPythonRq(since = "2.8")
	void uniqueJobsAreUniqueOnBothSides() {
		work((jobs) -> {
			jobs.enqueue(JobRequest.of("hold").id("one").unique());
			assertThat(python("""
					from rq.exceptions import DuplicateJobError
					try:
					    java.enqueue('hold', job_id='one', unique=True)
					except DuplicateJobError as error:
					    print('duplicate')
					java.enqueue('hold', job_id='two', unique=True)
					""")).containsExactly("duplicate");
			assertThatExceptionOfType(DuplicateJobException.class)
				.isThrownBy(() -> jobs.enqueue(JobRequest.of("hold").id("two").unique()));
		});
	}

	@Test
	@RequiresPythonRq(since = "2.10")
	void cronJobsAndSchedulersOfJavaAreKnownToPython() {
		run(this.application.withUserConfiguration(Nightly.class), (context) -> {
			await().atMost(PATIENCE)
				.until(() -> context.getBean(SchedulerContainer.class).state().queues().get(0).leader());
			await().atMost(PATIENCE).until(() -> !JavaJobs.runs.isEmpty());
			String leader = context.getBean(SchedulerContainer.class).state().name();
			assertThat(python("""
					from rq.cron import CronScheduler
					from rq.scheduler import RQScheduler
					[scheduler] = CronScheduler.all(connection)
					for job in sorted(scheduler.get_jobs(), key=lambda job: job.cron or ''):
					    print(job.name, job.func_name, job.queue_name, job.interval, job.cron, job.args, job.kwargs)
					print(job.job_options['meta'], job.job_options['job_timeout'], job.job_options['result_ttl'])
					scheduler = RQScheduler.fetch('%1$s', connection)
					print(scheduler.name, scheduler.pid, scheduler.last_heartbeat is not None)
					""".formatted(leader))).containsExactly("often count java 1 None (1,) {}",
					"nightly count java None 0 4 * * * (2,) {}",
					"weekends tasks.add python None 0 6 * * 0,6 ('ä',) {'of': [1, 0.5]}", "{'by': 'cron'} 30 60",
					leader + " " + ProcessHandle.current().pid() + " True");
		});
	}

	@Test
	@RequiresPythonRq(since = "2.12")
	void namesOfCronJobsAreInPythonsRegistry() {
		run(this.application.withUserConfiguration(Nightly.class), (context) -> {
			await().atMost(PATIENCE).until(() -> !JavaJobs.runs.isEmpty());
			await().atMost(PATIENCE).untilAsserted(() -> assertThat(python("""
					from rq import cron_job_registry
					print(cron_job_registry.get_names(connection))
					""")).containsExactly("['often']"));
		});
	}

	@Test
	@RequiresPythonRq(since = "2.10")
	void webhooksOfJobsAreSentByTheWorkerOfEitherSide() throws Exception {
		List<String> received = new CopyOnWriteArrayList<>();
		HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
		server.createContext("/", (exchange) -> {
			received.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
					+ exchange.getRequestHeaders().get("Content-Type") + " "
					+ new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)
						.replaceAll(".*\"job_id\": *\"(\\w+)\".*", "$1"));
			exchange.sendResponseHeaders(204, -1);
			exchange.close();
		});
		server.start();
		try {
			String url = "http://127.0.0.1:" + server.getAddress().getPort();
			run(this.application.withPropertyValues("rq.webhooks.enabled=true", "rq.webhooks.allowed=127.0.0.1"),
					(context) -> {
						JobTemplate jobs = context.getBean(JobTemplate.class);
						python("""
								from rq import Webhook
								java.enqueue('count', 1, job_id='p', webhooks=[
								    Webhook('%s/p', 'finished', method='POST', headers={'Content-Type': 'text/json'})])
								""".formatted(url));
						jobs.enqueue(JobRequest.of("tasks.add", 1, 2)
							.id("j")
							.queue("python")
							.webhooks(Webhook.post(url + "/j").on(JobStatus.FINISHED)));
						this.python.startWorker("--burst", "python").join();
						await().atMost(PATIENCE)
							.untilAsserted(() -> assertThat(received).containsExactlyInAnyOrder("POST /p [text/json] p",
									"POST /j [application/json] j"));
					});
		}
		finally {
			server.stop(0);
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class Nightly {

		@Bean
		CronJob often() {
			return CronJob.of("often", JobRequest.of("count", 1), Schedule.every(Duration.ofSeconds(1)));
		}

		@Bean
		CronJob nightly() {
			return CronJob.of("nightly", JobRequest.of("count", 2), Schedule.cron("0 4 * * *"));
		}

		@Bean
		CronJob weekends() {
			return CronJob.of("weekends",
					JobRequest.of("tasks.add", "ä")
						.queue("python")
						.kwargs(Map.of("of", List.of(1, 0.5)))
						.meta(Map.of("by", "cron"))
						.timeout(Duration.ofSeconds(30))
						.ttl(Duration.ofHours(2))
						.resultTtl(Duration.ofMinutes(1))
						.failureTtl(Duration.ofDays(1))
						.retry(Retry.max(2))
						.webhooks(Webhook.post("https://127.0.0.1/x").on(JobStatus.FAILED)),
					Schedule.cron("0 6 * * 6,7"));
		}

	}

	/**
	 * The functions that Python calls by their names.
	 */
	static class JavaJobs {

		static final List<Integer> runs = new CopyOnWriteArrayList<>();

		static CountDownLatch release = new CountDownLatch(1);

		private int tries;

		@RqJob(name = "count", queue = "java")
		void count(int number) {
			runs.add(number);
		}

		@RqJob(name = "impatient", queue = "java")
		synchronized Object impatient() {
			return (this.tries++ == 0) ? Retry.max(2) : "there";
		}

		@RqJob(name = "hold", queue = "java")
		void hold() throws InterruptedException {
			release.await(60, TimeUnit.SECONDS);
		}

	}

}
