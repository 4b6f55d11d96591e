package io.rq.template;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.core.Ordered;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import io.rq.job.DuplicateJobException;
import io.rq.job.Job;
import io.rq.job.JobOptions;
import io.rq.job.JobPayload;
import io.rq.job.JobRun;
import io.rq.job.JobStatus;
import io.rq.job.JobTimes;
import io.rq.job.NewJob;
import io.rq.test.TestTransactionManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link CommitBuffer} with a real transaction manager.
 */
@SuppressWarnings("serial")
class CommitBufferTests {

	private final List<List<String>> enqueued = new ArrayList<>();

	private final List<String> lost = new ArrayList<>();

	private boolean away;

	private @Nullable Error error;

	private final CommitBuffer buffer = new CommitBuffer(new Store(),
			(event) -> this.lost.addAll(event.jobs().stream().map(Job::id).toList()), null);

	private final TransactionTemplate transaction = new TransactionTemplate(new TestTransactionManager());

	private final TransactionTemplate nested = with(TransactionDefinition.PROPAGATION_NESTED);

	@AfterEach
	void nothingIsLeftOnTheThread() {
		assertThat(TransactionSynchronizationManager.getResourceMap()).isEmpty();
		assertThat(TransactionSynchronizationManager.isSynchronizationActive()).isFalse();
	}

	@Test
	void withoutATransactionNothingIsKept() {
		assertThat(this.buffer.isOpen()).isFalse();
		assertThat(this.buffer.holds("a")).isFalse();
		with(TransactionDefinition.PROPAGATION_SUPPORTS)
			.executeWithoutResult((status) -> assertThat(this.buffer.isOpen()).isFalse());
		with(TransactionDefinition.PROPAGATION_NOT_SUPPORTED)
			.executeWithoutResult((status) -> assertThat(this.buffer.isOpen()).isFalse());
		assertThat(this.enqueued).isEmpty();
	}

	@Test
	void theJobsOfATransactionAreEnqueuedInOneCallAndInOrder() {
		this.transaction.executeWithoutResult((status) -> {
			keep("b", "a");
			this.transaction.executeWithoutResult((joined) -> keep("c"));
			assertThat(this.buffer.holds("a")).isTrue();
			assertThat(this.enqueued).isEmpty();
		});
		assertThat(this.enqueued).containsExactly(List.of("b", "a", "c"));
		assertThat(this.buffer.holds("a")).isFalse();
	}

	@Test
	void aReadOnlyTransactionCommitsToo() {
		this.transaction.setReadOnly(true);
		this.transaction.executeWithoutResult((status) -> keep("a"));
		assertThat(this.enqueued).containsExactly(List.of("a"));
	}

	@Test
	void aRollbackDropsThem() {
		this.transaction.executeWithoutResult((status) -> {
			keep("a");
			status.setRollbackOnly();
		});
		assertThatIllegalStateException().isThrownBy(() -> this.transaction.executeWithoutResult((status) -> {
			keep("b");
			throw new IllegalStateException("no");
		}));
		this.transaction.executeWithoutResult((status) -> keep("c"));
		assertThat(this.enqueued).containsExactly(List.of("c"));
		assertThat(this.lost).isEmpty();
	}

	@Test
	void aRollbackToASavepointDropsWhatCameAfterIt() {
		this.transaction.executeWithoutResult((status) -> {
			keep("a");
			this.nested.executeWithoutResult((inner) -> keep("b"));
			this.nested.executeWithoutResult((inner) -> {
				keep("c");
				inner.setRollbackOnly();
				assertThat(this.buffer.holds("c")).isTrue();
			});
			assertThat(this.buffer.holds("c")).isFalse();
			keep("d");
		});
		assertThat(this.enqueued).containsExactly(List.of("a", "b", "d"));
	}

	@Test
	void aSavepointOlderThanTheFirstJobDropsAll() {
		this.transaction.executeWithoutResult((status) -> {
			this.nested.executeWithoutResult((inner) -> {
				keep("a");
				inner.setRollbackOnly();
			});
			keep("b");
		});
		assertThat(this.enqueued).containsExactly(List.of("b"));
	}

	@Test
	void aSavepointMadeByHandCountsToo() {
		this.transaction.executeWithoutResult((status) -> {
			keep("a");
			Object savepoint = status.createSavepoint();
			keep("b");
			status.rollbackToSavepoint(savepoint);
			keep("c");
		});
		assertThat(this.enqueued).containsExactly(List.of("a", "c"));
	}

	@Test
	void aTransactionOfItsOwnHasItsOwnJobs() {
		this.transaction.executeWithoutResult((status) -> {
			keep("a");
			with(TransactionDefinition.PROPAGATION_REQUIRES_NEW).executeWithoutResult((inner) -> {
				assertThat(this.buffer.holds("a")).isFalse();
				keep("b");
			});
			assertThat(this.enqueued).containsExactly(List.of("b"));
			with(TransactionDefinition.PROPAGATION_NOT_SUPPORTED)
				.executeWithoutResult((inner) -> assertThat(this.buffer.isOpen()).isFalse());
			assertThat(this.buffer.holds("a")).isTrue();
			status.setRollbackOnly();
		});
		assertThat(this.enqueued).containsExactly(List.of("b"));
	}

	@Test
	void aLaterJobOfAnIdReplacesAnEarlierOneUnlessItIsRolledBack() {
		this.transaction.executeWithoutResult((status) -> {
			keep("a", "b", "a");
			this.nested.executeWithoutResult((inner) -> {
				keep("b");
				inner.setRollbackOnly();
			});
			assertThat(this.buffer.holds("b")).isTrue();
		});
		assertThat(this.enqueued).containsExactly(List.of("b", "a"));
	}

	@Test
	void aUniqueJobIsRefusedAtTheCallIfOneOfItsIdIsKept() {
		this.transaction.executeWithoutResult((status) -> {
			keep("a");
			NewJob unique = new NewJob(job("a").job(), false, true, true, null);
			assertThatExceptionOfType(DuplicateJobException.class)
				.isThrownBy(() -> this.buffer.check(List.of(job("b"), unique)));
			this.buffer.check(List.of(job("a")));
		});
		assertThat(this.enqueued).containsExactly(List.of("a"));
	}

	@Test
	void callbacksAfterTheCommitLoseNothing() {
		this.transaction.executeWithoutResult((status) -> {
			keep("a");
			TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

				@Override
				public void afterCommit() {
					assertThat(CommitBufferTests.this.buffer.isOpen()).isFalse();
				}

				@Override
				public void afterCompletion(int status) {
					assertThat(CommitBufferTests.this.buffer.isOpen()).isFalse();
				}

			});
		});
		assertThat(this.enqueued).containsExactly(List.of("a"));
	}

	@Test
	void theFirstJobMayComeFromACallbackAfterTheCommit() {
		this.transaction.executeWithoutResult(
				(status) -> TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

					@Override
					public void afterCommit() {
						keep("a");
					}

				}));
		assertThat(this.enqueued).containsExactly(List.of("a"));
	}

	@ParameterizedTest
	@CsvSource({ "true, true", "true, false", "false, true", "false, false" })
	void aTransactionBegunAfterTheEndOfAnotherHasItsOwnJobs(boolean commits, boolean nextCommits) {
		this.transaction.executeWithoutResult((status) -> {
			afterCompletion(() -> with(TransactionDefinition.PROPAGATION_REQUIRES_NEW).executeWithoutResult((next) -> {
				keep("b");
				assertThat(this.buffer.pending()).extracting((job) -> job.job().id()).containsExactly("b");
				assertThat(this.buffer.holds("a")).isFalse();
				end(next, nextCommits);
			}));
			keep("a");
			end(status, commits);
		});
		assertThat(this.enqueued).containsExactlyElementsOf(Stream.of(List.of("a"), List.of("b"))
			.filter((ids) -> ids.contains("a") ? commits : nextCommits)
			.toList());
		assertThat(this.lost).isEmpty();
	}

	@Test
	void aTransactionBegunByTheFirstCallbackAfterTheEndOfAnotherHasItsOwnJobs() {
		this.transaction.executeWithoutResult((status) -> {
			afterCompletion(Ordered.HIGHEST_PRECEDENCE,
					() -> with(TransactionDefinition.PROPAGATION_REQUIRES_NEW).executeWithoutResult((next) -> {
						keep("b");
						assertThat(this.buffer.holds("a")).isFalse();
					}));
			keep("a");
			status.setRollbackOnly();
		});
		assertThat(this.enqueued).containsExactly(List.of("b"));
		assertThat(this.lost).isEmpty();
	}

	@Test
	void whatAJobCostsDoesNotDependOnTheCallbacksOfItsTransaction() {
		AtomicInteger sorted = new AtomicInteger();
		this.transaction.executeWithoutResult((status) -> {
			for (int i = 0; i < 10; i++) {
				TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

					@Override
					public int getOrder() {
						return sorted.incrementAndGet();
					}

				});
			}
			for (int i = 0; i < 10; i++) {
				NewJob job = job("j" + i);
				this.buffer.check(List.of(job));
				keep(job.job().id());
				assertThat(this.buffer.holds(job.job().id())).isTrue();
				assertThat(this.buffer.pending()).hasSize(i + 1);
			}
			assertThat(sorted).hasValue(0);
		});
	}

	@ParameterizedTest
	@CsvSource({ "true, true", "true, false", "false, true", "false, false" })
	void anOutboxWritesTheJobsOfATransactionBegunAfterTheEndOfAnother(boolean commits, boolean nextCommits) {
		Outbox outbox = new Outbox();
		CommitBuffer buffer = outbox.buffer();
		this.transaction.executeWithoutResult((status) -> {
			afterCompletion(() -> with(TransactionDefinition.PROPAGATION_REQUIRES_NEW).executeWithoutResult((next) -> {
				assertThat(buffer.isOpen()).isTrue();
				buffer.keep(List.of(job("b")));
				end(next, nextCommits);
			}));
			buffer.keep(List.of(job("a")));
			end(status, commits);
		});
		assertThat(outbox.written).containsExactlyInAnyOrder("a", "b");
		assertThat(outbox.commits).isEqualTo((commits ? 1 : 0) + (nextCommits ? 1 : 0));
		assertThat(this.enqueued).isEmpty();
		assertThat(this.lost).isEmpty();
	}

	private static void end(TransactionStatus status, boolean commit) {
		if (!commit) {
			status.setRollbackOnly();
		}
	}

	/** As the listeners of events after a transaction, which Spring calls at its end. */
	private static void afterCompletion(Runnable action) {
		afterCompletion(Ordered.LOWEST_PRECEDENCE, action);
	}

	private static void afterCompletion(int order, Runnable action) {
		TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

			@Override
			public int getOrder() {
				return order;
			}

			@Override
			public void afterCompletion(int status) {
				action.run();
			}

		});
	}

	@Test
	void whatFailsAfterTheCommitIsToldAndNotThrown() {
		this.away = true;
		this.transaction.executeWithoutResult((status) -> keep("a", "b"));
		assertThat(this.lost).containsExactly("a", "b");
		this.away = false;
		this.transaction.executeWithoutResult((status) -> keep("c"));
		assertThat(this.enqueued).containsExactly(List.of("c"));
	}

	@Test
	void anErrorAfterTheCommitIsToldAndThrown() {
		this.error = new StackOverflowError();
		assertThatExceptionOfType(StackOverflowError.class)
			.isThrownBy(() -> this.transaction.executeWithoutResult((status) -> keep("a")));
		assertThat(this.lost).containsExactly("a");
	}

	@Test
	void ofATransactionWithAnUnknownEndTheJobsAreTold() {
		TransactionTemplate failing = new TransactionTemplate(new TestTransactionManager() {

			@Override
			protected void doCommit(DefaultTransactionStatus status) {
				throw new TransactionSystemException("connection lost");
			}

		});
		assertThatExceptionOfType(TransactionSystemException.class)
			.isThrownBy(() -> failing.executeWithoutResult((status) -> keep("a")));
		assertThat(this.enqueued).isEmpty();
		assertThat(this.lost).containsExactly("a");
	}

	@Test
	void whatComesAfterTheCommitIsEnqueuedAndNotWritten() {
		Outbox outbox = new Outbox();
		CommitBuffer buffer = outbox.buffer();
		this.transaction.executeWithoutResult((status) -> {
			// registered before the first job, so it is called before what enqueues
			TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

				@Override
				public void afterCommit() {
					buffer.keep(List.of(job("b")));
				}

			});
			buffer.keep(List.of(job("a")));
		});
		assertThat(outbox.written).containsExactly("a");
		assertThat(outbox.commits).isOne();
		assertThat(this.enqueued).containsExactly(List.of("b"));
	}

	@Test
	void whatAnOutboxWritesBeforeTheCommitIsNotEnqueuedAfterIt() {
		Outbox outbox = new Outbox();
		CommitBuffer buffer = outbox.buffer();
		this.transaction.executeWithoutResult((status) -> {
			buffer.keep(List.of(job("a"), job("b"), job("a")));
			this.nested.executeWithoutResult((inner) -> {
				buffer.keep(List.of(job("c")));
				inner.setRollbackOnly();
			});
			TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

				@Override
				public void beforeCommit(boolean readOnly) {
					assertThat(outbox.written).containsExactly("b", "a");
					buffer.keep(List.of(job("d")));
				}

				@Override
				public void beforeCompletion() {
					assertThat(outbox.written).containsExactly("b", "a", "d");
					assertThat(buffer.holds("a")).isTrue();
					assertThat(outbox.commits).isZero();
				}

			});
		});
		assertThat(outbox.written).containsExactly("b", "a", "d");
		assertThat(outbox.commits).isOne();
		assertThat(this.enqueued).isEmpty();
	}

	@Test
	void anOutboxWritesTheFirstJobOfACallbackBeforeTheCommit() {
		Outbox outbox = new Outbox();
		CommitBuffer buffer = outbox.buffer();
		this.transaction.executeWithoutResult(
				(status) -> TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

					@Override
					public void beforeCommit(boolean readOnly) {
						buffer.keep(List.of(job("a")));
					}

				}));
		assertThat(outbox.written).containsExactly("a");
		assertThat(outbox.commits).isOne();
		assertThat(this.enqueued).isEmpty();
	}

	@Test
	void whatAnOutboxDoesNotTakeIsEnqueuedAfterTheCommit() {
		Outbox outbox = new Outbox();
		outbox.taking = false;
		CommitBuffer buffer = outbox.buffer();
		this.transaction.executeWithoutResult((status) -> buffer.keep(List.of(job("a"))));
		assertThat(this.enqueued).containsExactly(List.of("a"));
		assertThat(outbox.commits).isZero();
	}

	@Test
	void aTransactionFailsIfItsJobsCannotBeWritten() {
		Outbox outbox = new Outbox();
		outbox.away = true;
		CommitBuffer buffer = outbox.buffer();
		TransactionTemplate unknown = new TransactionTemplate(new TestTransactionManager() {

			@Override
			protected void doRollback(DefaultTransactionStatus status) {
				throw new TransactionSystemException("connection lost");
			}

		});
		for (TransactionTemplate failing : List.of(this.transaction, unknown)) {
			assertThatExceptionOfType(RuntimeException.class)
				.isThrownBy(() -> failing.executeWithoutResult((status) -> buffer.keep(List.of(job("a")))));
		}
		assertThat(this.enqueued).isEmpty();
		assertThat(this.lost).isEmpty();
	}

	@Test
	void ofATransactionWithAnUnknownEndWhatIsWrittenIsNotTold() {
		Outbox outbox = new Outbox();
		CommitBuffer buffer = outbox.buffer();
		TransactionTemplate failing = new TransactionTemplate(new TestTransactionManager() {

			@Override
			protected void doCommit(DefaultTransactionStatus status) {
				throw new TransactionSystemException("connection lost");
			}

		});
		assertThatExceptionOfType(TransactionSystemException.class)
			.isThrownBy(() -> failing.executeWithoutResult((status) -> buffer.keep(List.of(job("a")))));
		assertThat(outbox.written).containsExactly("a");
		assertThat(this.lost).isEmpty();
	}

	@Test
	void anOutboxIsNotToldOfACommitAfterARollback() {
		Outbox outbox = new Outbox();
		CommitBuffer buffer = outbox.buffer();
		this.transaction.executeWithoutResult((status) -> {
			buffer.keep(List.of(job("a")));
			status.setRollbackOnly();
		});
		outbox.away = true;
		this.transaction.executeWithoutResult((status) -> {
			buffer.keep(List.of(job("b")));
			status.setRollbackOnly();
		});
		assertThat(outbox.commits).isZero();
		assertThat(this.enqueued).isEmpty();
		assertThat(this.lost).isEmpty();
	}

	private void keep(String... ids) {
		assertThat(this.buffer.isOpen()).isTrue();
		assertThat(this.buffer.keep(Arrays.stream(ids).map(CommitBufferTests::job).toList())).extracting(Job::id)
			.containsExactly(ids);
	}

	private void enqueue(List<NewJob> jobs) {
		if (this.error != null) {
			throw this.error;
		}
		if (this.away) {
			throw new IllegalStateException("Redis is away");
		}
		this.enqueued.add(jobs.stream().map((job) -> job.job().id()).toList());
	}

	private TransactionTemplate with(int propagation) {
		TransactionTemplate template = new TransactionTemplate(this.transaction.getTransactionManager());
		template.setPropagationBehavior(propagation);
		return template;
	}

	private static NewJob job(String id) {
		Job job = new Job(id, "default", JobStatus.CREATED, JobOptions.NONE, JobTimes.createdAt(Instant.EPOCH),
				JobRun.NONE, new JobPayload(new byte[0], null));
		return new NewJob(job, false, false, false, null);
	}

	private final class Store implements CommitBuffer.Target {

		@Override
		public void enqueue(List<NewJob> jobs) {
			CommitBufferTests.this.enqueue(jobs);
		}

		@Override
		public List<List<NewJob>> calls(List<NewJob> jobs) {
			return List.of(jobs);
		}

		@Override
		public List<Job> find(Collection<String> ids) {
			throw new AssertionError(ids);
		}

	}

	private final class Outbox implements JobOutbox {

		private final List<String> written = new ArrayList<>();

		private boolean taking = true;

		private boolean away;

		private int commits;

		CommitBuffer buffer() {
			return new CommitBuffer(new Store(),
					(event) -> CommitBufferTests.this.lost.addAll(event.jobs().stream().map(Job::id).toList()), this);
		}

		@Override
		public boolean write(List<NewJob> jobs) {
			if (this.away) {
				throw new IllegalStateException("The database is away");
			}
			if (this.taking) {
				jobs.forEach((job) -> this.written.add(job.job().id()));
			}
			return this.taking;
		}

		@Override
		public void committed() {
			this.commits++;
		}

	}

}
