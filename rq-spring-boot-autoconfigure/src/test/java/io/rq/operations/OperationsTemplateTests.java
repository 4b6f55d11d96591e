package io.rq.operations;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.core.StringRedisTemplate;

import io.rq.annotation.RqJob;
import io.rq.autoconfigure.RqAutoConfiguration;
import io.rq.cron.CronJob;
import io.rq.cron.Schedule;
import io.rq.explain.Cause;
import io.rq.history.History;
import io.rq.history.HistoryLoop;
import io.rq.history.HistoryPoint;
import io.rq.history.HistoryRange;
import io.rq.history.HistoryRecorder;
import io.rq.job.IllegalJobStateException;
import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.job.JobStatus;
import io.rq.operations.AuditEntry.Outcome;
import io.rq.queue.JobRow;
import io.rq.queue.Registry;
import io.rq.template.JobTemplate;
import io.rq.template.QueueOperations;
import io.rq.test.RedisTest;
import io.rq.test.TestRedis;
import io.rq.test.TestStores;

import static io.rq.test.TestStores.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link OperationsTemplate}, and for what is behind it.
 */
@RedisTest
class OperationsTemplateTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, JacksonAutoConfiguration.class,
				RqAutoConfiguration.class))
		.withPropertyValues("spring.data.redis.url=" + TestRedis.shared().url());

	private static final JobArguments ARGUMENTS = new JobArguments(Arrays.asList(1, null), Map.of("b", 2));

	private void run(BiConsumer<RqOperations, JobTemplate> test) {
		this.runner
			.run((context) -> test.accept(context.getBean(RqOperations.class), context.getBean(JobTemplate.class)));
	}

	private static Operator operator(String... authorities) {
		return new Operator("ada", Set.of(authorities), Operator.Face.DASHBOARD);
	}

	@Test
	void jobsAreListedAndSearched() {
		run((operations, jobs) -> {
			for (int i = 0; i < 30; i++) {
				jobs.enqueue(JobRequest.of((i % 10 == 0) ? "mail.send" : "tasks.add", i).id("j" + i));
			}
			JobList first = operations.jobs("default", Registry.QUEUED, JobFilter.ALL, null, 20);
			assertThat(first.jobs()).extracting(JobRow::id).hasSize(20).startsWith("j0", "j1");
			assertThat(first.total()).isEqualTo(30);
			assertThat(first.examined()).isEqualTo(20);
			JobList second = operations.jobs("default", Registry.QUEUED, JobFilter.ALL, first.next(), 20);
			assertThat(second.jobs()).hasSize(10);
			assertThat(second.next()).isNull();
			JobFilter mail = new JobFilter(" MAIL.", null);
			assertThat(operations.jobs("default", Registry.QUEUED, mail, null, 20).jobs()).extracting(JobRow::id)
				.containsExactly("j0", "j10", "j20");
			assertThat(operations.jobs("default", Registry.QUEUED, new JobFilter("j7", null), null, 20).jobs())
				.extracting(JobRow::id)
				.containsExactly("j7");
			assertThatIllegalArgumentException()
				.isThrownBy(() -> operations.jobs("default", Registry.QUEUED, JobFilter.ALL, "x", 20));
			assertThatIllegalArgumentException()
				.isThrownBy(() -> operations.jobs("default", Registry.QUEUED, JobFilter.ALL, null, 501));
			assertThatIllegalArgumentException()
				.isThrownBy(() -> operations.jobs("a,b", Registry.QUEUED, JobFilter.ALL, null, 1));
		});
	}

	@Test
	void jobsCannotBeRescheduledInBulkToATimeThatOneCannotBe() {
		BulkOptions options = new BulkOptions(false, false, false, Instant.parse("+1000000000-12-31T23:59:59Z"), null,
				false);
		assertThatIllegalArgumentException()
			.isThrownBy(() -> BulkRequest.all(Operation.RESCHEDULE, "default", Registry.SCHEDULED, options))
			.withMessageContaining("'at' must not be after");
	}

	@Test
	void jobsOfAFunctionAreListed() {
		run((operations, jobs) -> {
			jobs.enqueue(JobRequest.of("mail.send", "mail.sender()").id("meant"));
			jobs.enqueue(JobRequest.of("mail.sender", "mail.send()").id("longer"));
			jobs.enqueue(JobRequest.of("re.mail.send").id("other"));
			jobs.enqueue(JobRequest.of("mail.send").id("told").description("A letter by mail.send(1)"));
			JobFilter send = JobFilter.ALL.ofFunction(" mail.send ");
			JobList list = operations.jobs("default", Registry.QUEUED, send, null, 20);
			assertThat(list.jobs()).extracting(JobRow::id).containsExactly("meant");
			assertThat(list.examined()).isEqualTo(4);
			assertThat(
					operations.jobs("default", Registry.QUEUED, new JobFilter("x", null, "mail.send"), null, 20).jobs())
				.isEmpty();
			assertThat(operations.jobs("default", Registry.QUEUED, JobFilter.ALL.ofFunction("mail"), null, 20).jobs())
				.isEmpty();
			assertThatIllegalArgumentException().isThrownBy(() -> JobFilter.ALL.ofFunction("x".repeat(201)))
				.withMessageContaining("'function'");
		});
	}

	@Test
	void searchEndsAfterAWindowAndSaysSo() {
		run((operations, jobs) -> {
			jobs.enqueueAll(IntStream.range(0, 10_700)
				.mapToObj((i) -> JobRequest.of((i == 10_600) ? "mail.send" : "tasks.add", i))
				.toList());
			JobFilter mail = new JobFilter("mail", null);
			JobList first = operations.jobs("default", Registry.QUEUED, mail, null, 20);
			assertThat(first.jobs()).isEmpty();
			assertThat(first.examined()).isEqualTo(10_000);
			assertThat(first.total()).isEqualTo(10_700);
			JobList second = operations.jobs("default", Registry.QUEUED, mail, first.next(), 20);
			assertThat(second.jobs()).hasSize(1);
			assertThat(second.next()).isNull();
			JobFilter send = JobFilter.ALL.ofFunction("mail.send");
			assertThat(operations.jobs("default", Registry.QUEUED, send, null, 20)).isEqualTo(first);
			assertThat(operations.jobs("default", Registry.QUEUED, send, first.next(), 20)).isEqualTo(second);
		});
	}

	@Test
	void failuresAreGroupedAndFoundByTheirGroup() {
		this.runner.withUserConfiguration(Jobs.class).run((context) -> {
			JobTemplate jobs = context.getBean(JobTemplate.class);
			RqOperations operations = context.getBean(RqOperations.class);
			Job first = jobs.enqueue(Jobs::divide, 1, 0);
			Job second = jobs.enqueue(Jobs::divide, 2, 0);
			Job other = jobs.enqueue(JobRequest.of(Jobs::refuse, "a secret").queue("default"));
			Awaitility.await().until(() -> operations.failures().failed() == 3);
			FailureGroups failures = operations.failures();
			assertThat(failures.examined()).isEqualTo(3);
			assertThat(failures.groups()).hasSize(2);
			FailureGroup group = failures.groups().get(0);
			assertThat(group.exception()).isEqualTo("java.lang.ArithmeticException");
			assertThat(group.frame()).endsWith("OperationsTemplateTests$Jobs.divide");
			assertThat(group.message()).isEqualTo("java.lang.ArithmeticException: / by zero");
			assertThat(group.count()).isEqualTo(2);
			assertThat(group.queues()).containsExactly("default");
			assertThat(group.jobs()).containsExactlyInAnyOrder(first.id(), second.id());
			assertThat(group.first()).isNotNull().isBeforeOrEqualTo(group.last());
			assertThat(operations.failures("none").groups()).isEmpty();
			assertThat(operations.jobs("default", Registry.FAILED, new JobFilter(null, group.id()), null, 10).jobs())
				.extracting(JobRow::id)
				.containsExactlyInAnyOrder(first.id(), second.id());
			JobDetails details = operations.job(other.id()).orElseThrow();
			assertThat(details.status()).isEqualTo("failed");
			assertThat(details.function()).endsWith("Jobs.refuse");
			assertThat(details.attempts()).singleElement().satisfies((attempt) -> {
				assertThat(attempt.outcome()).isEqualTo("failed");
				assertThat(attempt.failure()).isNotNull();
				assertThat(attempt.failure().exception()).isEqualTo("java.lang.IllegalStateException");
				assertThat(attempt.trace()).contains("Jobs.refuse");
				assertThat(attempt.startedAt()).isNotNull();
			});
			assertThat(details.values()).isNotNull();
			assertThat(details.values().arguments()).containsExactly("a secret");
			assertThat(details.withoutValues().toString()).doesNotContain("a secret");
			assertThat(details.place().expiresAt()).isNotNull();
		});
	}

	@Test
	void failuresOfManyQueuesAreNoMoreThanThoseOfOne() {
		StringRedisTemplate redis = new StringRedisTemplate(TestRedis.shared().connectionFactory());
		List<String> queues = IntStream.range(0, 150).mapToObj((i) -> "q" + i).toList();
		TestStores.makeKnown(redis, queues.toArray(String[]::new));
		for (String queue : queues) {
			for (int i = 0; i < 20; i++) {
				redis.opsForZSet().add(key(queue, "rq:failed:" + queue), queue + "-" + i, 4_000_000_000d + i);
			}
		}
		run((operations, jobs) -> {
			FailureGroups failures = operations.failures();
			assertThat(failures.failed()).isEqualTo(3_000);
			assertThat(failures.examined()).isEqualTo(150 * (2_000 / 150));
			assertThat(failures.groups()).singleElement().satisfies((group) -> assertThat(group.queues()).hasSize(150));
		});
	}

	@Test
	void detailsShowTiesPlaceAndSettings() {
		run((operations, jobs) -> {
			Job parent = jobs.enqueue(JobRequest.of("tasks.parent").timeout(Duration.ofMinutes(3)));
			List<JobRequest> children = new ArrayList<>();
			for (int i = 0; i < 120; i++) {
				children.add(JobRequest.of("tasks.child").dependsOn(parent.id()));
			}
			Job child = jobs.enqueueAll(children).get(0);
			JobDetails details = operations.job(parent.id()).orElseThrow();
			assertThat(details.ties().dependents()).hasSize(100);
			assertThat(details.ties().dependentsInAll()).isEqualTo(120);
			assertThat(details.ties().dependents().get(0).status()).isEqualTo("deferred");
			assertThat(details.place().position()).isEqualTo("0");
			assertThat(details.settings().timeout()).isEqualTo(Duration.ofMinutes(3));
			assertThat(operations.job(child.id()).orElseThrow().ties().dependencies())
				.containsExactly(new JobDetails.Tie(parent.id(), "queued"));
			Job later = jobs.enqueueIn(Duration.ofHours(1), "tasks.later");
			assertThat(operations.job(later.id()).orElseThrow().place().dueAt()).isNotNull();
			assertThat(operations.job("none")).isEmpty();
			assertThat(operations.explain(child.id()).cause()).isEqualTo(Cause.WAITS_FOR_JOBS);
			assertThat(operations.explain("none").state()).isNull();
		});
	}

	@Test
	void jobWhoseCallCannotBeReadIsShownWithTheReason() {
		run((operations, jobs) -> {
			Job job = jobs.enqueue("tasks.add", 1);
			new StringRedisTemplate(TestRedis.shared().connectionFactory()).opsForHash()
				.put(key("rq:job:" + job.id()), "data", "no call");
			JobDetails details = operations.job(job.id()).orElseThrow();
			assertThat(details.function()).isNull();
			assertThat(details.values()).isNull();
			assertThat(details.unreadable()).isNotEmpty();
			assertThat(operations.delete(job.id(), false)).isTrue();
		});
	}

	@Test
	void resultThatIsVeryLargeIsNotShown() {
		run((operations, jobs) -> {
			Job job = jobs.enqueue("tasks.add", 1);
			new StringRedisTemplate(TestRedis.shared().connectionFactory()).opsForStream()
				.add(key("rq:results:" + job.id()), Map.of("type", "1", "return_value", "A".repeat(3_000_000)));
			JobDetails details = operations.job(job.id()).orElseThrow();
			assertThat(details.attempts()).singleElement()
				.satisfies((attempt) -> assertThat(attempt.outcome()).isEqualTo("successful"));
			assertThat(details.values().result())
				.isEqualTo("The result has more than 2097152 bytes in Redis and is " + "not shown");
		});
	}

	@Test
	void operationsAreCarriedOutAndOnRecord() {
		run((operations, jobs) -> {
			RqOperations ada = operations.as(operator("ROLE_RQ_ADMIN"));
			Job a = jobs.enqueue("tasks.add");
			Job b = jobs.enqueue("tasks.add");
			assertThat(ada.cancel(a.id(), false)).isTrue();
			assertThat(ada.requeue(a.id(), true)).isTrue();
			assertThatExceptionOfType(IllegalJobStateException.class).isThrownBy(() -> ada.requeue(a.id(), false));
			assertThat(ada.requeue("none", false)).isFalse();
			assertThat(ada.delete(b.id(), false)).isTrue();
			assertThat(ada.empty("default")).isEqualTo(1);
			Job later = jobs.enqueueIn(Duration.ofHours(1), "tasks.add");
			assertThat(ada.reschedule(later.id(), Instant.now().plusSeconds(60))).isTrue();
			assertThat(ada.runNow(later.id(), false)).isTrue();
			assertThat(jobs.find(later.id()).orElseThrow().status()).isEqualTo(JobStatus.QUEUED);
			ada.suspend(Duration.ofMinutes(1));
			assertThat(operations.overview().suspended()).isTrue();
			assertThat(ada.resume()).isTrue();
			operations.suspend(null);
			assertThat(operations.resume()).isTrue();
			List<AuditEntry> audit = ada.audit(null, 100);
			assertThat(audit).extracting(AuditEntry::operation)
				.containsExactly("resume", "suspend", "resume", "suspend", "run-now", "reschedule", "empty", "delete",
						"requeue", "requeue", "requeue", "cancel");
			assertThat(audit).extracting(AuditEntry::outcome)
				.containsExactly(Outcome.DONE, Outcome.DONE, Outcome.DONE, Outcome.DONE, Outcome.DONE, Outcome.DONE,
						Outcome.DONE, Outcome.DONE, Outcome.NOTHING, Outcome.FAILED, Outcome.DONE, Outcome.DONE);
			assertThat(audit).extracting(AuditEntry::operator)
				.startsWith("application", "application", "ada")
				.endsWith("ada");
			AuditEntry cancel = audit.get(11);
			assertThat(cancel.targets()).containsExactly(a.id());
			assertThat(cancel.queue()).isEqualTo("default");
			assertThat(cancel.face()).isEqualTo("dashboard");
			assertThat(cancel.count()).isEqualTo(1);
			assertThat(cancel.node()).endsWith("." + ProcessHandle.current().pid());
			assertThat(audit.get(9).detail()).contains("it is 'queued'");
			assertThat(ada.audit(audit.get(9).id(), 2)).containsExactlyElementsOf(audit.subList(10, 12));
			assertThat(ada.audit("0-1", 2)).isEmpty();
			for (String none : List.of("x", "0-0", "00-000", "1-", "-1")) {
				assertThatIllegalArgumentException().isThrownBy(() -> ada.audit(none, 2)).withMessageContaining(none);
			}
		});
	}

	@Test
	void jobIsRunNowCancelledRequeuedAndEmptied() {
		run((operations, jobs) -> {
			Job later = jobs.enqueueIn(Duration.ofHours(1), "tasks.add");
			assertThat(operations.runNow(later.id(), true)).isTrue();
			assertThat(operations.cancel(later.id(), true)).isTrue();
			assertThat(operations.requeueAll("default", List.of(later.id(), "none"))).isEqualTo(1);
			assertThat(jobs.find(later.id()).orElseThrow().status()).isEqualTo(JobStatus.QUEUED);
			assertThat(operations.empty("default")).isEqualTo(1);
		});
	}

	@Test
	void jobIsEditedMovedAndRunAgain() {
		run((operations, jobs) -> {
			Job job = jobs.enqueue("tasks.add", 7);
			assertThat(operations.edit(job.id(), ARGUMENTS)).isTrue();
			assertThat(operations.job(job.id()).orElseThrow().values().arguments()).containsExactly(1, null);
			assertThat(operations.move(job.id(), "other")).isTrue();
			assertThat(operations.job(job.id()).orElseThrow().queue()).isEqualTo("other");
			String same = operations.runAgain(job.id()).orElseThrow();
			assertThat(operations.job(same).orElseThrow().values().namedArguments()).isEqualTo(Map.of("b", 2));
			String changed = operations.runAgain(job.id(), new JobArguments(List.of("x"), Map.of())).orElseThrow();
			assertThat(operations.job(changed).orElseThrow().values().arguments()).containsExactly("x");
			String named = operations.runAgain(job.id(), new JobArguments(null, Map.of("c", 3))).orElseThrow();
			assertThat(operations.job(named).orElseThrow().values().arguments()).containsExactly(1, null);
			assertThat(operations.job(named).orElseThrow().values().namedArguments()).isEqualTo(Map.of("c", 3));
			assertThatIllegalArgumentException().isThrownBy(() -> new JobArguments(null, null));
			assertThat(operations.runAgain("none")).isEmpty();
			assertThat(operations.edit("none", ARGUMENTS)).isFalse();
			assertThat(operations.move("none", "other")).isFalse();
			assertThat(operations.audit(null, 100)).extracting(AuditEntry::operation)
				.containsExactly("move", "edit", "run-again", "edit", "edit", "run-again", "move", "edit");
			assertThat(operations.audit(null, 100).toString()).doesNotContain("x]");
		});
	}

	@Test
	void numbersAreNotRoundedWhenAnotherArgumentIsChanged() {
		this.runner.withUserConfiguration(Payments.class)
			.withPropertyValues("rq.worker.enabled=false")
			.run((context) -> {
				RqOperations operations = context.getBean(RqOperations.class);
				JobTemplate jobs = context.getBean(JobTemplate.class);
				BigDecimal exact = new BigDecimal("12345678901234567.89");
				BigDecimal price = new BigDecimal("10.10");
				String id = jobs.enqueue("pay", "a-1", Map.of(), exact, 1.5).id();
				JobArguments arguments = new JobArguments(
						List.of("a-1", Map.of("prices", List.of(price, 1.5)), exact, exact), Map.of());
				assertThat(operations.edit(id, arguments)).isTrue();
				assertThat(operations.job(id).orElseThrow().values().arguments()).isEqualTo(arguments.positional());
				jobs.changeCall(id, (call) -> {
					List<Object> changed = new ArrayList<>(call.args());
					changed.set(0, "a-2");
					return call.withArgs(changed);
				});
				assertThat(new String(jobs.find(id).orElseThrow().payload().data(), StandardCharsets.UTF_8)).isEqualTo(
						"[\"pay\",null,[\"a-2\",{\"prices\":[10.10,1.5]},12345678901234567.89,12345678901234567.89],{}]");
			});
	}

	@Test
	void jobIsMovedOnlyWhereItsOperatorMayDoSoOnBothQueues() {
		this.runner.withBean(OperatorAuthorization.class, () -> OperationsTemplateTests::onlyMail).run((context) -> {
			RqOperations operations = context.getBean(RqOperations.class);
			Job job = context.getBean(JobTemplate.class).enqueue(JobRequest.of("tasks.add").queue("mail"));
			assertThatExceptionOfType(OperationDeniedException.class)
				.isThrownBy(() -> operations.move(job.id(), "default"));
			assertThat(operations.move(job.id(), "mail")).isTrue();
		});
	}

	@Test
	void queuesArePausedAndWorkersStopped() {
		this.runner.withUserConfiguration(Jobs.class).withPropertyValues("rq.worker.name=ada").run((context) -> {
			RqOperations operations = context.getBean(RqOperations.class);
			operations.pauseQueue("default", "a migration");
			Awaitility.await()
				.untilAsserted(() -> assertThat(operations.overview().queues()).singleElement()
					.satisfies((queue) -> assertThat(queue.pause()).isNotNull()));
			assertThat(operations.resumeQueue("default")).isTrue();
			assertThat(operations.resumeQueue("default")).isFalse();
			Awaitility.await().until(() -> !operations.overview().workers().isEmpty());
			assertThat(operations.stopWorker("ada")).isTrue();
			assertThat(operations.stopWorker("ada")).isFalse();
		});
	}

	@Test
	void manyAreRequeuedButOnlyThoseOfTheQueue() {
		run((operations, jobs) -> {
			Job a = jobs.enqueue("tasks.add");
			Job b = jobs.enqueue(JobRequest.of("tasks.add").queue("other"));
			jobs.cancel(a.id());
			jobs.cancel(b.id());
			assertThat(operations.requeueAll("default", List.of(a.id(), b.id(), "none"))).isEqualTo(1);
			assertThat(jobs.find(b.id()).orElseThrow().status()).isEqualTo(JobStatus.CANCELED);
			AuditEntry entry = operations.audit(null, 1).get(0);
			assertThat(entry.count()).isEqualTo(1);
			assertThat(entry.targets()).hasSize(3);
			List<String> many = Collections.nCopies(1001, "x");
			assertThatIllegalArgumentException().isThrownBy(() -> operations.requeueAll("default", many))
				.withMessageContaining("1000");
		});
	}

	@Test
	void cronJobsAreTriggeredPausedAndResumed() {
		this.runner
			.withBean(CronJob.class,
					() -> CronJob.of("report", JobRequest.of("tasks.report"), Schedule.every(Duration.ofHours(1))))
			.run((context) -> {
				RqOperations operations = context.getBean(RqOperations.class);
				String id = operations.triggerCron("report");
				assertThat(operations.job(id)).isPresent();
				operations.pauseCron("report", "holidays");
				assertThat(operations.cron().get(0).paused()).isNotNull();
				assertThat(operations.resumeCron("report")).isTrue();
				assertThat(operations.resumeCron("report")).isFalse();
				assertThatIllegalArgumentException().isThrownBy(() -> operations.triggerCron("none"));
				assertThatIllegalArgumentException()
					.isThrownBy(() -> operations.pauseCron("report", "a".repeat(QueueOperations.MAX_REASON + 1)))
					.withMessageContaining("at most 500 characters but has 501");
				assertThat(operations.cron().get(0).paused()).isNull();
				assertThat(operations.audit(null, 10)).extracting(AuditEntry::outcome)
					.containsExactly(Outcome.FAILED, Outcome.FAILED, Outcome.NOTHING, Outcome.DONE, Outcome.DONE,
							Outcome.DONE);
			});
		this.runner.withPropertyValues("rq.cron.enabled=false").run((context) -> {
			RqOperations operations = context.getBean(RqOperations.class);
			assertThat(operations.cron()).isEmpty();
			assertThatIllegalArgumentException().isThrownBy(() -> operations.triggerCron("report"))
				.withMessageContaining("rq.cron.enabled");
		});
	}

	@Test
	void whatHappenedIsShownAsHistoryAndAsPace() {
		this.runner.withUserConfiguration(Jobs.class).run((context) -> {
			RqOperations operations = context.getBean(RqOperations.class);
			for (int i = 0; i < 50; i++) {
				context.getBean(JobTemplate.class).enqueue(Jobs::divide, 1, 0);
			}
			Awaitility.await().until(() -> operations.failures().failed() == 50);
			context.getBean(HistoryLoop.class).stop();
			History history = operations.history("default", null, HistoryRange.HOUR);
			assertThat(history.points().stream().mapToLong(HistoryPoint::failed).sum()).isEqualTo(50);
			assertThat(history.points().stream().map(HistoryPoint::waiting)).doesNotContainNull();
			assertThat(history.functions()).singleElement().asString().endsWith("Jobs.divide");
			assertThat(operations.history(null, history.functions().get(0), HistoryRange.QUARTER).points())
				.isNotEmpty();
			Awaitility.await().until(() -> operations.overview().queues().get(0).pace() != null);
			assertThat(operations.overview().queues().get(0).pace().out()).isPositive();
			assertThat(operations.queue("default").orElseThrow().queue().pace()).isNotNull();
			assertThatIllegalArgumentException().isThrownBy(() -> operations.history("a,b", null, HistoryRange.HOUR));
		});
	}

	@Test
	void historyCanBeSwitchedOff() {
		this.runner.withUserConfiguration(Jobs.class).withPropertyValues("rq.history.enabled=false").run((context) -> {
			assertThat(context).doesNotHaveBean(HistoryLoop.class).doesNotHaveBean(HistoryRecorder.class);
			History history = context.getBean(RqOperations.class).history("default", null, HistoryRange.HOUR);
			assertThat(history.source()).isEqualTo("off");
			assertThat(history.points()).isEmpty();
		});
	}

	@ParameterizedTest
	@EnumSource(Operation.class)
	void eachOperationNeedsItsRole(Operation operation) {
		run((operations, jobs) -> {
			jobs.enqueue(JobRequest.of("tasks.add").id("j"));
			for (Role role : Role.values()) {
				RqOperations hers = operations.as(operator("ROLE_RQ_" + role));
				boolean allowed = role.compareTo(operation.role()) >= 0;
				assertThat(hers.isAllowed(operation, null)).isEqualTo(allowed);
				if (!allowed) {
					assertDenied(hers, operation, operations);
				}
			}
			assertDenied(operations.as(operator("authenticated", "ROLE_USER")), operation, operations);
			assertDenied(operations.as(operator()), operation, operations);
			assertThat(operations.as(new Operator("root", Set.of(), Operator.Face.COMMAND_LINE))
				.isAllowed(operation, null)).isTrue();
		});
	}

	private static void assertDenied(RqOperations hers, Operation operation, RqOperations operations) {
		assertThatExceptionOfType(OperationDeniedException.class).isThrownBy(() -> call(operation).accept(hers))
			.withMessageContaining("'ada' may not " + operation.value())
			.withMessageContaining(operation.role().name().toLowerCase(Locale.ROOT));
		AuditEntry entry = operations.audit(null, 1).get(0);
		assertThat(entry.outcome()).isEqualTo(Outcome.DENIED);
		assertThat(entry.operation()).isEqualTo(operation.value());
		assertThat(operations.job("j").orElseThrow().status()).isEqualTo("queued");
	}

	private static Consumer<RqOperations> call(Operation operation) {
		return switch (operation) {
			case READ -> RqOperations::overview;
			case ENQUEUE -> (operations) -> operations.enqueue(JobRequest.of("tasks.add"));
			case REQUEUE -> (operations) -> operations.requeue("j", false);
			case RUN_NOW -> (operations) -> operations.runNow("j", false);
			case RESCHEDULE -> (operations) -> operations.reschedule("j", Instant.now());
			case RUN_AGAIN -> (operations) -> operations.runAgain("j");
			case MOVE -> (operations) -> operations.move("j", "other");
			case EDIT -> (operations) -> operations.edit("j", ARGUMENTS);
			case PAUSE_QUEUE -> (operations) -> operations.pauseQueue("default", "");
			case RESUME_QUEUE -> (operations) -> operations.resumeQueue("default");
			case STOP_WORKER -> (operations) -> operations.stopWorker("w");
			case CANCEL -> (operations) -> operations.cancel("j", false);
			case STOP -> (operations) -> operations.stop("j");
			case TRIGGER_CRON -> (operations) -> operations.triggerCron("c");
			case PAUSE_CRON -> (operations) -> operations.pauseCron("c", "");
			case RESUME_CRON -> (operations) -> operations.resumeCron("c");
			case DELETE -> (operations) -> operations.delete("j", false);
			case STACK -> (operations) -> operations.stack("j");
			case UNDO -> (operations) -> operations.undo("j");
			case EMPTY -> (operations) -> operations.empty("default");
			case SUSPEND -> (operations) -> operations.suspend(null);
			case RESUME -> RqOperations::resume;
		};
	}

	@Test
	void everyReadOfSomeoneWithoutARoleIsRefused() {
		run((operations, jobs) -> {
			RqOperations nobody = operations.as(operator());
			for (Runnable read : List.<Runnable>of(nobody::overview, nobody::failures, () -> nobody.failures("q"),
					nobody::cron, () -> nobody.audit(null, 1), () -> nobody.job("j"), () -> nobody.explain("j"),
					() -> nobody.history(null, null, HistoryRange.HOUR),
					() -> nobody.jobs("q", Registry.FAILED, JobFilter.ALL, null, 1))) {
				assertThatExceptionOfType(OperationDeniedException.class).isThrownBy(read::run);
			}
		});
	}

	@ParameterizedTest
	@CsvSource({ "mail, true", "default, false" })
	void applicationMayDecideByQueue(String queue, boolean allowed) {
		this.runner.withBean(OperatorAuthorization.class, () -> OperationsTemplateTests::onlyMail).run((context) -> {
			RqOperations operations = context.getBean(RqOperations.class).as(operator());
			Job job = context.getBean(JobTemplate.class).enqueue(JobRequest.of("tasks.add").queue(queue));
			if (allowed) {
				assertThat(operations.cancel(job.id(), false)).isTrue();
			}
			else {
				assertThatExceptionOfType(OperationDeniedException.class)
					.isThrownBy(() -> operations.cancel(job.id(), false))
					.withMessageContaining("on queue 'default'");
			}
		});
	}

	@Test
	void whoMayActOnOneQueueMayNotActOnJobsOfAnotherThatWaitForOneOfIt() {
		this.runner.withBean(OperatorAuthorization.class, () -> OperationsTemplateTests::onlyMail).run((context) -> {
			RqOperations operations = context.getBean(RqOperations.class).as(operator());
			JobTemplate jobs = context.getBean(JobTemplate.class);
			Job mail = jobs.enqueue(JobRequest.of("tasks.add").queue("mail"));
			Job next = jobs.enqueue(JobRequest.of("tasks.add").queue("mail").dependsOn(mail.id()));
			Job billing = jobs.enqueue(JobRequest.of("tasks.add").queue("billing").dependsOn(next.id()));
			assertThatExceptionOfType(OperationDeniedException.class)
				.isThrownBy(() -> operations.delete(mail.id(), true))
				.withMessageContaining("on queue 'billing'");
			assertThatExceptionOfType(OperationDeniedException.class)
				.isThrownBy(() -> operations.cancel(next.id(), true))
				.withMessageContaining("on queue 'billing'");
			BulkOptions deleted = new BulkOptions(false, false, true, null, null, false);
			BulkOptions enqueued = new BulkOptions(false, true, false, null, null, false);
			Map.of(Operation.DELETE, deleted, Operation.CANCEL, enqueued)
				.forEach((operation, options) -> assertThatExceptionOfType(OperationDeniedException.class).isThrownBy(
						() -> operations.bulk(BulkRequest.some(operation, "mail", List.of(mail.id()), options))));
			assertThat(jobs.findAll(List.of(mail.id(), next.id(), billing.id()))).extracting(Job::status)
				.containsExactly(JobStatus.QUEUED, JobStatus.DEFERRED, JobStatus.DEFERRED);
			assertThat(operations.cancel(mail.id(), true)).isTrue();
			assertThat(jobs.find(next.id()).orElseThrow().status()).isEqualTo(JobStatus.QUEUED);
			assertThat(operations.delete(next.id(), false)).isTrue();
			assertThat(jobs.exists(billing.id())).isTrue();
		});
	}

	@Test
	void jobsThatWaitForOneAreDeletedByWhoMayActOnTheirQueue() {
		this.runner.withBean(OperatorAuthorization.class, () -> OperationsTemplateTests::onlyMail).run((context) -> {
			RqOperations operations = context.getBean(RqOperations.class).as(operator());
			JobTemplate jobs = context.getBean(JobTemplate.class);
			Job few = mailWithDependents(jobs, 100);
			assertThat(operations.delete(few.id(), true)).isTrue();
			assertThat(jobs.dependents(few.id())).isEmpty();
			Job many = mailWithDependents(jobs, 101);
			assertThatExceptionOfType(OperationDeniedException.class)
				.isThrownBy(() -> operations.delete(many.id(), true));
			assertThat(jobs.dependents(many.id())).hasSize(101);
		});
	}

	private static Job mailWithDependents(JobTemplate jobs, int count) {
		Job mail = jobs.enqueue(JobRequest.of("tasks.add").queue("mail"));
		jobs.enqueueAll(IntStream.range(0, count)
			.mapToObj((i) -> JobRequest.of("tasks.add").queue("mail").dependsOn(mail.id()))
			.toList());
		return mail;
	}

	private static boolean onlyMail(Operator operator, Operation operation, @Nullable String queue) {
		return "mail".equals(queue);
	}

	@Test
	void authorizationThatFailsRefuses() {
		this.runner.withBean(OperatorAuthorization.class, () -> (operator, operation, queue) -> {
			throw new IllegalStateException("away");
		})
			.run((context) -> assertThatExceptionOfType(OperationDeniedException.class)
				.isThrownBy(() -> context.getBean(RqOperations.class).empty("default")));
	}

	@Test
	void listenersHearOfEveryChangeAndTheirTroubleIsTheirOwn() {
		List<AuditEntry> heard = new ArrayList<>();
		this.runner.withBean("first", AuditListener.class, () -> (entry) -> {
			throw new IllegalStateException("away");
		}).withBean("second", AuditListener.class, () -> heard::add).run((context) -> {
			RqOperations operations = context.getBean(RqOperations.class);
			operations.overview();
			operations.resume();
			assertThat(heard).extracting(AuditEntry::operation).containsExactly("resume");
		});
	}

	@Test
	void authoritiesAreProperties() {
		this.runner.withPropertyValues("rq.operations.roles.admin=SCOPE_jobs").run((context) -> {
			RqOperations operations = context.getBean(RqOperations.class);
			assertThat(operations.as(operator("SCOPE_jobs")).empty("default")).isZero();
			assertThat(operations.as(operator("ROLE_RQ_ADMIN")).isAllowed(Operation.READ, null)).isFalse();
		});
		this.runner.withPropertyValues("rq.operations.roles.admin=")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("rq.operations.roles.admin"));
	}

	@Test
	void recordIsBounded() {
		run((operations, jobs) -> {
			StringRedisTemplate redis = new StringRedisTemplate(TestRedis.shared().connectionFactory());
			for (int i = 0; i < 3; i++) {
				operations.requeueAll("default", Collections.nCopies(1000, "x".repeat(500)));
			}
			AuditEntry entry = operations.audit(null, 1).get(0);
			assertThat(entry.targets()).hasSize(100).allMatch((target) -> target.length() == 200);
			assertThat(redis.opsForStream().size("rq:audit")).isEqualTo(3);
			RqOperations nobody = operations.as(new Operator("y".repeat(1_000), Set.of(), Operator.Face.DASHBOARD));
			assertThatExceptionOfType(OperationDeniedException.class)
				.isThrownBy(() -> nobody.move("x", "q".repeat(1_000_000)));
			assertThat(operations.audit(null, 1)).singleElement().satisfies((refused) -> {
				assertThat(refused.queue()).isEqualTo("q".repeat(200));
				assertThat(refused.operator()).isEqualTo("y".repeat(200));
			});
		});
	}

	@Test
	void whoMayDoNothingCannotFillTheRecordButListenersHearOfEachRefusal() {
		List<AuditEntry> heard = new ArrayList<>();
		this.runner.withBean(AuditListener.class, () -> heard::add).run((context) -> {
			RqOperations operations = context.getBean(RqOperations.class);
			RqOperations nobody = operations.as(operator());
			for (int i = 0; i < 50; i++) {
				String name = "q" + i;
				assertThatExceptionOfType(OperationDeniedException.class).isThrownBy(() -> nobody.empty(name));
				assertThatExceptionOfType(OperationDeniedException.class).isThrownBy(() -> nobody.queue(name));
			}
			assertThat(heard).hasSize(100);
			assertThat(operations.audit(null, 100)).extracting(AuditEntry::operation).containsExactly("read", "empty");
			RqOperations bob = operations.as(new Operator("bob", Set.of(), Operator.Face.ENDPOINT));
			assertThatExceptionOfType(OperationDeniedException.class).isThrownBy(() -> bob.empty("default"));
			assertThat(operations.audit(null, 1)).extracting(AuditEntry::operator).containsExactly("bob");
		});
	}

	/**
	 * Jobs that fail.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Payments {

		@RqJob(name = "pay")
		void pay(String account, Map<String, Object> order, BigDecimal amount, double rate) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Jobs {

		@RqJob
		int divide(int a, int b) {
			return a / b;
		}

		@RqJob
		void refuse(String text) {
			throw new IllegalStateException("no: " + text.length());
		}

	}

}
