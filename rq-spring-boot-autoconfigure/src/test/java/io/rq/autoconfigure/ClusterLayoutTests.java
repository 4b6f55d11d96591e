package io.rq.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.dao.DataAccessException;

import io.rq.annotation.RqJob;
import io.rq.autoconfigure.health.RqHealthContributorAutoConfiguration;
import io.rq.job.Dependency;
import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.job.JobStatus;
import io.rq.operations.Overview;
import io.rq.operations.QueueDescriptor;
import io.rq.operations.RqOperations;
import io.rq.template.JobTemplate;
import io.rq.test.RedisClients;
import io.rq.test.TestCluster;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * An application whose queues lie on different nodes of a Redis Cluster.
 */
@EnabledIf(value = "isRedis7", disabledReason = "Redis before 7 has no scripts that are held to one slot")
class ClusterLayoutTests {

	private static final Duration SOON = Duration.ofSeconds(60);

	/** They lie on three nodes. */
	private static final List<String> QUEUES = List.of("mail", "print", "sms");

	private static TestCluster cluster;

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, JacksonAutoConfiguration.class,
				RqAutoConfiguration.class))
		.withUserConfiguration(Application.class)
		.withPropertyValues("spring.data.redis.client-type=" + RedisClients.name(),
				"spring.data.redis.cluster.nodes=" + cluster.addresses(), "spring.data.redis.timeout=2s",
				"rq.layout=cluster", "rq.worker.queues=" + String.join(",", QUEUES), "rq.worker.with-scheduler=true");

	@BeforeAll
	static void start() {
		cluster = TestCluster.start();
	}

	@AfterAll
	static void stop() {
		if (cluster != null) {
			cluster.close();
		}
	}

	@AfterEach
	void flush() {
		cluster.flush();
	}

	static boolean isRedis7() {
		return TestRedis.shared().isAtLeast(7);
	}

	@Test
	void aPrefixOrAQueueWithBracesIsRefused() {
		this.runner.withPropertyValues("rq.key-prefix={rq}")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("'rq.key-prefix'")
				.hasMessageContaining("'rq.layout'"));
		this.runner.withPropertyValues("rq.worker.queues=ma{il}")
			.run((context) -> assertThat(context).getFailure().rootCause().hasMessageContaining("ma{il}"));
	}

	@Test
	void aClusterNeedsALayoutThatFitsIt() {
		this.runner.withPropertyValues("rq.layout=rq")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(InvalidRqConfigurationException.class,
						(ex) -> assertThat(ex).hasMessageContaining("is a cluster")));
	}

	@Test
	void queuesLieOnSeveralNodes() {
		assertThat(QUEUES.stream().map((queue) -> cluster.owner(key(queue))).distinct()).hasSize(3);
	}

	@Test
	void jobsOfAllQueuesRunAreTriedAgainAndStartWhenDue() {
		this.runner.run((context) -> {
			JobTemplate jobs = context.getBean(JobTemplate.class);
			List<Job> all = new ArrayList<>();
			for (String queue : QUEUES) {
				all.add(jobs.enqueue(JobRequest.of(Jobs::once, "now").queue(queue)));
				all.add(jobs.enqueue(JobRequest.of(Jobs::failsFirst, queue).queue(queue)));
				all.add(jobs.enqueue(JobRequest.of(Jobs::once, "later").queue(queue).in(Duration.ofSeconds(1))));
			}
			FinishedJobs.await(jobs, all.stream().map(Job::id).toList());
			assertThat(cluster.keys()).allMatch((key) -> key.startsWith("rq:{") || key.equals("rq:queues"));
		});
	}

	@Test
	void resultsAreAwaitedAndJobsWaitForThoseOfOtherQueues() {
		this.runner.run((context) -> {
			JobTemplate jobs = context.getBean(JobTemplate.class);
			Job first = jobs.enqueue(JobRequest.of(Jobs::doubled, 1).queue("mail"));
			Job second = jobs
				.enqueue(JobRequest.of(Jobs::doubled, 2).queue("print").dependsOn(Dependency.on(first.id())));
			Job third = jobs.enqueue(
					JobRequest.of(Jobs::doubled, 3).queue("sms").dependsOn(Dependency.on(first.id(), second.id())));
			assertThat(jobs.awaitResult(third.id(), SOON, Integer.class)).contains(6);
			assertThat(jobs.awaitResult(first.id(), SOON, Integer.class)).contains(2);
		});
	}

	@Test
	void noJobIsLostOrDoubledWhileSlotsMoveToAnotherNodeAndBack() {
		this.runner.run((context) -> {
			JobTemplate jobs = context.getBean(JobTemplate.class);
			ExecutorService threads = Executors.newFixedThreadPool(2);
			try {
				Future<List<String>> enqueued = threads.submit(() -> enqueue(jobs, 1_500));
				TestRedis owner = cluster.owner(key("mail"));
				TestRedis other = cluster.other(key("mail"));
				for (int i = 0; i < 3; i++) {
					cluster.move(key("mail"), owner, other);
					cluster.move(key("mail"), other, owner);
				}
				List<String> ids = enqueued.get();
				FinishedJobs.await(jobs, ids);
				assertThat(context.getBean(Jobs.class).runs).hasSameSizeAs(ids);
			}
			finally {
				threads.shutdownNow();
			}
		});
	}

	@Test
	void theJobsOfADividedQueueAreSpreadOverTheNodes() {
		this.runner.withPropertyValues("rq.queues.mail.partitions=8", "rq.queues.mail.retries=1").run((context) -> {
			JobTemplate jobs = context.getBean(JobTemplate.class);
			List<Job> stored = jobs.enqueueAll(IntStream.range(0, 300)
				.mapToObj((i) -> (i % 10 == 0) ? JobRequest.of(Jobs::failsFirst, "job " + i)
						: JobRequest.of(Jobs::once, "job " + i))
				.map((request) -> request.queue("mail"))
				.toList());
			assertThat(stored.stream().map((job) -> cluster.owner(key(job.queue()))).distinct()).hasSize(3);
			FinishedJobs.await(jobs, stored.stream().map(Job::id).toList());
			assertThat(context.getBean(Jobs.class).runs).hasSize(270).doesNotHaveDuplicates();
		});
	}

	/**
	 * While half of a queue has gone already, nothing of what is asked is done by half:
	 * it is done when the move is over.
	 */
	@Test
	void nothingIsDoneByHalfWhileASlotIsOnItsWay() {
		this.runner.withPropertyValues("rq.worker.auto-startup=false").run((context) -> {
			JobTemplate jobs = context.getBean(JobTemplate.class);
			List<Job> waiting = jobs.enqueueAll(IntStream.range(0, 20)
				.mapToObj((i) -> JobRequest.of(Jobs::once, "job " + i).queue("mail"))
				.toList());
			TestRedis owner = cluster.owner(key("mail"));
			TestRedis other = cluster.other(key("mail"));
			cluster.beginMove(key("mail"), owner, other);
			cluster.moveKeys(key("mail"), owner, other, 10);
			ExecutorService threads = Executors.newFixedThreadPool(2);
			try {
				Set<String> before = cluster.keys();
				Future<Job> late = threads.submit(() -> jobs.enqueue(JobRequest.of(Jobs::once, "late").queue("mail")));
				Future<Boolean> canceled = threads.submit(() -> jobs.cancel(waiting.get(0).id()));
				jobs.enqueue(JobRequest.of(Jobs::once, "elsewhere").queue("print"));
				assertThat(late).isNotDone();
				assertThat(canceled).isNotDone();
				assertThat(cluster.keys().stream().filter((key) -> key.contains("{mail}")))
					.containsExactlyElementsOf(before.stream().filter((key) -> key.contains("{mail}")).toList());
				cluster.endMove(key("mail"), owner, other);
				assertThat(canceled.get()).isTrue();
				assertThat(late.get().status()).isEqualTo(JobStatus.QUEUED);
				assertThat(jobs.find(waiting.get(0).id()).orElseThrow().status()).isEqualTo(JobStatus.CANCELED);
			}
			finally {
				threads.shutdownNow();
			}
			cluster.move(key("mail"), other, owner);
		});
	}

	@Test
	void otherQueuesGoOnWhileTheNodeOfOneIsDown() {
		this.runner.run((context) -> {
			JobTemplate jobs = context.getBean(JobTemplate.class);
			FinishedJobs.await(jobs, enqueue(jobs, 30));
			Job caught = jobs.enqueue(JobRequest.of(Jobs::held).queue("mail"));
			Jobs bean = context.getBean(Jobs.class);
			bean.holding.await();
			TestRedis owner = cluster.owner(key("mail"));
			owner.pause();
			try {
				bean.release.countDown();
				List<Job> others = new ArrayList<>();
				for (int i = 0; i < 20; i++) {
					others.add(jobs.enqueue(JobRequest.of(Jobs::once, "print").queue("print")));
					others.add(jobs.enqueue(JobRequest.of(Jobs::failsFirst, "sms " + i).queue("sms")));
				}
				awaitRuns(bean, others.size() / 2);
				Awaitility.await()
					.atMost(SOON)
					.until(() -> cluster.other(key("mail")).state().zset("rq:{print}:finished:print").size() >= 20);
			}
			finally {
				owner.resume();
			}
			FinishedJobs.await(jobs, List.of(caught.id()));
		});
	}

	@Test
	void aJobIsMovedToAnotherNodeAndRunsThereOnce() {
		this.runner.withPropertyValues("rq.worker.queues=print").run((context) -> {
			JobTemplate jobs = context.getBean(JobTemplate.class);
			Job job = jobs.enqueue(JobRequest.of(Jobs::doubled, 4).queue("mail"));
			CompletableFuture<Integer> result = jobs.handle(job.id(), Integer.class).result();
			assertThat(jobs.move(job.id(), "print")).isTrue();
			assertThat(jobs.awaitResult(job.id(), SOON, Integer.class)).contains(8);
			assertThat(result.get(SOON.toSeconds(), TimeUnit.SECONDS)).isEqualTo(8);
			assertThat(jobs.find(job.id()).orElseThrow().queue()).isEqualTo("print");
		});
	}

	@Test
	void aMoveToANodeThatIsDownChangesNothing() {
		this.runner.run((context) -> {
			JobTemplate jobs = context.getBean(JobTemplate.class);
			Job job = jobs.enqueue(JobRequest.of(Jobs::once, "moved").queue("idle"));
			TestRedis owner = cluster.owner(key("sms"));
			owner.pause();
			try {
				assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> jobs.move(job.id(), "sms"));
			}
			finally {
				owner.resume();
			}
			assertThat(jobs.find(job.id()).orElseThrow().queue()).isEqualTo("idle");
			assertThat(jobs.move(job.id(), "sms")).isTrue();
			FinishedJobs.await(jobs, List.of(job.id()));
			assertThat(context.getBean(Jobs.class).runs).filteredOn("moved"::equals).hasSize(1);
		});
	}

	@Test
	void healthNamesTheQueueWhoseNodeIsDownAndTheOthersGoOn() {
		this.runner.withConfiguration(AutoConfigurations.of(RqHealthContributorAutoConfiguration.class))
			.run((context) -> {
				HealthIndicator health = (HealthIndicator) context.getBean("rqHealthContributor");
				Awaitility.await().atMost(SOON).until(() -> status(health).equals(Status.UP));
				TestRedis owner = cluster.owner(key("mail"));
				owner.kill();
				try {
					Awaitility.await()
						.atMost(SOON)
						.untilAsserted(() -> assertThat(Objects.requireNonNull(health.health()))
							.satisfies((down) -> assertThat(down.getStatus()).isEqualTo(Status.DOWN))
							.extracting((down) -> down.getDetails().get("unreachable"))
							.asInstanceOf(InstanceOfAssertFactories.map(String.class, String.class))
							.containsOnlyKeys("mail"));
					assertThat(Objects.requireNonNull(health.health()).getDetails().get("problems")).asString()
						.contains("Queue 'mail' is out of reach: ");
					Overview overview = context.getBean(RqOperations.class).overview();
					assertThat(overview.queues()).extracting(QueueDescriptor::name)
						.contains("print", "sms")
						.doesNotContain("mail");
					assertThat(overview.warnings())
						.anyMatch((warning) -> warning.startsWith("Queue 'mail' is out of reach"));
					assertThat(overview.workers()).hasSize(1);
					JobTemplate jobs = context.getBean(JobTemplate.class);
					Job other = jobs.enqueue(JobRequest.of(Jobs::once, "print").queue("print"));
					awaitRuns(context.getBean(Jobs.class), 1);
					assertThat(other.queue()).isEqualTo("print");
				}
				finally {
					owner.restart();
					Awaitility.await().ignoreExceptions().until(() -> isAnswering(owner));
				}
				Awaitility.await().atMost(SOON).until(() -> status(health).equals(Status.UP));
			});
	}

	/** Each of them would take as long as a command may, which here is 2 s. */
	@Test
	void theQueuesOfANodeThatHangsAreNotAskedOneAfterTheOther() {
		TestRedis owner = cluster.owner(key("mail"));
		List<String> there = IntStream.range(0, 200)
			.mapToObj((i) -> "queue-" + i)
			.filter((queue) -> cluster.owner(key(queue)) == owner)
			.limit(20)
			.toList();
		this.runner.withPropertyValues("rq.worker.enabled=false").run((context) -> {
			JobTemplate jobs = context.getBean(JobTemplate.class);
			Stream.concat(there.stream(), QUEUES.stream())
				.forEach((queue) -> jobs.enqueue(JobRequest.of(Jobs::once, queue).queue(queue)));
			RqOperations operations = context.getBean(RqOperations.class);
			assertThat(operations.overview().queues()).hasSizeGreaterThan(20);
			owner.pause();
			try {
				// the answer of a moment ago is given once more
				Awaitility.await()
					.atMost(Duration.ofSeconds(30))
					.untilAsserted(() -> assertThat(operations.overview().queues()).extracting(QueueDescriptor::name)
						.contains("print", "sms")
						.doesNotContainAnyElementsOf(there));
			}
			finally {
				owner.resume();
			}
		});
	}

	/** The connections of the test itself are from before it was killed. */
	private static boolean isAnswering(TestRedis node) {
		try (RedisConnection connection = node.connectionFactory().getConnection()) {
			return connection.ping() != null;
		}
	}

	private static Status status(HealthIndicator health) {
		return Objects.requireNonNull(health.health()).getStatus();
	}

	private static void awaitRuns(Jobs jobs, int count) {
		Awaitility.await().atMost(SOON).until(() -> jobs.runs.stream().filter("print"::equals).count() >= count);
	}

	private static List<String> enqueue(JobTemplate jobs, int count) {
		return IntStream.range(0, count)
			.mapToObj((i) -> jobs.enqueue(JobRequest.of(Jobs::once, "job " + i).queue(QUEUES.get(i % QUEUES.size())))
				.id())
			.toList();
	}

	private static String key(String queue) {
		return "rq:{" + queue + "}:queue:" + queue;
	}

	@Configuration(proxyBeanMethods = false)
	static class Application {

		@Bean
		Jobs testJobs() {
			return new Jobs();
		}

	}

	static class Jobs {

		private final Collection<String> runs = new ConcurrentLinkedQueue<>();

		private final CountDownLatch holding = new CountDownLatch(1);

		private final CountDownLatch release = new CountDownLatch(1);

		private final Set<String> failed = ConcurrentHashMap.newKeySet();

		@RqJob
		void once(String name) {
			this.runs.add(name);
		}

		@RqJob
		void held() throws InterruptedException {
			this.holding.countDown();
			this.release.await();
		}

		@RqJob
		int doubled(int number) {
			return 2 * number;
		}

		@RqJob(retries = 1, intervals = 1)
		void failsFirst(String name) {
			if (this.failed.add(name)) {
				throw new IllegalStateException("at first");
			}
		}

	}

}
