package io.rq.operations;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.core.StringRedisTemplate;

import io.rq.autoconfigure.RqAutoConfiguration;
import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.job.JobStatus;
import io.rq.operations.AuditEntry.Outcome;
import io.rq.operations.BulkOperation.State;
import io.rq.queue.Registry;
import io.rq.redis.BulkStore;
import io.rq.template.JobTemplate;
import io.rq.test.FaultProxy;
import io.rq.test.OneRedis;
import io.rq.test.RedisTest;
import io.rq.test.TestRedis;

import static io.rq.test.TestStores.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link BulkRunner}, and for what is behind it.
 */
@RedisTest
class BulkRunnerTests {

	private static final Duration LEASE = Duration.ofSeconds(3);

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, JacksonAutoConfiguration.class,
				RqAutoConfiguration.class))
		.withPropertyValues("spring.data.redis.url=" + TestRedis.shared().url(), "rq.operations.bulk.enabled=false");

	private final StringRedisTemplate redis = new StringRedisTemplate(TestRedis.shared().connectionFactory());

	/** With a node whose rounds the test makes. */
	private void run(Consumer<Node> test) {
		this.runner.run((context) -> test.accept(new Node(context)));
	}

	private static BulkRequest all(Operation operation, Registry registry) {
		return BulkRequest.all(operation, "default", registry, BulkOptions.NONE);
	}

	@Test
	void jobsOfAQueueThatMatchAreCancelledAfterADryRunAndRequeued() {
		run((node) -> {
			node.enqueue(1050);
			BulkRequest mail = all(Operation.CANCEL, Registry.QUEUED).matching(new JobFilter("mail", null));
			BulkOperation counted = node.carryOut(mail.dryRun(true));
			assertThat(counted.state()).isEqualTo(State.DONE);
			assertThat(counted.examined()).isEqualTo(1050);
			assertThat(counted.matched()).isEqualTo(350);
			assertThat(counted.done()).isZero();
			assertThat(node.operations.audit(null, 10)).isEmpty();
			BulkOperation canceled = node.carryOut(mail);
			assertThat(canceled.matched()).isEqualTo(350);
			assertThat(canceled.done()).isEqualTo(350);
			assertThat(canceled.refused()).isZero();
			assertThat(canceled.total()).isEqualTo(1050);
			assertThat(canceled.endedAt()).isAfterOrEqualTo(canceled.startedAt());
			assertThat(canceled.node()).isNotNull();
			assertThat(this.redis.opsForList().size(key("rq:queue:default"))).isEqualTo(700);
			assertThat(this.redis.opsForZSet().size(key("rq:canceled:default"))).isEqualTo(350);
			BulkOperation requeued = node.carryOut(all(Operation.REQUEUE, Registry.CANCELED));
			assertThat(requeued.done()).isEqualTo(350);
			assertThat(this.redis.opsForList().size(key("rq:queue:default"))).isEqualTo(1050);
			assertThat(node.carryOut(all(Operation.DELETE, Registry.QUEUED)).done()).isEqualTo(1050);
			assertThat(this.redis.keys(key("rq:job:*"))).isEmpty();
			List<AuditEntry> audit = node.operations.audit(null, 10);
			assertThat(audit).extracting(AuditEntry::outcome)
				.containsExactly(Outcome.DONE, Outcome.STARTED, Outcome.DONE, Outcome.STARTED, Outcome.DONE,
						Outcome.STARTED);
			assertThat(audit).extracting(AuditEntry::count).containsExactly(1050L, 0L, 350L, 0L, 350L, 0L);
			assertThat(audit.get(4).targets()).containsExactly(canceled.id());
			assertThat(audit.get(4).detail()).startsWith("queued jobs with a text").doesNotContain("mail");
			assertThat(node.operations.bulkOperations()).extracting(BulkOperation::id)
				.hasSize(4)
				.contains(counted.id(), canceled.id());
			assertThat(this.redis.getExpire(key("rq:operation:" + canceled.id()))).isBetween(86_000L, 86_400L);
			assertThat(this.redis.hasKey(key("rq:open-operations"))).isFalse();
		});
	}

	@Test
	void jobsOfAFunctionAreDoneByWhateverNodeHasIt() {
		run((node) -> {
			node.enqueue(450);
			String id = node.operations
				.bulk(all(Operation.DELETE, Registry.QUEUED).matching(JobFilter.ALL.ofFunction("mail.send")))
				.id();
			Node other = node.another();
			other.runner.wake();
			BulkOperation operation = other.carryOn(id);
			assertThat(operation.examined()).isEqualTo(450);
			assertThat(operation.done()).isEqualTo(150);
			assertThat(operation.filter().function()).isEqualTo("mail.send");
			assertThat(operation.withoutValues()).isEqualTo(operation);
			assertThat(this.redis.opsForList().range(key("rq:queue:default"), 0, -1)).hasSize(300)
				.allMatch((job) -> Integer.parseInt(job.substring(1)) % 3 != 0);
			assertThat(node.operations.audit(null, 1).get(0).detail()).contains("queued jobs of function 'mail.send'");
		});
	}

	@Test
	void workersThatTakeJobsMeanwhileHideNoneFromIt() {
		run((node) -> {
			node.enqueue(3000);
			String id = node.operations
				.bulk(all(Operation.CANCEL, Registry.QUEUED).matching(new JobFilter("mail", null)))
				.id();
			long taken = 0;
			for (int i = 0; i < 4; i++) {
				node.runner.round();
				List<String> mail = this.redis.opsForList().leftPop(key("rq:queue:default"), 130);
				taken += mail.stream().filter((job) -> Integer.parseInt(job.substring(1)) % 3 == 0).count();
			}
			// more than one search of the page after it reaches
			taken += this.redis.opsForList()
				.leftPop(key("rq:queue:default"), 1100)
				.stream()
				.filter((job) -> Integer.parseInt(job.substring(1)) % 3 == 0)
				.count();
			BulkOperation operation = node.carryOn(id);
			assertThat(operation.done()).isEqualTo(1000 - taken);
			assertThat(this.redis.opsForList().range(key("rq:queue:default"), 0, -1)).isNotEmpty()
				.allMatch((job) -> Integer.parseInt(job.substring(1)) % 3 != 0);
		});
	}

	@Test
	void anotherNodeGoesOnWhereOneDiedBetweenBatchAndNote() {
		run((node) -> {
			node.enqueue(450);
			Node other = node.another();
			String id = node.operations.bulk(all(Operation.CANCEL, Registry.QUEUED)).id();
			node.runner.round();
			node.runner.round();
			assertThat(node.operations.bulkOperation(id).orElseThrow().done()).isEqualTo(100);
			assertThat(this.redis.opsForZSet().size(key("rq:canceled:default"))).isEqualTo(200);
			other.runner.wake();
			other.runner.round();
			assertThat(this.redis.opsForZSet().size(key("rq:canceled:default"))).isEqualTo(200);
			other.takeOver(() -> this.redis.opsForZSet().size(key("rq:canceled:default")) > 200);
			// it was not dead after all
			node.runner.round();
			BulkOperation operation = other.carryOn(id);
			assertThat(operation.state()).isEqualTo(State.DONE);
			assertThat(operation.done()).isEqualTo(350);
			assertThat(operation.refused()).isZero();
			assertThat(this.redis.opsForZSet().size(key("rq:canceled:default"))).isEqualTo(450);
			assertThat(this.redis.hasKey(key("rq:queue:default"))).isFalse();
		});
	}

	@Test
	void deletedJobsArePutBackInTheirOrder() {
		run((node) -> {
			node.enqueue(250);
			BulkOperation deleted = node.carryOut(all(Operation.DELETE, Registry.QUEUED));
			assertThat(deleted.done()).isEqualTo(250);
			assertThat(deleted.undoable()).isEqualTo(250);
			assertThat(deleted.undoableUntil()).isBetween(Instant.now().plusSeconds(500),
					Instant.now().plusSeconds(600));
			assertThat(this.redis.keys(key("rq:job:*"))).isEmpty();
			node.jobs.enqueue(JobRequest.of("tasks.add").id("j7"));
			assertThat(node.operations.undo("j8")).isTrue();
			String id = node.operations.undoBulk(deleted.id()).orElseThrow().id();
			BulkOperation undone = node.carryOn(id);
			assertThat(undone.operation()).isEqualTo("undo");
			assertThat(undone.undoes()).isEqualTo(deleted.id());
			assertThat(undone.state()).isEqualTo(State.DONE);
			assertThat(undone.total()).isEqualTo(250);
			assertThat(undone.done()).isEqualTo(248);
			assertThat(undone.refused()).isEqualTo(2);
			assertThat(undone.reasons()).anyMatch((reason) -> reason.contains("a job of that id again"));
			assertThat(this.redis.opsForList().range(key("rq:queue:default"), 0, -1)).hasSize(250)
				.startsWith("j7", "j8", "j0", "j1")
				.endsWith("j249");
			assertThat(node.operations.audit(null, 1).get(0)).returns(Operation.UNDO.value(), AuditEntry::operation)
				.returns(248L, AuditEntry::count);
			assertThat(node.operations.bulkOperation(deleted.id()).orElseThrow()).returns(0L, BulkOperation::undoable)
				.returns(null, BulkOperation::undoableUntil)
				.returns(250L, BulkOperation::done);
			assertThatIllegalArgumentException().isThrownBy(() -> node.operations.undoBulk(deleted.id()))
				.withMessageContaining("none is kept");
		});
	}

	@Test
	void nodeThatDiesWhileItDeletesLeavesNoJobOutOfTheUndo() {
		run((node) -> {
			node.enqueue(250);
			Node other = node.another();
			String id = node.operations.bulk(all(Operation.DELETE, Registry.QUEUED)).id();
			node.runner.round();
			assertThat(this.redis.opsForList().size(key("rq:queue:default"))).isEqualTo(150);
			other.takeOver(() -> this.redis.opsForList().size(key("rq:queue:default")) < 150);
			assertThat(other.carryOn(id).done()).isEqualTo(150);
			Node third = node.another();
			assertThat(third.carryOn(third.operations.undoBulk(id).orElseThrow().id()).done()).isEqualTo(250);
			assertThat(this.redis.opsForList().size(key("rq:queue:default"))).isEqualTo(250);
		});
	}

	@Test
	void nodeThatDiesWhileItPutsBackLeavesNoJobOut() {
		run((node) -> {
			node.enqueue(250);
			Node other = node.another();
			String delete = node.carryOut(all(Operation.DELETE, Registry.QUEUED)).id();
			String id = node.operations.undoBulk(delete).orElseThrow().id();
			node.runner.round();
			other.takeOver(() -> this.redis.opsForList().size(key("rq:queue:default")) > 100);
			assertThat(other.carryOn(id).state()).isEqualTo(State.DONE);
			assertThat(this.redis.opsForList().range(key("rq:queue:default"), 0, -1)).hasSize(250)
				.doesNotHaveDuplicates();
		});
	}

	@Test
	void whatIsDeletedForGoodSaysSo() {
		run((node) -> {
			node.enqueue(3);
			BulkOperation deleted = node.carryOut(BulkRequest.all(Operation.DELETE, "default", Registry.QUEUED,
					new BulkOptions(false, false, false, null, null, true)));
			assertThat(deleted.done()).isEqualTo(3);
			assertThat(deleted.undoable()).isZero();
			assertThat(deleted.undoableUntil()).isNull();
			assertThat(deleted.reasons()).containsExactly("Deleted for good: It was to be deleted for good");
			assertThatIllegalArgumentException().isThrownBy(() -> node.operations.undoBulk(deleted.id()))
				.withMessageContaining("none is kept");
		});
	}

	@Test
	void onlyADeleteThatHasEndedIsUndone() {
		run((node) -> {
			node.enqueue(150);
			assertThat(node.operations.undoBulk("none")).isEmpty();
			String dry = node.carryOut(all(Operation.DELETE, Registry.QUEUED).dryRun(true)).id();
			assertThatIllegalArgumentException().isThrownBy(() -> node.operations.undoBulk(dry));
			String id = node.operations.bulk(all(Operation.DELETE, Registry.QUEUED)).id();
			node.runner.round();
			assertThatIllegalArgumentException().isThrownBy(() -> node.operations.undoBulk(id))
				.withMessageContaining("goes on");
			RqOperations ada = node.operations
				.as(new Operator("ada", Set.of("ROLE_RQ_OPERATOR"), Operator.Face.DASHBOARD));
			assertThatExceptionOfType(OperationDeniedException.class).isThrownBy(() -> ada.undoBulk(id));
			node.carryOn(id);
			BulkOperation canceled = node
				.carryOut(BulkRequest.some(Operation.CANCEL, "default", List.of("j1"), BulkOptions.NONE));
			assertThatIllegalArgumentException().isThrownBy(() -> node.operations.undoBulk(canceled.id()))
				.withMessageContaining("'cancel'");
			assertThatIllegalArgumentException()
				.isThrownBy(() -> BulkRequest.some(Operation.UNDO, "default", List.of("j1"), BulkOptions.NONE));
		});
	}

	@Test
	void eachJobRunsAgainOnce() {
		run((node) -> {
			node.enqueue(150);
			node.carryOut(all(Operation.CANCEL, Registry.QUEUED));
			Node other = node.another();
			String id = node.operations.bulk(all(Operation.RUN_AGAIN, Registry.CANCELED)).id();
			node.runner.round();
			// copies that end are met again
			node.carryOut(BulkRequest.some(Operation.CANCEL, "default",
					this.redis.opsForList().range(key("rq:queue:default"), 0, 9), BulkOptions.NONE));
			other.takeOver(() -> other.operations.bulkOperation(id).orElseThrow().state() == State.DONE);
			assertThat(this.redis.keys(key("rq:job:*"))).hasSize(300);
			assertThat(this.redis.opsForList().size(key("rq:queue:default"))).isEqualTo(140);
			assertThat(this.redis.opsForList().range(key("rq:queue:default"), 0, -1))
				.allSatisfy((copy) -> assertThat(node.jobs.find(copy).orElseThrow().againOf()).startsWith("j"))
				.extracting((copy) -> node.jobs.find(copy).orElseThrow().againOf())
				.doesNotHaveDuplicates();
		});
		assertThatIllegalArgumentException().isThrownBy(() -> all(Operation.RUN_AGAIN, Registry.QUEUED))
			.withMessageContaining("have ended");
	}

	@Test
	void operationIsEndedByItsOperator() {
		run((node) -> {
			node.enqueue(450);
			String id = node.operations.bulk(all(Operation.CANCEL, Registry.QUEUED)).id();
			node.runner.round();
			assertThat(node.operations.cancelBulk(id)).isTrue();
			BulkOperation operation = node.carryOn(id);
			assertThat(operation.state()).isEqualTo(State.CANCELED);
			assertThat(operation.done()).isEqualTo(100);
			assertThat(this.redis.opsForList().size(key("rq:queue:default"))).isEqualTo(350);
			assertThat(node.operations.cancelBulk(id)).isFalse();
			assertThat(node.operations.cancelBulk("none")).isFalse();
			assertThat(node.operations.audit(null, 10)).extracting(AuditEntry::outcome)
				.containsExactly(Outcome.NOTHING, Outcome.DONE, Outcome.DONE, Outcome.STARTED);
		});
	}

	@Test
	void endOfADryRunIsNotOnRecord() {
		run((node) -> {
			node.enqueue(250);
			String id = node.operations.bulk(all(Operation.DELETE, Registry.QUEUED).dryRun(true)).id();
			node.runner.round();
			assertThat(node.operations.cancelBulk(id)).isTrue();
			assertThat(node.carryOn(id).state()).isEqualTo(State.CANCELED);
			assertThat(node.operations.audit(null, 10)).isEmpty();
		});
	}

	@Test
	void namedJobsOfTheQueueAreDoneAndOthersRefused() {
		run((node) -> {
			node.enqueue(3);
			node.jobs.enqueue(JobRequest.of("tasks.add").id("elsewhere").queue("other"));
			BulkOperation operation = node.carryOut(BulkRequest.some(Operation.REQUEUE, "default",
					List.of("j0", "elsewhere", "none"), new BulkOptions(true, false, false, null, null, false)));
			assertThat(operation.done()).isZero();
			assertThat(operation.refused()).isEqualTo(3);
			assertThat(operation.reasons()).hasSize(2).anyMatch((reason) -> reason.contains("it is 'queued'"));
			BulkOperation moved = node.carryOut(BulkRequest.some(Operation.MOVE, "default", List.of("j0", "j1"),
					new BulkOptions(false, false, false, null, "other", false)));
			assertThat(moved.done()).isEqualTo(2);
			assertThat(this.redis.opsForList().range(key("other", "rq:queue:other"), 0, -1))
				.containsExactly("elsewhere", "j0", "j1");
		});
	}

	@Test
	void jobsThatWaitAreEnqueuedByACancelAndDeletedByADelete() {
		run((node) -> {
			waiting(node);
			node.carryOut(BulkRequest.some(Operation.CANCEL, "default", List.of("j0"),
					new BulkOptions(false, true, false, null, null, false)));
			assertThat(node.jobs.find("w0")).map(Job::status).contains(JobStatus.QUEUED);
			node.carryOut(BulkRequest.some(Operation.DELETE, "default", List.of("j1"),
					new BulkOptions(false, true, false, null, null, false)));
			assertThat(node.jobs.find("w1")).map(Job::status).contains(JobStatus.DEFERRED);
			node.carryOut(BulkRequest.some(Operation.DELETE, "default", List.of("j2"),
					new BulkOptions(false, false, true, null, null, false)));
			assertThat(node.jobs.find("w2")).isEmpty();
		});
	}

	@Test
	void operationOfAnOlderVersionKeepsWhatWasChosenForJobsThatWait() {
		run((node) -> {
			waiting(node);
			for (String id : List.of("j0", "j1")) {
				String operation = node.start(BulkRequest.some(id.equals("j0") ? Operation.CANCEL : Operation.DELETE,
						"default", List.of(id), BulkOptions.NONE));
				this.redis.opsForHash().delete(key("rq:operation:b1"), "enqueue_dependents", "delete_dependents");
				this.redis.opsForHash().put(key("rq:operation:b1"), "with_dependents", "1");
				node.carryOn(operation);
				this.redis.delete(key("rq:operation:b1"));
			}
			assertThat(node.jobs.find("w0")).map(Job::status).contains(JobStatus.QUEUED);
			assertThat(node.jobs.find("w1")).isEmpty();
		});
	}

	/** Older versions know one field for what is chosen, whatever the operation is. */
	@ParameterizedTest
	@CsvSource({ "CANCEL, true, false, 1", "CANCEL, false, true, 0", "DELETE, false, true, 1",
			"DELETE, true, false, 0" })
	void olderVersionIsToldWhatIsChosenForJobsThatWait(Operation operation, boolean enqueue, boolean delete,
			String told) {
		BulkOptions options = new BulkOptions(false, enqueue, delete, null, null, false);
		Map<String, String> fields = BulkRecord.fields(BulkRequest.some(operation, "default", List.of("a"), options),
				Operator.APPLICATION, 1);
		assertThat(fields).containsEntry("with_dependents", told);
		assertThat(new BulkRecord("b1", fields).request().options()).isEqualTo(options);
	}

	private static void waiting(Node node) {
		node.enqueue(3);
		node.jobs.enqueueAll(IntStream.range(0, 3)
			.mapToObj((i) -> JobRequest.of("tasks.add").id("w" + i).dependsOn("j" + i))
			.toList());
	}

	@Test
	void scheduledJobsOfATimeAreRescheduledOnceAndRun() {
		run((node) -> {
			Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
			node.jobs.enqueueAll(IntStream.range(0, 300)
				.mapToObj((i) -> JobRequest.of("tasks.add", i).id("j" + i).at(now.plusSeconds(3600 + i)))
				.toList());
			Instant later = now.plusSeconds(3750);
			BulkOperation operation = node.carryOut(BulkRequest
				.all(Operation.RESCHEDULE, "default", Registry.SCHEDULED,
						new BulkOptions(false, false, false, later, null, false))
				.between(now.plusSeconds(3600), now.plusSeconds(3720)));
			assertThat(operation.done()).isEqualTo(120);
			assertThat(node.jobs.scheduledTime("j7")).contains(later);
			assertThat(node.jobs.scheduledTime("j120")).contains(now.plusSeconds(3720));
			assertThat(node.carryOut(all(Operation.RUN_NOW, Registry.SCHEDULED)).done()).isEqualTo(300);
			assertThat(this.redis.opsForList().size(key("rq:queue:default"))).isEqualTo(300);
		});
	}

	/** Redis keeps fewer digits of it. */
	@ParameterizedTest
	@ValueSource(
			strings = { "2990-01-31T12:00:00Z", "2990-01-31T12:00:00.123456789Z", "9990-01-31T12:00:00.999999999Z" })
	void eachJobIsRescheduledOnce(Instant at) {
		run((node) -> {
			node.jobs.enqueueAll(IntStream.range(0, 250)
				.mapToObj((i) -> JobRequest.of("tasks.add", i).id("j" + i).in(Duration.ofHours(1)))
				.toList());
			BulkOperation operation = node.carryOut(BulkRequest.all(Operation.RESCHEDULE, "default", Registry.SCHEDULED,
					new BulkOptions(false, false, false, at, null, false)));
			assertThat(operation.examined()).isEqualTo(250);
			assertThat(operation.matched()).isEqualTo(250);
			assertThat(operation.done()).isEqualTo(250);
		});
	}

	@Test
	void whoMayNotDoItToOneJobMayNotInBulk() {
		run((node) -> {
			node.enqueue(1);
			RqOperations ada = node.operations
				.as(new Operator("ada", Set.of("ROLE_RQ_OPERATOR"), Operator.Face.DASHBOARD));
			BulkRequest delete = all(Operation.DELETE, Registry.QUEUED);
			assertThatExceptionOfType(OperationDeniedException.class).isThrownBy(() -> ada.bulk(delete))
				.withMessageContaining("'ada' may not delete");
			assertThatExceptionOfType(OperationDeniedException.class).isThrownBy(() -> ada.bulk(delete.dryRun(true)));
			String id = node.operations.bulk(delete).id();
			assertThatExceptionOfType(OperationDeniedException.class).isThrownBy(() -> ada.cancelBulk(id));
			assertThat(ada.bulkOperation(id)).isPresent();
			RqOperations nobody = node.operations.as(new Operator("eve", Set.of(), Operator.Face.DASHBOARD));
			assertThatExceptionOfType(OperationDeniedException.class).isThrownBy(nobody::bulkOperations);
			assertThatExceptionOfType(OperationDeniedException.class).isThrownBy(() -> nobody.bulkOperation(id));
			assertThat(node.carryOn(id).operator()).isEqualTo("application");
			assertThat(node.jobs.exists("j0")).isFalse();
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "rq:job:j1", "rq:queue:default" })
	void keyOfAnotherTypeEndsNothingButItself(String key) {
		run((node) -> {
			node.enqueue(3);
			this.redis.delete(key(key));
			this.redis.opsForValue().set(key(key), "x");
			String id = node.start(all(Operation.CANCEL, Registry.QUEUED));
			BulkOperation operation = node.carryOn(id);
			if (key.equals("rq:queue:default")) {
				assertThat(operation.state()).isEqualTo(State.FAILED);
				assertThat(operation.reasons()).hasSize(1);
			}
			else {
				assertThat(operation.state()).isEqualTo(State.DONE);
				assertThat(operation.done()).isEqualTo(2);
			}
		});
	}

	@ParameterizedTest
	@CsvSource({ "state, PONDERING", "operation, TRANSLATE", "registry, lost", "at, x", "examined, x" })
	void operationThatCannotBeReadIsLeftToOthersAndHoldsUpNone(String field, String value) {
		run((node) -> {
			BulkStore store = node.context().getBean(OperationsParts.class).bulk();
			Map<String, String> fields = new HashMap<>(
					BulkRecord.fields(all(Operation.REQUEUE, Registry.FAILED), Operator.APPLICATION, 0));
			fields.put(field, value);
			List<String> odd = IntStream.range(0, 11).mapToObj((i) -> "odd" + i).toList();
			odd.forEach((id) -> store.start("default", id, fields));
			assertCarriesOut(node);
			assertThat(node.operations.bulkOperations()).hasSize(1);
			for (String id : odd) {
				assertThat(node.operations.bulkOperation(id)).isEmpty();
				assertThat(node.operations.cancelBulk(id)).isFalse();
				assertThat(node.operations.undoBulk(id)).isEmpty();
				assertThat(store.step(new BulkStore.Open("default", id), "newer", LEASE, null))
					.containsEntry(field, value)
					.containsEntry("open", "1");
			}
		});
	}

	@Test
	void operationWhoseLeaseCannotBeReadIsTakenOver() {
		run((node) -> {
			node.enqueue(3);
			String id = node.start(all(Operation.CANCEL, Registry.QUEUED));
			this.redis.opsForHash().putAll(key("rq:operation:" + id), Map.of("owner", "gone", "lease_until", "x"));
			assertThat(node.carryOn(id).done()).isEqualTo(3);
		});
	}

	@Test
	void recordOfAnotherTypeHoldsUpNone() {
		run((node) -> {
			node.start(all(Operation.CANCEL, Registry.QUEUED));
			this.redis.delete(key("rq:operation:b1"));
			this.redis.opsForValue().set(key("rq:operation:b1"), "x");
			assertCarriesOut(node);
			assertThat(node.operations.bulkOperations()).hasSize(1);
			assertThat(node.operations.bulkOperation("b1")).isEmpty();
		});
	}

	@Test
	void operationThatCouldNotBeReadIsLookedAtAgainAfterAnHour() {
		AtomicLong nanos = new AtomicLong();
		this.runner.run((context) -> {
			Node node = new Node(context, nanos::get);
			BulkStore store = context.getBean(OperationsParts.class).bulk();
			node.enqueue(1);
			node.start(all(Operation.CANCEL, Registry.QUEUED));
			this.redis.delete(key("rq:operation:b1"));
			this.redis.opsForValue().set(key("rq:operation:b1"), "x");
			node.runner.round();
			this.redis.delete(key("rq:operation:b1"));
			node.runner.wake();
			node.runner.round();
			assertThat(store.open(10)).hasSize(1);
			nanos.addAndGet(Duration.ofHours(1).toNanos());
			node.runner.round();
			assertThat(store.open(10)).isEmpty();
		});
	}

	private static void assertCarriesOut(Node node) {
		node.enqueue(3);
		node.runner.wake();
		node.runner.round();
		String id = node.operations.bulk(all(Operation.DELETE, Registry.QUEUED)).id();
		BulkOperation operation = node.carryOn(id);
		assertThat(operation.state()).isEqualTo(State.DONE);
		assertThat(node.jobs.exists("j2")).isFalse();
	}

	@Test
	void requestsThatMakeNoSenseAreRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> all(Operation.EMPTY, Registry.QUEUED))
			.withMessageContaining("requeue");
		assertThatIllegalArgumentException().isThrownBy(() -> all(Operation.RESCHEDULE, Registry.SCHEDULED));
		assertThatIllegalArgumentException().isThrownBy(() -> all(Operation.MOVE, Registry.QUEUED));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> BulkRequest.some(Operation.CANCEL, "default", List.of(), BulkOptions.NONE));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> all(Operation.CANCEL, Registry.QUEUED).matching(new JobFilter(null, "12345678")));
		this.runner.run((context) -> assertThatIllegalArgumentException()
			.isThrownBy(() -> context.getBean(RqOperations.class).bulk(all(Operation.CANCEL, Registry.QUEUED)))
			.withMessageContaining("rq.operations.bulk.enabled"));
	}

	@Test
	void applicationCarriesThemOutByItself() {
		this.runner.withPropertyValues("rq.operations.bulk.enabled=true").run((context) -> {
			Node node = new Node(context);
			node.enqueue(250);
			RqOperations operations = context.getBean(RqOperations.class);
			String id = operations.bulk(all(Operation.CANCEL, Registry.QUEUED)).id();
			Awaitility.await().until(() -> operations.bulkOperation(id).orElseThrow().state() == State.DONE);
			assertThat(operations.bulkOperation(id).orElseThrow().done()).isEqualTo(250);
			assertThat(node.jobs.find("j0").orElseThrow().status()).isEqualTo(JobStatus.CANCELED);
		});
	}

	@Test
	@OneRedis("has a proxy before one server")
	void operationWaitsWhileRedisIsAwayAndGoesOn() {
		int many = 30_000;
		try (FaultProxy proxy = FaultProxy.to(TestRedis.shared())) {
			this.runner
				.withPropertyValues("rq.operations.bulk.enabled=true",
						"spring.data.redis.url=redis://127.0.0.1:" + proxy.port())
				.run((context) -> {
					new Node(context).enqueue(many);
					RqOperations operations = context.getBean(RqOperations.class);
					String id = operations.bulk(all(Operation.CANCEL, Registry.QUEUED)).id();
					Awaitility.await().until(() -> canceled() > 0);
					proxy.accept(false);
					assertThatExceptionOfType(DataAccessException.class).isThrownBy(operations::bulkOperations);
					assertThat(canceled()).isLessThan(many);
					proxy.accept(true);
					Awaitility.await().until(() -> isDone(id));
					assertThat(canceled()).isEqualTo(many);
					assertThat(operations.bulkOperation(id).orElseThrow().refused()).isZero();
				});
		}
	}

	@Test
	@OneRedis("has a server of its own that is full")
	void jobsAreDeletedFromAFullRedis() {
		try (TestRedis full = TestRedis.start()) {
			this.runner.withPropertyValues("spring.data.redis.url=" + full.url()).run((context) -> {
				Node node = new Node(context);
				node.enqueue(250);
				full.connectionFactory().getConnection().serverCommands().setConfig("maxmemory", "1");
				assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> node.enqueue(250, 251));
				assertThat(node.carryOut(all(Operation.DELETE, Registry.QUEUED)).done()).isEqualTo(250);
				assertThat(node.jobs.exists("j0")).isFalse();
			});
		}
	}

	@Tag("long")
	@Test
	@OneRedis("has a proxy before one server")
	void anotherApplicationGoesOnWhenOneIsCutOffAndComesBack() {
		try (FaultProxy proxy = FaultProxy.to(TestRedis.shared())) {
			ApplicationContextRunner enabled = this.runner.withPropertyValues("rq.operations.bulk.enabled=true");
			enabled.withPropertyValues("spring.data.redis.url=redis://127.0.0.1:" + proxy.port())
				.run((lost) -> enabled.run((other) -> {
					new Node(other).enqueue(5000);
					String id = lost.getBean(RqOperations.class).bulk(all(Operation.CANCEL, Registry.QUEUED)).id();
					Awaitility.await().until(() -> canceled() > 0);
					proxy.accept(false);
					Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> isDone(id));
					proxy.accept(true);
					assertThat(canceled()).isEqualTo(5000);
					BulkOperation operation = other.getBean(RqOperations.class).bulkOperation(id).orElseThrow();
					assertThat(operation.done()).isBetween(4800L, 5000L);
					assertThat(operation.refused()).isZero();
					Awaitility.await()
						.ignoreExceptions()
						.until(() -> !lost.getBean(RqOperations.class).bulkOperations().isEmpty());
					assertThat(other.getBean(RqOperations.class).bulkOperation(id)).contains(operation);
				}));
		}
	}

	private long canceled() {
		Long size = this.redis.opsForZSet().size(key("rq:canceled:default"));
		return (size != null) ? size : 0;
	}

	private boolean isDone(String id) {
		return "DONE".equals(this.redis.opsForHash().get(key("rq:operation:" + id), "state"));
	}

	@Tag("long")
	@Test
	void hundredThousandAreRequeuedWhileWorkersTakeThem() {
		this.runner.withPropertyValues("rq.operations.bulk.enabled=true").run((context) -> {
			Node node = new Node(context);
			for (int from = 0; from < 100_000; from += 1000) {
				node.enqueue(from, from + 1000);
			}
			RqOperations operations = context.getBean(RqOperations.class);
			String cancel = operations.bulk(all(Operation.CANCEL, Registry.QUEUED)).id();
			Awaitility.await()
				.atMost(Duration.ofMinutes(5))
				.until(() -> operations.bulkOperation(cancel).orElseThrow().state() == State.DONE);
			String requeue = operations.bulk(all(Operation.REQUEUE, Registry.CANCELED)).id();
			long taken = 0;
			while (operations.bulkOperation(requeue).orElseThrow().state().isOpen()) {
				List<String> some = this.redis.opsForList().leftPop(key("rq:queue:default"), 50);
				taken += (some != null) ? some.size() : 0;
			}
			assertThat(operations.bulkOperation(requeue).orElseThrow().done()).isEqualTo(100_000);
			assertThat(this.redis.opsForList().size(key("rq:queue:default"))).isEqualTo(100_000 - taken);
			assertThat(this.redis.hasKey(key("rq:canceled:default"))).isFalse();
		});
	}

	/**
	 * A process, of which the test makes the rounds.
	 */
	private record Node(ApplicationContext context, BulkRunner runner, RqOperations operations, JobTemplate jobs) {

		Node(ApplicationContext context) {
			this(context, System::nanoTime);
		}

		Node(ApplicationContext context, LongSupplier nanoTime) {
			this(context, new BulkRunner(context.getBean(OperationsParts.class), context.getBean(AuditTrail.class),
					new BulkRunner.Settings(true, Duration.ofMinutes(1), LEASE), nanoTime));
		}

		Node(ApplicationContext context, BulkRunner runner) {
			this(context, runner,
					new OperationsTemplate(context.getBean(OperationsParts.class),
							context.getBean(OperatorAuthorization.class), context.getBean(AuditTrail.class), runner),
					context.getBean(JobTemplate.class));
		}

		Node another() {
			return new Node(this.context);
		}

		/** Every third is a mail. */
		void enqueue(int count) {
			enqueue(0, count);
		}

		void enqueue(int from, int to) {
			this.jobs.enqueueAll(IntStream.range(from, to)
				.mapToObj((i) -> JobRequest.of((i % 3 == 0) ? "mail.send" : "tasks.add", i).id("j" + i))
				.toList());
		}

		String start(BulkRequest request) {
			String id = "b1";
			this.context.getBean(OperationsParts.class)
				.bulk()
				.start(request.queue(), id, BulkRecord.fields(request, Operator.APPLICATION, 0));
			this.runner.wake();
			return id;
		}

		/** Tries to take what another node has, until something tells that it has it. */
		void takeOver(BooleanSupplier taken) {
			Awaitility.await().until(() -> {
				this.runner.wake();
				this.runner.round();
				return taken.getAsBoolean();
			});
		}

		BulkOperation carryOut(BulkRequest request) {
			return carryOn(this.operations.bulk(request).id());
		}

		BulkOperation carryOn(String id) {
			for (int i = 0; i < 200 && this.operations.bulkOperation(id).orElseThrow().state().isOpen(); i++) {
				this.runner.round();
			}
			return this.operations.bulkOperation(id).orElseThrow();
		}

	}

}
