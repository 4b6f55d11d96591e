package io.rq.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConnectionFactory;

import io.rq.annotation.RqJob;
import io.rq.autoconfigure.RqProperties.Layout;
import io.rq.autoconfigure.metrics.RqMetricsAutoConfiguration;
import io.rq.job.DuplicateJobException;
import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.job.QueueFullException;
import io.rq.job.RateLimit;
import io.rq.monitor.QueueMonitor;
import io.rq.operations.QueueDescriptor;
import io.rq.operations.RqOperations;
import io.rq.queue.Registry;
import io.rq.template.JobTemplate;
import io.rq.template.QueueOperations;
import io.rq.test.OneRedis;
import io.rq.test.RedisTest;
import io.rq.test.TestRedis;
import io.rq.worker.WorkerContainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for applications whose queue is divided.
 */
@RedisTest
@OneRedis("both layouts are tried on it")
class PartitionedQueuesTests {

	private static final Duration SOON = Duration.ofSeconds(60);

	private final Queue<String> runs = new ConcurrentLinkedQueue<>();

	private final ApplicationContextRunner runner;

	PartitionedQueuesTests(TestRedis redis) {
		this.runner = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, JacksonAutoConfiguration.class,
					RqAutoConfiguration.class, RqMetricsAutoConfiguration.class))
			.withBean("jobs", Jobs.class, () -> new Jobs(this.runs))
			.withPropertyValues("spring.data.redis.url=" + redis.url(), "rq.worker.queues=mail",
					"rq.scheduler.interval=100ms");
	}

	private void run(int partitions, ContextConsumer<AssertableApplicationContext> test, String... properties) {
		this.runner.withPropertyValues("rq.queues.mail.partitions=" + partitions)
			.withPropertyValues(properties)
			.run(test);
	}

	@ParameterizedTest
	@EnumSource(Layout.class)
	void jobsAreSpreadOverThePartitionsAndEachRunsOnce(Layout layout) {
		run(8, (context) -> {
			JobTemplate jobs = context.getBean(JobTemplate.class);
			List<Job> stored = jobs.enqueueAll(requests(100));
			assertThat(stored).extracting(Job::queue).contains("mail.0", "mail.7").doesNotContain("mail");
			assertThat(jobs.count("mail")).isEqualTo(100);
			assertThat(context.getBean(QueueOperations.class).count("mail", Registry.QUEUED)).isEqualTo(100);
			context.getBean(WorkerContainer.class).start();
			finished(jobs, stored);
			assertThat(this.runs).hasSize(100).doesNotHaveDuplicates();
		}, "rq.layout=" + layout, "rq.worker.auto-startup=false");
	}

	@Test
	void dueJobsAndRetriesOfAllPartitionsComeBack() {
		run(3, (context) -> {
			JobTemplate jobs = context.getBean(JobTemplate.class);
			List<Job> stored = new ArrayList<>();
			for (int i = 0; i < 12; i++) {
				stored.add(jobs.enqueue(JobRequest.of(Jobs::failsFirst, "retried " + i).queue("mail")));
				stored.add(jobs.enqueue(JobRequest.of(Jobs::once, "due " + i).queue("mail").in(Duration.ofSeconds(1))));
			}
			finished(jobs, stored);
			assertThat(stored).extracting(Job::queue).contains("mail.0", "mail.1", "mail.2");
		}, "rq.queues.mail.retries=1", "rq.queues.mail.intervals=1");
	}

	@Test
	void jobsOfOneKeyAreOnOnePartitionAndBeginInOrder() {
		run(8, (context) -> {
			JobTemplate jobs = context.getBean(JobTemplate.class);
			List<Job> stored = jobs.enqueueAll(IntStream.range(0, 200)
				.mapToObj((i) -> JobRequest.of(Jobs::once, i % 5 + ":" + i).queue("mail").orderingKey("key " + i % 5))
				.toList());
			finished(jobs, stored);
			for (int i = 0; i < 5; i++) {
				assertThat(inOrder(i)).hasSize(40).isSorted();
			}
		}, "rq.worker.concurrency=1");
	}

	@Test
	void withALimitOfOneAtATimeTheyEndInOrderToo() {
		run(8, (context) -> {
			JobTemplate jobs = context.getBean(JobTemplate.class);
			List<Job> stored = jobs.enqueueAll(IntStream.range(0, 60)
				.mapToObj((i) -> JobRequest.of(Jobs::once, i % 3 + ":" + i)
					.queue("mail")
					.orderingKey("key " + i % 3)
					.rateLimit(RateLimit.key("key-" + i % 3).concurrency(1)))
				.toList());
			finished(jobs, stored);
			for (int i = 0; i < 3; i++) {
				assertThat(inOrder(i)).hasSize(20).isSorted();
			}
		}, "rq.worker.concurrency=10");
	}

	private List<Integer> inOrder(int key) {
		return this.runs.stream()
			.filter((run) -> run.startsWith(key + ":"))
			.map((run) -> Integer.valueOf(run.substring(2)))
			.toList();
	}

	@Test
	void aUniqueJobIsUniqueOverAllPartitionsButHasNoOrderingKey() {
		run(8, (context) -> {
			JobTemplate jobs = context.getBean(JobTemplate.class);
			JobRequest request = JobRequest.of(Jobs::once, "one").queue("mail").id("one").unique();
			String queue = jobs.enqueue(request).queue();
			assertThatExceptionOfType(DuplicateJobException.class).isThrownBy(() -> jobs.enqueue(request));
			assertThatIllegalArgumentException().isThrownBy(() -> jobs.enqueue(request.orderingKey("key")))
				.withMessageContaining("'unique()'");
			assertThat(jobs.enqueueAgain("one", "two").orElseThrow().queue())
				.isEqualTo(jobs.enqueue(JobRequest.of(Jobs::once, "two").queue("mail").id("two")).queue())
				.isNotEqualTo(queue);
		}, "rq.worker.auto-startup=false");
	}

	@Test
	void jobsOfProducersThatKnowOfNoPartitionsRunToo() {
		run(0, (producer) -> {
			Job job = producer.getBean(JobTemplate.class).enqueue(JobRequest.of(Jobs::once, "plain").queue("mail"));
			assertThat(job.queue()).isEqualTo("mail");
			run(4, (context) -> finished(context.getBean(JobTemplate.class), List.of(job)));
		}, "rq.worker.enabled=false");
	}

	/** All workers are told of the new number before the producers are. */
	@ParameterizedTest
	@EnumSource(Layout.class)
	void noJobIsLostOrDoubledWhileTheNumberGrowsAndShrinks(Layout layout) {
		String chosen = "rq.layout=" + layout;
		List<Job> stored = new ArrayList<>();
		AtomicBoolean enough = new AtomicBoolean();
		ExecutorService thread = Executors.newSingleThreadExecutor();
		try {
			run(2, (producer) -> {
				Future<List<Job>> old = thread.submit(() -> enqueueUntil(producer, enough));
				run(2, (before) -> awaitRuns(100), chosen);
				run(6, (after) -> {
					awaitRuns(300);
					stored.addAll(after.getBean(JobTemplate.class).enqueueAll(requests(200)));
				}, chosen);
				enough.set(true);
				stored.addAll(old.get());
			}, chosen, "rq.worker.enabled=false");
			run(1, (context) -> finished(context.getBean(JobTemplate.class), stored), chosen,
					"rq.worker.queues=mail,mail.1,mail.2,mail.3,mail.4,mail.5");
		}
		finally {
			thread.shutdownNow();
		}
		assertThat(this.runs).hasSameSizeAs(stored);
	}

	private static List<Job> enqueueUntil(AssertableApplicationContext producer, AtomicBoolean enough) {
		List<Job> stored = new ArrayList<>();
		while (!enough.get() && stored.size() < 10_000) {
			stored.addAll(producer.getBean(JobTemplate.class).enqueueAll(requests(5)));
		}
		return stored;
	}

	private void awaitRuns(int count) {
		Awaitility.await().atMost(SOON).until(() -> this.runs.size() >= count);
	}

	/** The workers read both layouts until the old one is empty. */
	@Test
	void noJobIsLostWhileAnApplicationMovesToAnotherLayout() {
		AtomicBoolean enough = new AtomicBoolean();
		ExecutorService thread = Executors.newSingleThreadExecutor();
		try {
			run(0, (producer) -> {
				Future<List<Job>> old = thread.submit(() -> enqueueUntil(producer, enough));
				this.runner.withUserConfiguration(BothLayouts.class)
					.withPropertyValues("rq.layout=cluster", "rq.queues.mail.partitions=4")
					.run((context) -> {
						awaitRuns(100);
						JobTemplate jobs = context.getBean("rqJobTemplate", JobTemplate.class);
						List<Job> stored = jobs.enqueueAll(requests(100));
						enough.set(true);
						finished(jobs, stored);
						finished(context.getBean("oldJobs", JobTemplate.class), old.get());
						assertThat(this.runs).hasSize(stored.size() + old.get().size());
					});
			}, "rq.worker.enabled=false");
		}
		finally {
			thread.shutdownNow();
		}
	}

	@Test
	void partitionsAreAddedUp() {
		SimpleMeterRegistry meters = new SimpleMeterRegistry();
		this.runner.withBean(SimpleMeterRegistry.class, () -> meters)
			.withPropertyValues("rq.queues.mail.partitions=4", "rq.worker.auto-startup=false")
			.run((context) -> {
				context.getBean(JobTemplate.class).enqueueAll(requests(50));
				assertThat(meters.get("rq.queue.size").tags("queue", "mail", "state", "queued").gauge().value())
					.isEqualTo(50);
				assertThat(meters.find("rq.queue.size").tag("queue", "mail.1").gauge()).isNull();
				assertThat(context.getBean(QueueMonitor.class).names()).contains("mail", "mail.0", "mail.3");
				RqOperations operations = context.getBean(RqOperations.class);
				assertThat(operations.overview().divided()).singleElement()
					.returns("mail", QueueDescriptor::name)
					.returns(50L, QueueDescriptor::queued);
				assertThat(operations.queue("mail")).hasValueSatisfying((queue) -> {
					assertThat(queue.queue().queued()).isEqualTo(50);
					assertThat(queue.jobs().get("queued")).hasSize(20).doesNotHaveDuplicates();
				});
				assertThat(operations.queue("mail.1").orElseThrow().queue().queued()).isBetween(1L, 49L);
			});
	}

	@Test
	void eachPartitionHasItsShareOfTheLargestLength() {
		run(2, (context) -> {
			JobTemplate jobs = context.getBean(JobTemplate.class);
			for (int i = 0; i < 5; i++) {
				jobs.enqueue(JobRequest.of(Jobs::once, "one").queue("mail").orderingKey("one"));
			}
			assertThatExceptionOfType(QueueFullException.class)
				.isThrownBy(() -> jobs.enqueue(JobRequest.of(Jobs::once, "one").queue("mail").orderingKey("one")));
			assertThat(jobs.count("mail")).isEqualTo(5);
		}, "rq.queues.mail.max-length=9", "rq.worker.auto-startup=false");
	}

	@Test
	void aNumberThatCannotBeIsNamed() {
		run(257, (context) -> assertThat(context).getFailure()
			.rootCause()
			.hasMessageContaining("'rq.queues.*.partitions'")
			.hasMessageContaining("from 1 to 256"));
	}

	private static List<JobRequest> requests(int count) {
		return IntStream.range(0, count).mapToObj((i) -> JobRequest.of(Jobs::once, Job.newId()).queue("mail")).toList();
	}

	private static void finished(JobTemplate jobs, Collection<Job> stored) {
		FinishedJobs.await(jobs, stored.stream().map(Job::id).toList());
	}

	@Configuration(proxyBeanMethods = false)
	static class BothLayouts {

		@Bean
		RqInstance old(RqInstanceFactory factory, RedisConnectionFactory redis) {
			return factory.create(redis, "rq", Layout.RQ);
		}

		@Bean(defaultCandidate = false)
		JobTemplate oldJobs(RqInstance old) {
			return old.jobTemplate();
		}

		@Bean(defaultCandidate = false)
		WorkerContainer oldWorker(RqInstance old) {
			return old.workerContainer("mail");
		}

	}

	static class Jobs {

		private final Collection<String> runs;

		private final Set<String> failed = ConcurrentHashMap.newKeySet();

		Jobs(Collection<String> runs) {
			this.runs = runs;
		}

		@RqJob
		void once(String name) {
			this.runs.add(name);
		}

		@RqJob
		void failsFirst(String name) {
			if (this.failed.add(name)) {
				throw new IllegalStateException("at first");
			}
			this.runs.add(name);
		}

	}

}
