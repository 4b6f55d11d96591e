package io.rq.template;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.transaction.support.TransactionTemplate;

import io.rq.annotation.RqJob;
import io.rq.autoconfigure.RqAutoConfiguration;
import io.rq.autoconfigure.metrics.RqMetricsAutoConfiguration;
import io.rq.job.DuplicateJobException;
import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.job.JobStatus;
import io.rq.job.NewJob;
import io.rq.test.OneRedis;
import io.rq.test.RedisTest;
import io.rq.test.TestRedis;
import io.rq.test.TestTransactionManager;

import static io.rq.test.TestStores.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for jobs that are enqueued within Spring transactions.
 */
@RedisTest
class TransactionTests {

	private final TransactionTemplate transaction = new TransactionTemplate(new TestTransactionManager());

	private final StringRedisTemplate redis = new StringRedisTemplate(TestRedis.shared().connectionFactory());

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, JacksonAutoConfiguration.class,
				RqAutoConfiguration.class, RqMetricsAutoConfiguration.class))
		.withBean(SimpleMeterRegistry.class)
		.withUserConfiguration(Jobs.class)
		.withPropertyValues("spring.data.redis.url=" + TestRedis.shared().url(), "rq.worker.enabled=false");

	private void run(BiConsumer<JobTemplate, Jobs> test) {
		this.runner.run((context) -> test.accept(context.getBean(JobTemplate.class), context.getBean(Jobs.class)));
	}

	private List<String> waiting() {
		return this.redis.opsForList().range(key("rq:queue:default"), 0, -1);
	}

	@Test
	void jobsAreEnqueuedWhenTheTransactionCommits() {
		run((jobs, told) -> {
			List<String> ids = new ArrayList<>();
			this.transaction.executeWithoutResult((status) -> {
				Job job = jobs.enqueue(Jobs::add, 1, 2);
				assertThat(job.isPending()).isTrue();
				assertThat(job.status()).isEqualTo(JobStatus.CREATED);
				assertThat(jobs.find(job.id())).isEmpty();
				ids.add(job.id());
				jobs.enqueueAll(List.of(JobRequest.of("tasks.add"), JobRequest.of("tasks.add")))
					.forEach((next) -> ids.add(next.id()));
				jobs.enqueue(JobRequest.of("tasks.add").id("later").in(Duration.ofHours(1)));
				assertThat(this.redis.keys(key("rq:job:*"))).isEmpty();
			});
			assertThat(waiting()).isEqualTo(ids);
			assertThat(jobs.find("later").orElseThrow().status()).isEqualTo(JobStatus.SCHEDULED);
			assertThat(jobs.find(ids.get(0)).orElseThrow().isPending()).isFalse();
			assertThat(told.events).isEmpty();
		});
	}

	@Test
	void jobsAreSeenUntilTheTransactionEnds() {
		run((jobs, told) -> {
			assertThat(jobs.pending()).isEmpty();
			this.transaction.executeWithoutResult((status) -> {
				Job job = jobs.enqueue(Jobs::add, 1, 2);
				jobs.enqueue(JobRequest.of("tasks.add").immediately());
				assertThat(jobs.pending()).extracting(NewJob::job).containsExactly(job);
			});
			assertThat(jobs.pending()).isEmpty();
		});
	}

	@Test
	void aRollbackLeavesNothing() {
		run((jobs, told) -> {
			this.transaction.executeWithoutResult((status) -> {
				jobs.enqueue(Jobs::add, 1, 2);
				status.setRollbackOnly();
			});
			assertThat(this.redis.keys(key("rq:job:*"))).isEmpty();
		});
	}

	@Test
	void manyJobsKeepTheirOrder() {
		run((jobs, told) -> {
			List<String> ids = IntStream.range(0, 2_500).mapToObj((i) -> "j" + i).toList();
			this.transaction
				.executeWithoutResult((status) -> ids.forEach((id) -> jobs.enqueue(JobRequest.of("tasks.add").id(id))));
			assertThat(waiting()).isEqualTo(ids);
		});
	}

	@Test
	void immediateJobsDoNotWait() {
		run((jobs, told) -> {
			this.transaction.executeWithoutResult((status) -> {
				List<Job> enqueued = jobs.enqueueAll(List.of(JobRequest.of("tasks.add").id("a"),
						JobRequest.of("tasks.add").id("b").immediately(), JobRequest.of("tasks.add").id("c")));
				assertThat(enqueued).extracting(Job::id).containsExactly("a", "b", "c");
				assertThat(enqueued).extracting(Job::isPending).containsExactly(true, false, true);
				assertThat(waiting()).containsExactly("b");
				status.setRollbackOnly();
			});
			assertThat(waiting()).containsExactly("b");
		});
	}

	@Test
	void ifImmediateJobsAreRefusedTheOthersOfTheCallAreNotKept() {
		run((jobs, told) -> {
			jobs.enqueue(JobRequest.of("tasks.add").id("there"));
			this.transaction.executeWithoutResult((status) -> {
				assertThatExceptionOfType(DuplicateJobException.class)
					.isThrownBy(() -> jobs.enqueueAll(List.of(JobRequest.of("tasks.add").id("a"),
							JobRequest.of("tasks.add").id("there").unique().immediately())));
				assertThat(jobs.pending()).isEmpty();
			});
			assertThat(waiting()).containsExactly("there");
		});
	}

	@Test
	void ifOthersOfTheCallAreRefusedImmediateJobsAreNotStored() {
		run((jobs, told) -> {
			this.transaction.executeWithoutResult((status) -> {
				jobs.enqueue(JobRequest.of("tasks.add").id("kept"));
				assertThatExceptionOfType(DuplicateJobException.class)
					.isThrownBy(() -> jobs.enqueueAll(List.of(JobRequest.of("tasks.add").id("now").immediately(),
							JobRequest.of("tasks.add").id("kept").unique())));
			});
			assertThat(waiting()).containsExactly("kept");
		});
	}

	@Test
	void aPropertyTurnsItOff() {
		this.runner.withPropertyValues("rq.template.after-commit=false").run((context) -> {
			JobTemplate jobs = context.getBean(JobTemplate.class);
			this.transaction.executeWithoutResult((status) -> {
				assertThat(jobs.enqueue(JobRequest.of("tasks.add").id("a")).isPending()).isFalse();
				assertThat(waiting()).containsExactly("a");
			});
		});
	}

	@Test
	void inlineJobsRunAtOnce() {
		this.runner.withPropertyValues("rq.template.inline=true").run((context) -> {
			JobTemplate jobs = context.getBean(JobTemplate.class);
			this.transaction.executeWithoutResult(
					(status) -> assertThat(jobs.result(jobs.enqueue(Jobs::add, 1, 2).id(), int.class)).contains(3));
		});
	}

	@Test
	void whatIsWrongIsRefusedAtTheCall() {
		run((jobs, told) -> {
			jobs.enqueue(JobRequest.of("tasks.add").id("there"));
			this.transaction.executeWithoutResult((status) -> {
				assertThatExceptionOfType(DuplicateJobException.class)
					.isThrownBy(() -> jobs.enqueue(JobRequest.of("tasks.add").id("there").unique()));
				jobs.enqueue(JobRequest.of("tasks.add").id("kept").unique());
				assertThatExceptionOfType(DuplicateJobException.class)
					.isThrownBy(() -> jobs.enqueue(JobRequest.of("tasks.add").id("kept").unique()));
				assertThatIllegalArgumentException()
					.isThrownBy(() -> jobs.enqueue(JobRequest.of("jobs.add", "no number", 2)));
			});
			assertThat(waiting()).containsExactly("there", "kept");
		});
	}

	@Test
	void aJobThatSomebodyElseHasEnqueuedMeanwhileLosesNoOther() {
		run((jobs, told) -> {
			this.transaction.executeWithoutResult((status) -> {
				jobs.enqueue(JobRequest.of("tasks.add").id("a"));
				jobs.enqueue(JobRequest.of("tasks.add").id("b").unique());
				jobs.enqueue(JobRequest.of("tasks.add").id("c"));
				jobs.enqueue(JobRequest.of("tasks.sub").id("b").immediately());
			});
			assertThat(waiting()).containsExactly("b", "a", "c");
			assertThat(jobs.call("b").orElseThrow().function()).isEqualTo("tasks.sub");
			assertThat(told.events).singleElement().satisfies((event) -> {
				assertThat(event.jobs()).extracting(Job::id).containsExactly("b");
				assertThat(event.cause()).isInstanceOf(DuplicateJobException.class);
			});
		});
	}

	@Test
	void aRefusedJobOfManyLosesNoOtherAndStoresNoneTwice() {
		run((jobs, told) -> {
			List<String> ids = IntStream.range(0, 2_500).mapToObj((i) -> "j" + i).toList();
			this.transaction.executeWithoutResult((status) -> {
				ids.forEach((id) -> jobs.enqueue(JobRequest.of("tasks.add").id(id).unique()));
				jobs.enqueue(JobRequest.of("tasks.sub").id("j1200").immediately());
			});
			assertThat(waiting()).hasSize(2_500).containsAll(ids);
			assertToldOf(told, "j1200");
		});
	}

	@Test
	void manyRefusedJobsAreToldTogether() {
		run((jobs, told) -> {
			List<JobRequest> requests = IntStream.range(0, 300)
				.mapToObj((i) -> JobRequest.of("tasks.add").id("j" + i).unique())
				.toList();
			this.transaction.executeWithoutResult((status) -> {
				jobs.enqueueAll(requests);
				jobs.enqueueAll(requests.subList(50, 250).stream().map(JobRequest::immediately).toList());
			});
			assertThat(waiting()).hasSize(300);
			assertThat(told.events).singleElement()
				.satisfies((event) -> assertThat(event.jobs()).extracting(Job::id)
					.containsExactlyElementsOf(IntStream.range(50, 250).mapToObj((i) -> "j" + i).toList()));
		});
	}

	@Test
	void aRefusedJobBehindALargeOneLosesNoOtherAndStoresNoneTwice() {
		String large = "x".repeat(9 << 20);
		run((jobs, told) -> {
			this.transaction.executeWithoutResult((status) -> {
				for (String id : List.of("a", "b", "c")) {
					jobs.enqueue(JobRequest.of("tasks.add", large).id(id).unique());
				}
				jobs.enqueue(JobRequest.of("tasks.sub").id("b").immediately());
			});
			assertThat(waiting()).containsExactly("b", "a", "c");
			assertToldOf(told, "b");
		});
	}

	@Test
	void aRefusedJobOfOneOfSeveralQueuesLosesNoOtherAndStoresNoneTwice() {
		this.runner.withPropertyValues("rq.layout=cluster").run((context) -> {
			JobTemplate jobs = context.getBean(JobTemplate.class);
			List<JobRequest> requests = Stream.of("a", "b", "c")
				.map((name) -> JobRequest.of("tasks.add").id(name).queue("queue-" + name).unique())
				.toList();
			this.transaction.executeWithoutResult((status) -> {
				jobs.enqueueAll(requests);
				jobs.enqueue(JobRequest.of("tasks.sub").id("b").queue("queue-b").immediately());
			});
			assertThat(jobs.findAll(List.of("a", "b", "c"))).extracting(Job::status).containsOnly(JobStatus.QUEUED);
			assertThat(jobs.call("b").orElseThrow().function()).isEqualTo("tasks.sub");
			assertToldOf(context.getBean(Jobs.class), "b");
		});
	}

	private static void assertToldOf(Jobs told, String id) {
		assertThat(told.events).singleElement()
			.satisfies((event) -> assertThat(event.jobs()).extracting(Job::id).containsExactly(id));
	}

	@Test
	void resultsOfPendingJobsCannotBeWaitedFor() {
		run((jobs, told) -> {
			this.transaction.executeWithoutResult((status) -> {
				String id = jobs.enqueue(Jobs::add, 1, 2).id();
				assertThatIllegalStateException().isThrownBy(() -> jobs.awaitResult(id, Duration.ofSeconds(1)))
					.withMessageContaining("when this transaction commits");
				assertThatIllegalStateException().isThrownBy(() -> jobs.handle(id, int.class));
			});
			assertThat(waiting()).hasSize(1);
		});
	}

	@Test
	void pendingJobsCannotBeChangedOrTakenBack() {
		List<BiConsumer<JobTemplate, String>> changes = List.of((jobs, id) -> jobs.cancel(id),
				(jobs, id) -> jobs.delete(id), (jobs, id) -> jobs.requeue(id), (jobs, id) -> jobs.runNow(id),
				(jobs, id) -> jobs.reschedule(id, Instant.EPOCH), (jobs, id) -> jobs.move(id, "other"),
				(jobs, id) -> jobs.changeArguments(id, 3, 4), (jobs, id) -> jobs.updateMeta(id, Map::clear),
				(jobs, id) -> jobs.stop(id), (jobs, id) -> jobs.enqueueAgain(id),
				(jobs, id) -> jobs.enqueueAgain(id, "again"), (jobs, id) -> jobs.enqueueAgain(id, (call) -> call));
		run((jobs, told) -> {
			String pending = this.transaction.execute((status) -> {
				String id = jobs.enqueue(Jobs::add, 1, 2).id();
				changes.forEach((change) -> assertThatIllegalStateException().isThrownBy(() -> change.accept(jobs, id))
					.withMessageContaining("'" + id + "' is enqueued when this transaction commits"));
				assertThat(jobs.cancel("unknown")).isFalse();
				return id;
			});
			assertThat(waiting()).containsExactly(pending);
			assertThat(jobs.cancel(pending)).isTrue();
		});
	}

	@Test
	void aJobEnqueuedAgainWaitsToo() {
		run((jobs, told) -> {
			jobs.enqueue(JobRequest.of("tasks.add").id("old"));
			this.transaction.executeWithoutResult((status) -> {
				assertThat(jobs.enqueueAgain("old").orElseThrow().isPending()).isTrue();
				assertThat(waiting()).containsExactly("old");
			});
			assertThat(waiting()).hasSize(2);
		});
	}

	@Test
	@OneRedis("no application starts with Jedis while its cluster is away")
	void whatFailsAfterTheCommitIsToldAndCounted() {
		this.runner.withPropertyValues("spring.data.redis.url=redis://localhost:1").run((context) -> {
			JobTemplate jobs = context.getBean(JobTemplate.class);
			String id = this.transaction.execute((status) -> jobs.enqueue(Jobs::add, 1, 2).id());
			List<JobsNotEnqueuedEvent> events = context.getBean(Jobs.class).events;
			assertThat(events).singleElement()
				.satisfies((event) -> assertThat(event.jobs()).extracting(Job::id).containsExactly(id));
			assertThat(context.getBean(SimpleMeterRegistry.class).get("rq.job.not.enqueued").counter().count())
				.isEqualTo(1);
		});
	}

	@Configuration(proxyBeanMethods = false)
	static class Jobs {

		private final List<JobsNotEnqueuedEvent> events = new ArrayList<>();

		@RqJob(name = "jobs.add")
		int add(int a, int b) {
			return a + b;
		}

		@EventListener
		void notEnqueued(JobsNotEnqueuedEvent event) {
			this.events.add(event);
		}

	}

}
