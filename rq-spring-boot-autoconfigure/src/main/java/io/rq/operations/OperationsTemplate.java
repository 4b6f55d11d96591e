package io.rq.operations;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

import io.rq.cron.CronJobInfo;
import io.rq.doctor.Finding;
import io.rq.explain.Explanation;
import io.rq.history.History;
import io.rq.history.HistoryRange;
import io.rq.job.Call;
import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.job.QueueName;
import io.rq.operations.AuditTrail.Attempt;
import io.rq.queue.JobCursor;
import io.rq.queue.Registry;
import io.rq.redis.JobPages;
import io.rq.webhook.WebhookJobs;
import io.rq.worker.RunStack;

/**
 * The operations of one operator: checks, carries out, records. Safe for use by many
 * threads.
 */
public class OperationsTemplate implements RqOperations {

	private static final int MOST_OPERATIONS = 100;

	private final OperationsParts parts;

	private final Guard guard;

	private final BulkRunner runner;

	private final Operator operator;

	/**
	 * Creates the operations of the application.
	 * @param parts what carries them out
	 * @param authorization who may do what
	 * @param trail the record of operations
	 * @param runner carries out what is done in bulk
	 */
	public OperationsTemplate(OperationsParts parts, OperatorAuthorization authorization, AuditTrail trail,
			BulkRunner runner) {
		this(parts, new Guard(authorization, trail), runner, Operator.APPLICATION);
	}

	private OperationsTemplate(OperationsParts parts, Guard guard, BulkRunner runner, Operator operator) {
		this.parts = parts;
		this.guard = guard;
		this.runner = runner;
		this.operator = operator;
	}

	@Override
	public RqOperations as(Operator operator) {
		return new OperationsTemplate(this.parts, this.guard, this.runner, operator);
	}

	@Override
	public boolean isAllowed(Operation operation, @Nullable String queue) {
		return this.guard.isAllowed(new Attempt(this.operator, operation, queue, List.of()));
	}

	@Override
	public Overview overview() {
		return read(null, this.parts.overview()::get);
	}

	@Override
	public Optional<QueueDetails> queue(String queue) {
		return read(queue, () -> this.parts.overviews().queue(queue));
	}

	@Override
	public JobList jobs(String queue, Registry registry, JobFilter filter, @Nullable String cursor, int limit) {
		QueueName.requireValid(queue);
		JobPages.requireLimit(limit, MAX_LIMIT);
		JobCursor after = (cursor != null) ? JobCursor.of(cursor) : null;
		return read(queue, () -> this.parts.lists().list(queue, registry, filter, after, limit));
	}

	@Override
	public Optional<JobDetails> job(String id) {
		Optional<JobDetails> job = this.parts.details().find(id);
		return read(job.map(JobDetails::queue).orElse(null), () -> job);
	}

	@Override
	public Explanation explain(String id) {
		return read(this.parts.details().queue(id), () -> this.parts.explainer().explain(id));
	}

	@Override
	public Optional<RunStack> stack(String id) {
		this.guard.require(new Attempt(this.operator, Operation.STACK, this.parts.details().queue(id), List.of(id)));
		return this.parts.overviews().stack(id);
	}

	@Override
	public FailureGroups failures() {
		return read(null, () -> this.parts.lists().failures(this.parts.queues().names()));
	}

	@Override
	public FailureGroups failures(String queue) {
		QueueName.requireValid(queue);
		return read(queue, () -> this.parts.lists().failures(List.of(queue)));
	}

	@Override
	public History history(@Nullable String queue, @Nullable String function, HistoryRange range) {
		if (queue != null) {
			QueueName.requireValid(queue);
		}
		return read(queue, () -> this.parts.history().read(queue, function, range));
	}

	@Override
	public List<CronJobInfo> cron() {
		return read(null, () -> this.parts.cron().list());
	}

	@Override
	public List<Finding> doctor() {
		return read(null, this.parts.findings()::get);
	}

	@Override
	public List<AuditEntry> audit(@Nullable String before, int limit) {
		JobPages.requireLimit(limit, MAX_LIMIT);
		return read(null, () -> this.guard.trail().read(before, limit));
	}

	@Override
	public String enqueue(JobRequest request) {
		String function = request.call().function();
		return this.guard.change(
				new Attempt(this.operator, Operation.ENQUEUE, request.target().queue(),
						List.of((function != null) ? function : "a method")),
				() -> this.parts.jobs().enqueue(request).id(), (id) -> 1);
	}

	@Override
	public boolean requeue(String id, boolean atFront) {
		return ofJob(Operation.REQUEUE, id, () -> this.parts.jobs().requeue(id, atFront));
	}

	@Override
	public long requeueAll(String queue, Collection<String> ids) {
		QueueName.requireValid(queue);
		Assert.isTrue(ids.size() <= MAX_IDS,
				() -> "One call requeues at most " + MAX_IDS + " jobs, but " + ids.size() + " are named");
		return this.guard.change(new Attempt(this.operator, Operation.REQUEUE, queue, List.copyOf(ids)),
				() -> this.parts.jobs().requeueAll(BulkBatches.ofQueue(this.parts.jobs(), queue, ids)),
				Long::longValue);
	}

	@Override
	public boolean runNow(String id, boolean atFront) {
		return ofJob(Operation.RUN_NOW, id, () -> this.parts.jobs().runNow(id, atFront));
	}

	@Override
	public boolean reschedule(String id, Instant time) {
		return ofJob(Operation.RESCHEDULE, id, () -> this.parts.jobs().reschedule(id, time));
	}

	@Override
	public Optional<String> runAgain(String id) {
		return again(Operation.RUN_AGAIN, id, () -> this.parts.jobs().enqueueAgain(id));
	}

	@Override
	public Optional<String> runAgain(String id, JobArguments arguments) {
		return again(Operation.EDIT, id, () -> this.parts.jobs().enqueueAgain(id, change(arguments)));
	}

	private Optional<String> again(Operation operation, String id, Supplier<Optional<Job>> change) {
		return this.guard
			.change(new Attempt(this.operator, operation, this.parts.details().queue(id), List.of(id)), change,
					(job) -> job.isPresent() ? 1 : 0)
			.map(Job::id);
	}

	private static UnaryOperator<Call> change(JobArguments arguments) {
		return (call) -> {
			Assert.isTrue(!WebhookJobs.FUNCTION.equals(call.function()),
					"The arguments of a job that sends a webhook cannot be changed, since not all of them are shown: "
							+ "enqueue again the job whose end it tells");
			List<@Nullable Object> positional = arguments.positional();
			Map<String, @Nullable Object> named = arguments.named();
			Call changed = (positional != null) ? call.withArgs(positional) : call;
			return (named != null) ? changed.withKwargs(named) : changed;
		};
	}

	@Override
	public boolean edit(String id, JobArguments arguments) {
		return ofJob(Operation.EDIT, id, () -> this.parts.jobs().changeCall(id, change(arguments)));
	}

	@Override
	public boolean move(String id, String queue) {
		QueueName.requireValid(queue);
		this.guard.require(new Attempt(this.operator, Operation.MOVE, queue, List.of(id)));
		return ofJob(Operation.MOVE, id, () -> this.parts.jobs().move(id, queue));
	}

	@Override
	public boolean cancel(String id, boolean enqueueDependents) {
		if (enqueueDependents) {
			requireForDependents(Operation.CANCEL, id);
		}
		return ofJob(Operation.CANCEL, id, () -> this.parts.jobs().cancel(id, enqueueDependents));
	}

	@Override
	public boolean stop(String id) {
		return ofJob(Operation.STOP, id, () -> this.parts.jobs().stop(id));
	}

	@Override
	public Optional<Deletion> delete(String id, boolean deleteDependents, boolean now) {
		if (deleteDependents) {
			requireForDependents(Operation.DELETE, id);
		}
		String queue = this.parts.details().queue(id);
		return this.guard.change(new Attempt(this.operator, Operation.DELETE, queue, List.of(id)),
				() -> this.parts.deletions().delete(id, deleteDependents, now),
				(deletion) -> deletion.isPresent() ? 1 : 0);
	}

	/**
	 * Whoever may act on one queue may not act on jobs of another that wait for a job of
	 * it.
	 */
	private void requireForDependents(Operation operation, String id) {
		this.parts.details()
			.queuesOfDependents(id, operation == Operation.DELETE)
			.forEach((queue) -> this.guard.require(new Attempt(this.operator, operation, queue, List.of(id))));
	}

	@Override
	public boolean undo(String id) {
		String queue = this.parts.deletions().queue(id);
		return this.guard.change(new Attempt(this.operator, Operation.UNDO, queue, List.of(id)),
				() -> queue != null && this.parts.deletions().undo(id), (done) -> done ? 1 : 0);
	}

	@Override
	public long empty(String queue) {
		QueueName.requireValid(queue);
		return this.guard.change(new Attempt(this.operator, Operation.EMPTY, queue, List.of(queue)),
				() -> this.parts.queues().empty(queue), Long::longValue);
	}

	@Override
	public void pauseQueue(String queue, String reason) {
		ofQueue(Operation.PAUSE_QUEUE, queue, () -> {
			this.parts.queues().pause(queue, reason);
			return true;
		});
	}

	@Override
	public boolean resumeQueue(String queue) {
		return ofQueue(Operation.RESUME_QUEUE, queue, () -> this.parts.queues().unpause(queue));
	}

	@Override
	public boolean stopWorker(String name) {
		return ofAll(Operation.STOP_WORKER, name, () -> this.parts.workers().shutdown(name), Function.identity());
	}

	@Override
	public void suspend(@Nullable Duration duration) {
		ofAll(Operation.SUSPEND, "workers", () -> {
			if (duration != null) {
				this.parts.queues().suspend(duration);
			}
			else {
				this.parts.queues().suspend();
			}
			return true;
		}, Function.identity());
	}

	@Override
	public boolean resume() {
		return ofAll(Operation.RESUME, "workers", () -> this.parts.queues().resume(), Function.identity());
	}

	@Override
	public String triggerCron(String name) {
		return ofAll(Operation.TRIGGER_CRON, name, () -> this.parts.cron().trigger(name), (id) -> true);
	}

	@Override
	public void pauseCron(String name, String reason) {
		ofAll(Operation.PAUSE_CRON, name, () -> {
			this.parts.cron().pause(name, reason);
			return true;
		}, Function.identity());
	}

	@Override
	public boolean resumeCron(String name) {
		return ofAll(Operation.RESUME_CRON, name, () -> this.parts.cron().resume(name), Function.identity());
	}

	@Override
	public BulkOperation bulk(BulkRequest request) {
		Assert.isTrue(this.runner.isEnabled(),
				"This process carries out no bulk operations: set 'rq.operations.bulk.enabled' to true");
		String id = UUID.randomUUID().toString();
		Attempt attempt = new Attempt(this.operator, request.operation(), request.queue(), List.of(id));
		this.guard.require(attempt);
		String target = request.options().target();
		if (target != null) {
			this.guard.require(new Attempt(this.operator, request.operation(), target, List.of(id)));
		}
		if (request.options().enqueueDependents() || request.options().deleteDependents()) {
			// on which queues they are is not known before each job is looked at
			this.guard.require(new Attempt(this.operator, request.operation(), null, List.of(id)));
		}
		Map<String, String> fields = BulkRecord.fields(request, this.operator, total(request));
		this.guard.begin(attempt, request.dryRun() ? null : new BulkRecord(id, fields).describe(),
				() -> this.parts.bulk().start(request.queue(), id, fields));
		this.runner.wake();
		return this.parts.bulk()
			.find(id)
			.map((stored) -> new BulkRecord(id, stored).operation())
			.orElseThrow(() -> new IllegalStateException("Bulk operation " + id + " is gone from Redis"));
	}

	private long total(BulkRequest request) {
		String undoes = request.undoes();
		if (undoes != null) {
			return this.parts.deletions().count(request.queue(), undoes);
		}
		Registry registry = request.registry();
		return (registry != null) ? this.parts.lists().size(request.queue(), registry) : request.ids().size();
	}

	@Override
	public Optional<BulkOperation> bulkOperation(String id) {
		Optional<BulkOperation> operation = find(id).map(BulkRecord::operation);
		return read(operation.map(BulkOperation::queue).orElse(null), () -> operation);
	}

	@Override
	public List<BulkOperation> bulkOperations() {
		return read(null,
				() -> this.parts.bulk()
					.recent(MOST_OPERATIONS)
					.entrySet()
					.stream()
					.map((stored) -> new BulkRecord(stored.getKey(), stored.getValue()))
					.filter((stored) -> stored.trouble() == null)
					.map(BulkRecord::operation)
					.toList());
	}

	@Override
	public boolean cancelBulk(String id) {
		BulkRequest request = find(id).map(BulkRecord::request).orElse(null);
		if (request == null) {
			return false;
		}
		Attempt attempt = new Attempt(this.operator, request.operation(), request.queue(), List.of(id));
		boolean canceled = request.dryRun() ? cancelDryRun(attempt, id)
				: this.guard.change(attempt, "to be ended", () -> this.parts.bulk().cancel(id), (done) -> done ? 1 : 0);
		this.runner.wake();
		return canceled;
	}

	/** Nothing of it is on record. */
	private boolean cancelDryRun(Attempt attempt, String id) {
		this.guard.require(attempt);
		return this.parts.bulk().cancel(id);
	}

	@Override
	public Optional<BulkOperation> undoBulk(String id) {
		BulkOperation undone = find(id).map(BulkRecord::operation).orElse(null);
		if (undone == null) {
			return Optional.empty();
		}
		BulkRequest request = BulkRequest.undo(id, undone.queue());
		this.guard.require(new Attempt(this.operator, Operation.UNDO, undone.queue(), List.of(id)));
		Assert.isTrue(undone.operation().equals(Operation.DELETE.value()) && !undone.dryRun(),
				() -> "Only what was deleted can be put back, but operation " + id + " is '" + undone.operation()
						+ "'");
		Assert.isTrue(!undone.state().isOpen(), () -> "Operation " + id + " goes on: end it before it is undone");
		Assert.isTrue(total(request) > 0, () -> "Of what operation " + id + " has deleted none is kept (any more)");
		return Optional.of(bulk(request));
	}

	private Optional<BulkRecord> find(String id) {
		return Job.isValidId(id) ? this.parts.bulk()
			.find(id)
			.map((stored) -> new BulkRecord(id, stored))
			.filter((stored) -> stored.trouble() == null) : Optional.empty();
	}

	private <T extends @Nullable Object> T read(@Nullable String queue, Supplier<T> read) {
		return this.guard.read(this.operator, queue, read);
	}

	private boolean ofJob(Operation operation, String id, Supplier<Boolean> change) {
		String queue = this.parts.details().queue(id);
		return this.guard.change(new Attempt(this.operator, operation, queue, List.of(id)), change,
				(done) -> done ? 1 : 0);
	}

	private boolean ofQueue(Operation operation, String queue, Supplier<Boolean> change) {
		QueueName.requireValid(queue);
		return this.guard.change(new Attempt(this.operator, operation, queue, List.of(queue)), change,
				(done) -> done ? 1 : 0);
	}

	private <T> T ofAll(Operation operation, String target, Supplier<T> change, Function<T, Boolean> done) {
		return this.guard.change(new Attempt(this.operator, operation, null, List.of(target)), change,
				(answer) -> done.apply(answer) ? 1 : 0);
	}

}
