package io.rq.template;

import java.lang.reflect.Type;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.core.ParameterizedTypeReference;
import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;
import org.springframework.util.function.SingletonSupplier;

import io.rq.handler.JobListener;
import io.rq.interceptor.JobInterceptor;
import io.rq.interceptor.JobInterceptors;
import io.rq.job.Call;
import io.rq.job.DuplicateJobException;
import io.rq.job.Job;
import io.rq.job.JobDefinitions;
import io.rq.job.JobExecution;
import io.rq.job.JobMethod;
import io.rq.job.JobOptions;
import io.rq.job.JobPayload;
import io.rq.job.JobRequest;
import io.rq.job.JobResult;
import io.rq.job.JobRun;
import io.rq.job.JobStatus;
import io.rq.job.JobTimes;
import io.rq.job.NewJob;
import io.rq.job.Partitions;
import io.rq.job.QueueName;
import io.rq.job.Retry;
import io.rq.lifecycle.Listeners;
import io.rq.redis.AwaitedResults;
import io.rq.redis.JobChanges.ChangedCall;
import io.rq.redis.JobStore;
import io.rq.serializer.JobSerializer;
import io.rq.serializer.MetaData;
import io.rq.serializer.SerializedCall;

/**
 * Enqueues jobs and finds them again. Safe for use by many threads.
 */
public class JobTemplate implements JobOperations {

	private final JobStore store;

	private final JobSerializer serializer;

	private final TemplateOptions options;

	private final Clock clock;

	private final JobPreparation preparation;

	private final CallEdit callEdit;

	private final ResultAwait results;

	private final @Nullable CommitBuffer commits;

	private volatile Supplier<JobInterceptors> interceptors = () -> JobInterceptors.NONE;

	private volatile EnqueuedNotice notice;

	/**
	 * Creates a template that enqueues at once, in a transaction too.
	 * @param store stores jobs
	 * @param watch warns of jobs that need a scheduler where there is none
	 * @param serializer writes arguments and meta data, reads results
	 * @param definitions the functions known to this application
	 * @param options what jobs get for which nothing else is chosen
	 * @param clock tells when a job was created
	 * @param results waits for results
	 */
	public JobTemplate(JobStore store, SchedulingWatch watch, JobSerializer serializer, JobDefinitions definitions,
			TemplateOptions options, Clock clock, AwaitedResults results) {
		this(store, watch, serializer, definitions, options, clock, results, null);
	}

	/**
	 * Creates a template.
	 * @param store stores jobs
	 * @param watch warns of jobs that need a scheduler where there is none
	 * @param serializer writes arguments and meta data, reads results
	 * @param definitions the functions known to this application
	 * @param options what jobs get for which nothing else is chosen
	 * @param clock tells when a job was created
	 * @param results waits for results
	 * @param afterCommit how jobs are enqueued after the commit of their transaction, or
	 * {@code null} to enqueue at once in a transaction too
	 */
	public JobTemplate(JobStore store, SchedulingWatch watch, JobSerializer serializer, JobDefinitions definitions,
			TemplateOptions options, Clock clock, AwaitedResults results, @Nullable AfterCommit afterCommit) {
		Assert.notNull(store, "'store' must not be null");
		Assert.notNull(watch, "'watch' must not be null");
		Assert.notNull(serializer, "'serializer' must not be null");
		Assert.notNull(definitions, "'definitions' must not be null");
		Assert.notNull(options, "'options' must not be null");
		Assert.notNull(clock, "'clock' must not be null");
		Assert.notNull(results, "'results' must not be null");
		this.store = store;
		this.notice = new EnqueuedNotice(watch, Listeners.none());
		this.serializer = serializer;
		this.options = options;
		this.clock = clock;
		ArgumentCheck argumentCheck = new ArgumentCheck(serializer);
		this.preparation = new JobPreparation(serializer, definitions, options, clock, argumentCheck);
		this.callEdit = new CallEdit(serializer, definitions, argumentCheck, options.maxPayload());
		this.results = new ResultAwait(store, results);
		this.commits = (afterCommit != null)
				? new CommitBuffer(new Committed(), afterCommit.notEnqueued(), afterCommit.outbox()) : null;
	}

	/**
	 * Sets what stands around each call that enqueues; nothing does by default.
	 * @param interceptors the interceptors, the outermost first; asked for at the first
	 * call
	 */
	public void setInterceptors(Iterable<JobInterceptor> interceptors) {
		this.interceptors = SingletonSupplier.of(() -> new JobInterceptors(interceptors));
	}

	/**
	 * Sets who hears of jobs that are in Redis; nobody does by default.
	 * @param listeners the listeners, asked for each time
	 */
	public void setListeners(Iterable<JobListener> listeners) {
		this.notice = new EnqueuedNotice(this.notice.watch(), new Listeners<>(listeners));
	}

	@Override
	public Job enqueue(JobRequest request) {
		return enqueueAll(List.of(request)).get(0);
	}

	@Override
	public List<Job> enqueueAll(Collection<JobRequest> requests) {
		JobInterceptors around = this.interceptors.get();
		if (around.isEmpty() || requests.isEmpty()) {
			return enqueueNow(requests);
		}
		return around.enqueue(requests.stream().map(this.preparation::resolve).toList(), this::enqueueNow);
	}

	private List<Job> enqueueNow(Collection<JobRequest> requests) {
		List<NewJob> now = new ArrayList<>(requests.size());
		List<NewJob> later = new ArrayList<>();
		CommitBuffer transaction = transaction();
		for (JobRequest request : requests) {
			((transaction != null && !request.target().immediate()) ? later : now).add(this.preparation.place(request));
		}
		if (transaction == null || later.isEmpty()) {
			return now.isEmpty() ? List.of() : store(now);
		}
		check(transaction, later);
		List<Job> stored = now.isEmpty() ? List.of() : store(now);
		return inOrder(requests, stored.iterator(), transaction.keep(later).iterator());
	}

	/** In the order of the requests. */
	private static List<Job> inOrder(Collection<JobRequest> requests, Iterator<Job> stored, Iterator<Job> pending) {
		return requests.stream().map((request) -> (request.target().immediate() ? stored : pending).next()).toList();
	}

	/** The transaction whose commit jobs wait for, or {@code null} if there is none. */
	private @Nullable CommitBuffer transaction() {
		return (this.commits != null && this.commits.isOpen()) ? this.commits : null;
	}

	/**
	 * Fails if a unique job cannot be kept.
	 */
	private void check(CommitBuffer transaction, List<NewJob> jobs) {
		for (NewJob job : jobs) {
			String id = job.job().id();
			if (job.unique() && this.store.exists(id)) {
				throw new DuplicateJobException(id, "a job of that id exists");
			}
		}
		transaction.check(jobs);
	}

	private List<Job> keep(CommitBuffer transaction, List<NewJob> jobs) {
		check(transaction, jobs);
		return transaction.keep(jobs);
	}

	private List<Job> store(List<NewJob> jobs) {
		List<Job> stored = this.store.enqueue(jobs);
		this.notice.tell(stored);
		return stored;
	}

	@Override
	public Optional<Job> find(String id) {
		return Job.isValidId(id) ? this.store.find(id) : Optional.empty();
	}

	@Override
	public List<Job> findAll(Collection<String> ids) {
		return this.store.findAll(ids.stream().filter(Job::isValidId).toList());
	}

	@Override
	public boolean exists(String id) {
		return Job.isValidId(id) && this.store.exists(id);
	}

	@Override
	public List<JobExecution> executions(String id) {
		return Job.isValidId(id) ? this.store.executions(id) : List.of();
	}

	@Override
	public Map<String, @Nullable Object> meta(String id) {
		return MetaData.read(this.serializer, find(id).map((job) -> job.payload().meta()).orElse(null));
	}

	@Override
	public <T> Optional<T> meta(String id, Class<T> type) {
		return find(id).map((job) -> job.payload().meta())
			.map((meta) -> type.cast(this.serializer.readValue(meta, type)));
	}

	@Override
	public boolean updateMeta(String id, Consumer<Map<String, @Nullable Object>> change) {
		return isChangeable(id) && this.store.changeMeta(id, (current) -> {
			Map<String, @Nullable Object> meta = MetaData.read(this.serializer, current);
			change.accept(meta);
			byte[] changed = MetaData.write(answering(id, current), meta);
			Assert.isTrue(changed == null || changed.length <= this.options.maxPayload(),
					() -> "The meta data of job '" + id + "' were not changed: they would have more than the "
							+ this.options.maxPayload() + " bytes that 'rq.job.max-payload-size' allows");
			return changed;
		});
	}

	/** Meta data that are there have the format of their job. */
	private JobSerializer answering(String id, byte @Nullable [] meta) {
		if (meta != null) {
			return this.serializer.answering(meta);
		}
		return find(id).map((job) -> this.serializer.answering(job.payload().data())).orElse(this.serializer);
	}

	@Override
	public boolean cancel(String id, boolean enqueueDependents) {
		return isChangeable(id) && this.store.control().cancel(id, enqueueDependents);
	}

	@Override
	public boolean requeue(String id, boolean atFront) {
		return isChangeable(id) && this.store.control().requeue(id, atFront);
	}

	@Override
	public long requeueAll(Collection<String> ids) {
		return this.store.control().requeueAll(ids.stream().filter(Job::isValidId).toList());
	}

	@Override
	public long requeueAll(String queue) {
		return parts(queue).mapToLong(this.store.control()::requeueAll).sum();
	}

	@Override
	public boolean runNow(String id, boolean atFront) {
		return isChangeable(id) && this.store.changes().runNow(id, atFront);
	}

	@Override
	public boolean reschedule(String id, Instant time) {
		return isChangeable(id) && this.store.changes().reschedule(id, time);
	}

	@Override
	public boolean move(String id, String queue) {
		QueueName.requireValid(queue);
		return isChangeable(id) && this.store.changes().move(id, this.options.partitions().choose(queue, id));
	}

	@Override
	public boolean changeCall(String id, UnaryOperator<Call> change) {
		return isChangeable(id) && this.store.changeCall(id, (data, description) -> this.callEdit.apply(data,
				description, change, "Job '" + id + "' was not changed"));
	}

	@Override
	public Optional<Job> enqueueAgain(String id) {
		requireEnqueued(id);
		return find(id).map((old) -> enqueueAgain(old, null, old.payload().data(), ""));
	}

	@Override
	public Optional<Job> enqueueAgain(String id, String newId) {
		requireEnqueued(id);
		return find(id).map((old) -> enqueueAgain(old, Job.requireValidId(newId), old.payload().data(), ""));
	}

	@Override
	public Optional<Job> enqueueAgain(String id, UnaryOperator<Call> change) {
		requireEnqueued(id);
		return find(id).map((old) -> {
			String description = old.options().description();
			ChangedCall changed = this.callEdit.apply(old.payload().data(), (description != null) ? description : "",
					change, "Job '" + id + "' was not enqueued again");
			return enqueueAgain(old, null, changed.data(), changed.description());
		});
	}

	private Job enqueueAgain(Job old, @Nullable String id, byte[] data, String description) {
		String queue = old.queue().isEmpty() ? this.options.defaultQueue() : old.queue();
		if (id != null) {
			Partitions partitions = this.options.partitions();
			queue = partitions.choose(partitions.whole(queue), id);
		}
		JobOptions options = old.options()
			.withLinks(old.options().links().again(old.id()))
			.withRetry(firstRetry(old))
			.orElse(this.options.defaults().of(queue));
		if (!description.isEmpty()) {
			options = options.withDescription(description);
		}
		Job again = new Job((id != null) ? id : Job.newId(), queue, JobStatus.CREATED, options,
				JobTimes.createdAt(this.clock.instant()), JobRun.NONE, new JobPayload(data, old.payload().meta()));
		List<NewJob> jobs = List.of(new NewJob(again, false, id != null, id != null, null));
		CommitBuffer transaction = transaction();
		return ((transaction != null) ? keep(transaction, jobs) : store(jobs)).get(0);
	}

	/**
	 * Attempts that were used up count again, those that a method asked for never did.
	 */
	private static @Nullable Retry firstRetry(Job old) {
		Retry left = old.options().retry();
		int used = Math.max(old.run().attempts() - old.run().numberOfRetries(), 0);
		return (left != null && used > 0) ? new Retry(left.retries() + used, left.intervalSeconds(), left.front())
				: left;
	}

	@Override
	public boolean delete(String id, boolean deleteDependents) {
		return isChangeable(id) && this.store.control().delete(id, deleteDependents);
	}

	@Override
	public boolean stop(String id, Duration timeout) {
		Assert.isTrue(timeout.compareTo(Duration.ZERO) > 0, () -> "'timeout' must be positive but is " + timeout);
		JobOptions.requireNotTooLong("timeout", timeout);
		return isChangeable(id) && new JobStop(this.store.control(), id).within(timeout);
	}

	@Override
	public long count(String queue) {
		return parts(queue).mapToLong(this.store::count).sum();
	}

	/** A queue and its partitions. */
	private Stream<String> parts(String queue) {
		return this.options.partitions().of(QueueName.requireValid(queue)).stream();
	}

	@Override
	public Set<String> dependents(String id) {
		return Job.isValidId(id) ? this.store.dependents(id) : Set.of();
	}

	@Override
	public JobGroup group(String name) {
		return new StoredGroup(this, this.store.groups(), name);
	}

	@Override
	public Set<String> groups() {
		return this.store.groups().names();
	}

	@Override
	public List<JobResult> results(String id) {
		return Job.isValidId(id) ? this.store.results(id) : List.of();
	}

	@Override
	public <T> Optional<T> result(String id, Class<T> type) {
		return latestSuccess(id).flatMap((result) -> value(result, type));
	}

	@Override
	public <T> Optional<T> result(String id, ParameterizedTypeReference<T> type) {
		return latestSuccess(id).flatMap((result) -> value(result, type));
	}

	private Optional<JobResult> latestSuccess(String id) {
		return results(id).stream().filter((result) -> result.type() == JobResult.Type.SUCCESSFUL).findFirst();
	}

	@Override
	public Optional<JobResult> latestResult(String id) {
		return Job.isValidId(id) ? this.store.latestResult(id) : Optional.empty();
	}

	@Override
	@SuppressWarnings("unchecked")
	public <T> Optional<T> value(JobResult result, Class<T> type) {
		return readValue(result, type).map((value) -> (T) ClassUtils.resolvePrimitiveIfNecessary(type).cast(value));
	}

	@Override
	@SuppressWarnings("unchecked")
	public <T> Optional<T> value(JobResult result, ParameterizedTypeReference<T> type) {
		return readValue(result, type.getType()).map((value) -> (T) value);
	}

	private Optional<Object> readValue(JobResult result, Type type) {
		return Optional.ofNullable(result.returnValue()).map((value) -> this.serializer.readValue(value, type));
	}

	@Override
	public long deleteResults(String id) {
		return Job.isValidId(id) ? this.store.deleteResults(id) : 0;
	}

	@Override
	public Optional<Instant> scheduledTime(String id) {
		return find(id).flatMap(this.store::dueTime);
	}

	@Override
	public Optional<Instant> expirationTime(String id) {
		return find(id).flatMap(this.store::expirationTime);
	}

	@Override
	public Optional<Call> call(String id) {
		return find(id).map((job) -> {
			SerializedCall call = this.serializer.readCall(job.payload().data()).exact();
			return new Call(call.function(), null, call.args(), call.kwargs(),
					MetaData.read(this.serializer, job.payload().meta()));
		});
	}

	@Override
	public JobResult awaitResult(String id, Duration timeout) {
		requireEnqueued(id);
		return this.results.await(id, timeout);
	}

	@Override
	public <T> Optional<T> awaitResult(String id, Duration timeout, Class<T> type) {
		return Optional.ofNullable(handle(id, type).await(timeout));
	}

	@Override
	public <T> Optional<T> awaitResult(String id, Duration timeout, ParameterizedTypeReference<T> type) {
		return Optional.ofNullable(handle(id, type).await(timeout));
	}

	@Override
	public <T> JobHandle<T> handle(String id, Class<T> type) {
		requireEnqueued(id);
		return this.results.handle(id, (result) -> value(result, type));
	}

	@Override
	public <T> JobHandle<T> handle(String id, ParameterizedTypeReference<T> type) {
		requireEnqueued(id);
		return this.results.handle(id, (result) -> value(result, type));
	}

	private boolean isChangeable(String id) {
		requireEnqueued(id);
		return Job.isValidId(id);
	}

	private void requireEnqueued(String id) {
		Assert.state(this.commits == null || !this.commits.holds(id), () -> "Job '" + id
				+ "' is enqueued when this transaction commits, and cannot be waited for, changed or taken back before: do"
				+ " so afterwards, enqueue it with 'immediately()', or do not enqueue it");
	}

	/**
	 * Returns the jobs of this thread's transaction that are enqueued when it commits.
	 * @return the jobs in the order in which they were asked for; none without a
	 * transaction
	 */
	public List<NewJob> pending() {
		return (this.commits != null) ? this.commits.pending() : List.of();
	}

	/**
	 * Returns the queues that are divided.
	 * @return the partitions
	 */
	public Partitions partitions() {
		return this.options.partitions();
	}

	/**
	 * Returns the function that a method reference stands for.
	 * @param method the method reference
	 * @return the function's name
	 * @throws IllegalArgumentException if the method is no job
	 */
	public String functionName(JobMethod method) {
		return this.preparation.definition(method).name();
	}

	/**
	 * Makes a job of a request without storing it, on its queue itself if that is
	 * divided.
	 * @param request the request
	 * @return the job
	 * @throws IllegalArgumentException if it could not be enqueued
	 */
	public NewJob prepare(JobRequest request) {
		return this.preparation.prepare(request);
	}

	/**
	 * The store, for jobs whose transaction has committed.
	 */
	private final class Committed implements CommitBuffer.Target {

		@Override
		public List<List<NewJob>> calls(List<NewJob> jobs) {
			return JobTemplate.this.store.calls(jobs);
		}

		@Override
		public void enqueue(List<NewJob> jobs) {
			store(jobs);
		}

		@Override
		public List<Job> find(Collection<String> ids) {
			return findAll(ids);
		}

	}

}
