package io.rq.operations;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.data.redis.connection.RedisConnection;

import io.rq.autoconfigure.RqAutoConfiguration;
import io.rq.job.IllegalJobStateException;
import io.rq.job.JobRequest;
import io.rq.job.JobStatus;
import io.rq.template.JobTemplate;
import io.rq.test.OneRedis;
import io.rq.test.PythonRq;
import io.rq.test.RedisTest;
import io.rq.test.RequiresPythonRq;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the undo of a delete.
 */
@RedisTest
class UndoTests {

	private final TestRedis redis;

	private final ApplicationContextRunner runner;

	UndoTests(TestRedis redis) {
		this.redis = redis;
		this.runner = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, JacksonAutoConfiguration.class,
					RqAutoConfiguration.class))
			.withPropertyValues("spring.data.redis.url=" + redis.url());
	}

	private static Deletion delete(RqOperations operations, String id, boolean now) {
		return operations.delete(id, false, now).orElseThrow();
	}

	@Test
	void deletedJobIsPutBackAndBothAreOnRecord() {
		this.runner.run((context) -> {
			RqOperations operations = context.getBean(RqOperations.class);
			JobTemplate jobs = context.getBean(JobTemplate.class);
			String id = jobs.enqueue("tasks.add").id();
			Deletion deletion = delete(operations, id, false);
			assertThat(deletion.reason()).isNull();
			assertThat(deletion.undoableUntil()).isBetween(Instant.now().plusSeconds(540),
					Instant.now().plus(Duration.ofMinutes(10)));
			assertThat(jobs.exists(id)).isFalse();
			assertThat(jobs.count("default")).isZero();
			assertThat(operations.undo(id)).isTrue();
			assertThat(jobs.find(id).orElseThrow().status()).isEqualTo(JobStatus.QUEUED);
			assertThat(operations.undo(id)).isFalse();
			assertThat(operations.undo("no id: {}")).isFalse();
			assertThat(operations.audit(null, 10)).extracting(AuditEntry::operation)
				.containsExactly("undo", "undo", "undo", "delete");
			assertThat(operations.audit(null, 10).get(2).queue()).isEqualTo("default");
			delete(operations, id, false);
			jobs.enqueue(JobRequest.of("tasks.add").id(id));
			assertThatExceptionOfType(IllegalJobStateException.class).isThrownBy(() -> operations.undo(id));
			assertThat(operations.delete("none", false, false)).isEmpty();
			assertThat(operations.delete("no id: {}", false)).isFalse();
		});
	}

	@Test
	void deleteForGoodSaysWhy() {
		this.runner.run((context) -> {
			RqOperations operations = context.getBean(RqOperations.class);
			JobTemplate jobs = context.getBean(JobTemplate.class);
			String id = jobs.enqueue("tasks.add").id();
			String child = jobs.enqueue(JobRequest.of("tasks.child").dependsOn(id)).id();
			assertThat(delete(operations, child, false).reason()).contains("waits for others");
			assertThat(delete(operations, id, true)).isEqualTo(new Deletion(id, null, "It was to be deleted for good"));
			assertThat(operations.undo(id)).isFalse();
		});
		this.runner.withPropertyValues("rq.operations.undo=0").run((context) -> {
			String id = context.getBean(JobTemplate.class).enqueue("tasks.add").id();
			assertThat(delete(context.getBean(RqOperations.class), id, false).reason()).contains("rq.operations.undo");
		});
	}

	@Test
	@OneRedis("has a server of its own that is full")
	void nothingIsKeptWhereMemoryIsShort() {
		try (TestRedis small = TestRedis.start();
				RedisConnection connection = small.connectionFactory().getConnection()) {
			this.runner.withPropertyValues("spring.data.redis.url=" + small.url()).run((context) -> {
				RqOperations operations = context.getBean(RqOperations.class);
				List<String> ids = List.of(context.getBean(JobTemplate.class).enqueue("tasks.add").id(),
						context.getBean(JobTemplate.class).enqueue("tasks.add").id());
				connection.serverCommands().setConfig("maxmemory", "1gb");
				assertThat(delete(operations, ids.get(0), false).reason()).isNull();
				connection.serverCommands().setConfig("maxmemory", "500kb");
				assertThat(delete(operations, ids.get(1), false).reason()).contains("80 %");
				assertThat(operations.undo(ids.get(0))).isTrue();
				assertThat(operations.undo(ids.get(1))).isFalse();
			});
		}
	}

	@Test
	@OneRedis("has a server of its own with users")
	void nothingIsKeptForAUserThatMayNotAskForTheMemory() {
		try (TestRedis strict = TestRedis.start()) {
			strict.setUser("app", "on", ">password", "~rq:*", "resetchannels", "&rq:*", "+@all", "-@admin",
					"-@dangerous");
			this.runner
				.withPropertyValues("spring.data.redis.url=redis://app:password@" + strict.host() + ":" + strict.port())
				.run((context) -> {
					RqOperations operations = context.getBean(RqOperations.class);
					String id = context.getBean(JobTemplate.class).enqueue("tasks.add").id();
					assertThat(delete(operations, id, false).reason()).contains("may not call INFO");
					strict.setUser("app", "+info");
					String other = context.getBean(JobTemplate.class).enqueue("tasks.add").id();
					assertThat(delete(operations, other, false).undoableUntil()).isNotNull();
					assertThat(operations.undo(other)).isTrue();
				});
		}
	}

	@Test
	void nobodyUndoesOnAQueueOfOthers() {
		OperatorAuthorization onlyMail = (operator, operation, queue) -> "mail".equals(queue);
		this.runner.withBean(OperatorAuthorization.class, () -> onlyMail).run((context) -> {
			RqOperations operations = context.getBean(RqOperations.class)
				.as(new Operator("ada", Set.of(), Operator.Face.DASHBOARD));
			String id = context.getBean(JobTemplate.class).enqueue(JobRequest.of("tasks.add").queue("mail")).id();
			delete(operations, id, false);
			assertThat(operations.undo(id)).isTrue();
			assertThatExceptionOfType(OperationDeniedException.class).isThrownBy(() -> operations.undo("none"));
		});
	}

	@Test
	@RequiresPythonRq
	void pythonCountsTheSameAfterDeleteAndUndo() {
		PythonRq python = new PythonRq(this.redis);
		String counts = """
				import os
				from redis import Redis
				from rq import Queue
				from rq.job import Job
				from rq.serializers import JSONSerializer
				connection = Redis.from_url(os.environ['REDIS_URL'])
				for queue in Queue.all(connection, serializer=JSONSerializer):
				    print(queue.name, len(queue), queue.failed_job_registry.count, queue.scheduled_job_registry.count,
				        queue.canceled_job_registry.count, len(queue.get_jobs()))
				""";
		this.runner.run((context) -> {
			RqOperations operations = context.getBean(RqOperations.class);
			JobTemplate jobs = context.getBean(JobTemplate.class);
			String queued = jobs.enqueue("tasks.add").id();
			String later = jobs.enqueueIn(Duration.ofHours(1), "tasks.add").id();
			String canceled = jobs.enqueue("tasks.add").id();
			jobs.cancel(canceled);
			String before = python.run(counts);
			assertThat(before).contains("default 1 0 1 1 1");
			List.of(queued, later, canceled).forEach((id) -> delete(operations, id, false));
			assertThat(python.run(counts)).contains("default 0 0 0 0 0");
			List.of(queued, later, canceled).forEach((id) -> assertThat(operations.undo(id)).isTrue());
			assertThat(python.run(counts)).isEqualTo(before);
		});
	}

}
