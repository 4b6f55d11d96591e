package io.rq.interop;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.ZAddParams;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.rq.autoconfigure.RqAutoConfiguration;
import io.rq.job.Dependency;
import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.job.JobStatus;
import io.rq.job.Retry;
import io.rq.template.JobTemplate;
import io.rq.test.JavaProcess;
import io.rq.test.PythonRq;
import io.rq.test.RequiresPythonRq;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * 3,000 jobs of all shapes, written by Java and Python, on two Java and two Python
 * workers with schedulers of both, of which one of each is killed.
 */
@RequiresPythonRq
class SoakTests {

	private static final Duration PATIENCE = Duration.ofSeconds(120);

	private static final int JOBS = 3_000;

	/** One job in so many is for Python alone, whose workers fork for each. */
	private static final int PART_OF_PYTHON = 20;

	/** Runs on a Python worker until that is killed. */
	private static final Plan HOLD = Plan.plain("hold", false, "py", 20_000);

	/** The killed workers are taken off the last three later. */
	private static final Pattern KEPT = Pattern
		.compile("rq:queues|rq:(finished|failed|deferred|takers|workers):(both|java|py)|rq:workers");

	/** What Redis says of a key that stays. */
	private static final long NO_END = -1;

	private static final JsonMapper JSON = JsonMapper.shared();

	private static final String PYTHON = """
			import time
			from redis import Redis
			from rq import get_current_job

			def work(fails, millis):
			    job = get_current_job()
			    redis = job.connection
			    redis.rpush('soak:runs', job.id + ' ' + job.worker_name)
			    tries = redis.incr('soak:tries:' + job.id)
			    time.sleep(millis / 1000)
			    if tries <= fails:
			        raise ValueError('failure %d' % tries)
			    return tries
			""";

	private static final String PRODUCER = """
			import os, json
			from datetime import timedelta
			from redis import Redis
			from rq import Queue, Retry
			from rq.job import Dependency
			from rq.serializers import JSONSerializer

			redis = Redis.from_url(os.environ['REDIS_URL'])
			queues = {name: Queue(name, connection=redis, serializer=JSONSerializer) for name in ('both', 'java', 'py')}
			for text in redis.lrange('soak:plan', 0, -1):
			    plan = json.loads(text)
			    options = dict(job_id=plan['id'], args=(plan['fails'], plan['millis']), at_front=plan['front'])
			    if plan['retries']:
			        options['retry'] = Retry(max=plan['retries'], interval=plan['interval'])
			    if plan['parent']:
			        options['depends_on'] = Dependency(jobs=[plan['parent']], allow_failure=plan['allowFailure'])
			    if not plan['kept']:
			        options['result_ttl'] = 0
			    queue = queues[plan['queue']]
			    if plan['delay']:
			        queue.enqueue_in(timedelta(seconds=plan['delay']), 'soak.work', **options)
			    else:
			        queue.enqueue('soak.work', **options)
			""";

	@TempDir
	Path directory;

	private final TestRedis redis = TestRedis.start();

	private final PythonRq python = new PythonRq(this.redis).module("soak", PYTHON);

	private final Jedis jedis = new Jedis(this.redis.host(), this.redis.port());

	private final Map<String, JavaProcess> applications = new HashMap<>();

	private final Map<String, PythonRq.Worker> workers = new HashMap<>();

	@AfterEach
	void close() {
		this.applications.values().forEach(JavaProcess::close);
		this.python.close();
		this.jedis.close();
		this.redis.close();
	}

	@Test
	void allJobsEndAsTheyShould() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, JacksonAutoConfiguration.class,
					RqAutoConfiguration.class))
			.withPropertyValues("spring.data.redis.url=" + this.redis.url(), "rq.worker.enabled=false")
			.run((context) -> run(context.getBean(JobTemplate.class)));
	}

	private void run(JobTemplate template) throws Exception {
		long seed = new Random().nextLong();
		List<Plan> plans = Plan.draw(new Random(seed));
		startApplication("java-a", "both,java");
		startApplication("java-b", "both,java");
		await().atMost(PATIENCE).until(() -> this.jedis.keys("rq:scheduler-lock:*").size() == 3);
		startPython("python-a");
		startPython("python-b");
		await().atMost(PATIENCE).until(() -> this.jedis.scard("rq:workers") == 4);
		template.enqueue(HOLD.request());
		await().atMost(PATIENCE).until(() -> !runs().isEmpty());
		String victim = runs().get(0).worker();
		plans.stream()
			.filter(Plan::python)
			.forEach((plan) -> this.jedis.rpush("soak:plan", JSON.writeValueAsString(plan)));
		CompletableFuture<Void> producers = CompletableFuture.allOf(
				CompletableFuture.runAsync(() -> this.python.run(PRODUCER)),
				CompletableFuture.runAsync(() -> plans.stream()
					.filter((plan) -> !plan.python())
					.forEach((plan) -> template.enqueue(plan.request()))));
		await().atMost(PATIENCE).until(() -> this.jedis.llen("soak:runs") > JOBS / 20);
		this.workers.remove(victim).kill();
		this.applications.remove("java-a").close();
		Set<String> inFlight = inFlight(Set.of(victim, "java-a"));
		assertThat(inFlight).contains(HOLD.id());
		this.jedis.zadd("rq:wip:py", 1, HOLD.id(), ZAddParams.zAddParams().xx());
		startApplication("java-c", "py,both,java");
		producers.get();
		List<Plan> all = Stream.concat(Stream.of(HOLD), plans.stream()).toList();
		awaitEnds(template, all, seed);
		this.applications.values().forEach((application) -> application.signal("TERM"));
		this.workers.values().forEach(PythonRq.Worker::stop);
		this.applications.values().forEach(JavaProcess::awaitEnd);
		assertThat(wrongRuns(all, inFlight)).as("run too often or not often enough, seed " + seed).isEmpty();
		assertThat(leftOver(all)).as("left over, seed " + seed).isEmpty();
	}

	private void startApplication(String name, String queues) {
		this.applications.put(name,
				JavaProcess.start(SoakApplication.class, this.directory.resolve(name + ".log"),
						"--spring.data.redis.url=" + this.redis.url(), "--rq.worker.name=" + name,
						"--rq.worker.queues=" + queues, "--rq.scheduler.queues=both,java,py", "--rq.worker.lease=10s",
						"--rq.worker.heartbeat-interval=2s", "--rq.worker.maintenance-interval=1s",
						"--rq.scheduler.lock-lease=3s"));
	}

	private void startPython(String name) {
		this.workers.put(name, this.python.startWorker("--with-scheduler", "--name", name, "py", "both"));
	}

	private List<Run> runs() {
		return this.jedis.lrange("soak:runs", 0, -1)
			.stream()
			.map((line) -> line.split(" "))
			.map((words) -> new Run(words[0], words[1]))
			.toList();
	}

	private static void awaitEnds(JobTemplate template, List<Plan> plans, long seed) {
		await().atMost(PATIENCE).pollInterval(Duration.ofMillis(500)).untilAsserted(() -> {
			Map<String, JobStatus> found = template.findAll(plans.stream().map(Plan::id).toList())
				.stream()
				.collect(Collectors.toMap(Job::id, Job::status));
			Map<String, String> wrong = new TreeMap<>();
			for (Plan plan : plans) {
				JobStatus status = found.get(plan.id());
				if (status != plan.end()) {
					wrong.put(plan.id(), status + " instead of " + plan.end());
				}
			}
			assertThat(wrong).as("not ended well, seed " + seed).isEmpty();
		});
	}

	/** The jobs that were running, or about to, on workers that are gone. */
	private Set<String> inFlight(Set<String> victims) {
		return Stream.of("both", "java", "py")
			.flatMap((queue) -> this.jedis.zrange("rq:wip:" + queue, 0, -1).stream())
			.map((entry) -> entry.split(":")[0])
			.filter((id) -> {
				String worker = this.jedis.hget("rq:job:" + id, "worker_name");
				return worker != null && victims.contains(worker);
			})
			.collect(Collectors.toSet());
	}

	/**
	 * Jobs that ran more or less often than they should. One that was in flight may have
	 * run once more, or have lost a retry by what had not begun yet.
	 */
	private Map<String, String> wrongRuns(List<Plan> plans, Set<String> inFlight) {
		Map<String, List<Run>> runs = runs().stream().collect(Collectors.groupingBy(Run::id));
		Map<String, String> wrong = new TreeMap<>();
		for (Plan plan : plans) {
			List<Run> own = runs.getOrDefault(plan.id(), List.of());
			int tolerated = inFlight.contains(plan.id()) ? 1 : 0;
			if (Math.abs(own.size() - plan.runs()) > tolerated) {
				wrong.put(plan.id(), own.size() + " runs instead of " + plan.runs() + ": " + own);
			}
		}
		return wrong;
	}

	/** Keys that should be gone, and keys that nothing will ever remove. */
	private Set<String> leftOver(List<Plan> plans) {
		Map<String, String> last = runs().stream().collect(Collectors.toMap(Run::id, Run::worker, (a, b) -> b));
		Set<String> expected = plans.stream()
			.filter((plan) -> plan.end() == JobStatus.DEFERRED)
			.flatMap((plan) -> Stream.of("rq:job:" + plan.id(), "rq:job::" + plan.id() + ":dependencies",
					"rq:job:" + plan.parent() + ":dependents"))
			.collect(Collectors.toSet());
		// Python gives the results of failures no time to live (W18)
		plans.stream()
			.filter((plan) -> plan.end() == JobStatus.FAILED && last.get(plan.id()).startsWith("python"))
			.forEach((plan) -> expected.add("rq:results:" + plan.id()));
		Set<String> left = new TreeSet<>();
		for (String key : this.jedis.keys("rq:*")) {
			if (this.jedis.ttl(key) == NO_END && !expected.contains(key) && !KEPT.matcher(key).matches()) {
				left.add(key);
			}
		}
		return left;
	}

	/**
	 * What becomes of a job.
	 *
	 * @param id its id
	 * @param python whether Python writes it
	 * @param queue its queue
	 * @param fails how many of its runs fail
	 * @param millis how long each takes
	 * @param retries how often it is tried again
	 * @param interval after how many seconds
	 * @param delay in how many seconds it is due, 0 for at once
	 * @param front whether it is put at the front
	 * @param parent the id of the job that it waits for, or {@code null}
	 * @param allowFailure whether that may have failed
	 * @param kept whether it is kept when it has finished
	 * @param end its state in the end, {@code null} for none
	 * @param runs how often it runs
	 */
	record Plan(String id, boolean python, String queue, int fails, int millis, int retries, int interval, int delay,
			boolean front, @Nullable String parent, boolean allowFailure, boolean kept, @Nullable JobStatus end,
			int runs) {

		private static final int ALWAYS = 99;

		static Plan plain(String id, boolean python, String queue, int millis) {
			return new Plan(id, python, queue, 0, millis, 0, 0, 0, false, null, false, true, JobStatus.FINISHED, 1);
		}

		static List<Plan> draw(Random random) {
			List<Plan> plans = new ArrayList<>();
			Map<Boolean, String> good = new HashMap<>();
			Map<Boolean, String> bad = new HashMap<>();
			for (int i = 0; i < JOBS; i++) {
				boolean python = i % 3 == 0;
				String queue = (i % PART_OF_PYTHON == 0) ? "py" : (i % 2 == 0) ? "both" : "java";
				Plan plan = plain("job-" + i, python, queue, random.nextInt(20));
				int shape = random.nextInt(100);
				if (shape < 6) {
					plan = plan.fails(1, 2, 0);
				}
				else if (shape < 10) {
					plan = plan.fails(1, 2, 1);
				}
				else if (shape < 13) {
					plan = plan.fails(ALWAYS, 0, 0);
					bad.put(python, plan.id());
				}
				else if (shape < 16) {
					plan = plan.fails(ALWAYS, 1, 0);
				}
				else if (shape < 21) {
					plan = plan.in(1 + random.nextInt(3));
				}
				else if (shape < 25) {
					plan = plan.toFront();
				}
				else if (shape < 29 && good.containsKey(python)) {
					plan = plan.after(good.get(python), false, true);
				}
				else if (shape < 31 && !python && bad.containsKey(python)) {
					plan = plan.after(bad.get(python), true, true);
				}
				else if (shape < 33 && bad.containsKey(python)) {
					plan = plan.after(bad.get(python), false, false);
				}
				else if (shape < 35) {
					plan = plan.forgotten();
				}
				else {
					good.put(python, plan.id());
				}
				plans.add(plan);
			}
			return plans;
		}

		private Plan fails(int fails, int retries, int interval) {
			boolean forGood = fails > retries;
			return new Plan(this.id, this.python, this.queue, fails, this.millis, retries, interval, 0, false, null,
					false, true, forGood ? JobStatus.FAILED : JobStatus.FINISHED, forGood ? retries + 1 : fails + 1);
		}

		private Plan in(int delay) {
			return new Plan(this.id, this.python, this.queue, 0, this.millis, 0, 0, delay, false, null, false, true,
					this.end, 1);
		}

		private Plan toFront() {
			return new Plan(this.id, this.python, this.queue, 0, this.millis, 0, 0, 0, true, null, false, true,
					this.end, 1);
		}

		private Plan after(@Nullable String parent, boolean allowFailure, boolean runs) {
			return new Plan(this.id, this.python, this.queue, 0, this.millis, 0, 0, 0, false, parent, allowFailure,
					true, runs ? JobStatus.FINISHED : JobStatus.DEFERRED, runs ? 1 : 0);
		}

		private Plan forgotten() {
			return new Plan(this.id, this.python, this.queue, 0, this.millis, 0, 0, 0, false, null, false, false, null,
					1);
		}

		JobRequest request() {
			JobRequest request = JobRequest.of("soak.work", this.fails, this.millis).id(this.id).queue(this.queue);
			if (this.retries > 0) {
				request = request.retry(Retry.max(this.retries).intervals(this.interval));
			}
			if (this.delay > 0) {
				request = request.in(Duration.ofSeconds(this.delay));
			}
			if (this.front) {
				request = request.atFront();
			}
			if (this.parent != null) {
				Dependency dependency = Dependency.on(this.parent);
				request = request.dependsOn(this.allowFailure ? dependency.allowFailure() : dependency);
			}
			return this.kept ? request : request.resultTtl(Duration.ZERO);
		}

	}

	/**
	 * A run of a job.
	 *
	 * @param id the job
	 * @param worker who ran it
	 */
	record Run(String id, String worker) {

	}

}
