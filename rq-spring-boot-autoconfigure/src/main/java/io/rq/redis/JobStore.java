package io.rq.redis;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

import io.rq.job.DuplicateJobException;
import io.rq.job.Job;
import io.rq.job.JobLinks;
import io.rq.job.JobOptions;
import io.rq.job.JobStatus;
import io.rq.job.JobTimes;
import io.rq.job.NewJob;
import io.rq.job.QueueFullException;
import io.rq.job.RateLimit;
import io.rq.job.TooFewReplicasException;

/**
 * Stores jobs, changes their meta data and reads them.
 */
public class JobStore extends JobReader {

	/** How many jobs one script call stores at most. */
	private static final int BATCH_SIZE = 1_000;

	/** The client has given up by then, or the job has long been run. */
	private static final Duration LONGEST_REPEAT = Duration.ofSeconds(60);

	private static final int AT_FRONT = 1;

	private static final int ID_GIVEN = 2;

	private static final int UNIQUE = 4;

	private static final int QUEUE_FULL = 4;

	private final GroupStore groups;

	private final Deliveries deliveries;

	private final LimitQueues limitQueues;

	private final JobControl control;

	private final JobChanges changes;

	private final Clock clock;

	private final MinReplicas replicas;

	private final QueueLimits limits;

	/**
	 * Creates the store on queues of any length.
	 * @param scripts the scripts on the connections to Redis
	 * @param clock the clock for times that only inform people
	 * @param maxPayload how many bytes the call in a job may have to be read
	 * @param replicas how many replicas must have what is enqueued
	 */
	public JobStore(RedisScripts scripts, Clock clock, long maxPayload, MinReplicas replicas) {
		this(scripts, clock, maxPayload, replicas, QueueLimits.NONE);
	}

	/**
	 * Creates the store.
	 * @param scripts the scripts on the connections to Redis
	 * @param clock the clock for times that only inform people
	 * @param maxPayload how many bytes the call in a job may have to be read
	 * @param replicas how many replicas must have what is enqueued
	 * @param limits how many jobs may wait on queues for more to be enqueued
	 */
	public JobStore(RedisScripts scripts, Clock clock, long maxPayload, MinReplicas replicas, QueueLimits limits) {
		super(scripts, maxPayload);
		this.groups = new GroupStore(scripts);
		this.deliveries = new Deliveries(scripts, clock);
		this.limitQueues = new LimitQueues(scripts);
		this.control = new JobControl(scripts, clock);
		this.changes = new JobChanges(scripts, clock);
		this.replicas = replicas;
		this.limits = limits;
		this.clock = clock;
	}

	/**
	 * Returns the store of the groups that jobs can belong to.
	 * @return the store
	 */
	public GroupStore groups() {
		return this.groups;
	}

	/**
	 * Stores jobs, each on its queue or, if it is due later, in the registry of scheduled
	 * jobs or, if it waits for others, in that of deferred ones or, if it has a rate
	 * limit, where it waits for a slot. Up to 1,000 jobs with up to 16 MB of arguments
	 * and meta data take one round trip and are stored all or none; those of several
	 * queues all or none per queue where queues may lie on several nodes.
	 * @param jobs the jobs
	 * @return the jobs as stored, in the same order
	 * @throws DuplicateJobException if a unique job exists, a job of a given id is
	 * running or an id is given twice
	 * @throws QueueFullException if more jobs would wait on a queue than may
	 * @throws IllegalArgumentException if jobs wait for each other
	 * @throws TooFewReplicasException if fewer replicas than demanded have them in time
	 */
	public List<Job> enqueue(List<NewJob> jobs) {
		return enqueue(jobs, "");
	}

	/**
	 * Stores jobs as {@link #enqueue(List)} does, but those that would go to a queue are
	 * put aside to be run at once.
	 * @param jobs the jobs
	 * @param taker for whom they are put aside, or an empty text
	 * @return the jobs as stored, in the same order
	 */
	protected final List<Job> enqueue(List<NewJob> jobs, String taker) {
		return enqueue(jobs, calls(jobs), new Enqueue(this.clock.instant(), taker, this::nonce, null));
	}

	/**
	 * Stores jobs as {@link #enqueue(List)} does, but once: what was stored under a name
	 * is known by it for a time, even if the jobs have run and are gone.
	 * @param jobs those of one {@linkplain #calls(List) call}, but for some that were
	 * refused
	 * @param name what tells this from all others: letters, digits and {@code '-'}
	 * @param call the number of the call among those of the name, from 1
	 * @param remembered how long it is known from the last time on, in whole seconds
	 * @return the jobs as stored, now or earlier, in the same order
	 * @throws DuplicateJobException if a unique job exists, a job of a given id is
	 * running or an id is given twice
	 * @throws QueueFullException if more jobs would wait on a queue than may
	 * @throws IllegalArgumentException if it would take several calls, of which all but
	 * the first would count as made
	 * @throws TooFewReplicasException if fewer replicas than demanded have them in time
	 */
	public List<Job> enqueueOnce(List<NewJob> jobs, String name, int call, Duration remembered) {
		List<List<NewJob>> calls = calls(jobs);
		Assert.isTrue(calls.size() <= 1, "'jobs' must be those of one call");
		return enqueue(jobs, calls, new Enqueue(this.clock.instant(), "", (all) -> nonce(name, call), remembered));
	}

	/**
	 * Forgets sooner what was stored under a name: nobody will ask for it again but who
	 * has begun to already.
	 * @param jobs the jobs
	 * @param name the name
	 * @param remembered how long it is known from now on, in whole seconds
	 */
	public void forgetSoon(List<NewJob> jobs, String name, Duration remembered) {
		int number = 0;
		for (List<NewJob> call : calls(jobs)) {
			number++;
			String key = this.scripts.keys(call.get(0).job().queue()).enqueued(nonce(name, number));
			this.scripts.with(key, (connection) -> connection.keyCommands()
				.expire(ScriptArguments.bytes(key), remembered.toSeconds()));
		}
	}

	private static String nonce(String name, int call) {
		return name + "." + call;
	}

	/**
	 * Divides jobs into those that one call stores, all or none.
	 * @param jobs the jobs of one enqueue
	 * @return the jobs of each call, in the order in which they are made
	 * @throws IllegalArgumentException if jobs wait for each other
	 */
	public List<List<NewJob>> calls(List<NewJob> jobs) {
		return parts(jobs).flatMap((part) -> this.scripts.layout().calls(part, (job) -> job.job().queue()).stream())
			.toList();
	}

	private Stream<List<NewJob>> parts(List<NewJob> jobs) {
		if (!isAnyLinked(jobs)) {
			return Batches.of(jobs, BATCH_SIZE, (job) -> job.job().payload().bytes()).stream();
		}
		Stream<List<List<NewJob>>> parts = ParentsFirst.parts(jobs, BATCH_SIZE).stream();
		return this.scripts.layout().tagged() ? parts.flatMap(List::stream)
				: parts.map((levels) -> levels.stream().flatMap(List::stream).toList());
	}

	private static boolean isAnyLinked(List<NewJob> jobs) {
		return jobs.stream().anyMatch((job) -> job.job().options().links().isLinked());
	}

	private List<Job> enqueue(List<NewJob> jobs, List<List<NewJob>> calls, Enqueue enqueue) {
		Map<NewJob, JobStatus> statuses = new IdentityHashMap<>();
		if (isAnyLinked(jobs)) {
			this.limitQueues.require(jobs);
			storeLinked(calls, enqueue, statuses);
		}
		else {
			for (int i = 0; i < calls.size(); i++) {
				statuses.putAll(store(calls.get(i), calls.subList(i + 1, calls.size()), enqueue));
			}
		}
		return jobs.stream()
			.map((job) -> stored(job.job(), statuses.getOrDefault(job, JobStatus.QUEUED), enqueue.now()))
			.toList();
	}

	private void storeLinked(List<List<NewJob>> calls, Enqueue enqueue, Map<NewJob, JobStatus> statuses) {
		if (!this.scripts.layout().tagged()) {
			calls.forEach((call) -> statuses.putAll(storeLinked(call, enqueue, (job, parent) -> parent)));
			return;
		}
		ParentQueues queues = new ParentQueues(this.queues);
		for (List<NewJob> call : calls) {
			queues.find(call);
			statuses.putAll(storeLinked(call, enqueue, queues::name));
			queues.add(call);
		}
	}

	/** Returns the jobs that are not on their queues. */
	private Map<NewJob, JobStatus> store(List<NewJob> jobs, List<List<NewJob>> later, Enqueue enqueue) {
		String nonce = enqueue.nonces().apply(jobs);
		NewJob first = jobs.get(0);
		boolean plain = jobs.size() == 1 && enqueue.taker().isEmpty() && nonce.isEmpty() && first.due() == null
				&& !first.unique() && !this.limits.isLimitedAny(jobs);
		ScriptArguments arguments = arguments(first, enqueue.now());
		if (plain) {
			add(arguments, first);
		}
		else {
			arguments.add(nonce).add(enqueue.seconds()).add(jobs.size());
			jobs.forEach((job) -> add(arguments, job, nonce));
			addEnd(arguments, enqueue.taker(), jobs, later);
		}
		return run(plain ? Script.ENQUEUE : Script.ENQUEUE_ALL, arguments, jobs);
	}

	private Map<NewJob, JobStatus> storeLinked(List<NewJob> jobs, Enqueue enqueue,
			BiFunction<NewJob, String, String> parentName) {
		String nonce = enqueue.nonces().apply(jobs);
		ScriptArguments arguments = arguments(jobs.get(0), enqueue.now()).add(nonce)
			.add(enqueue.seconds())
			.add(jobs.size());
		for (NewJob job : jobs) {
			add(arguments, job, nonce);
			JobLinks links = job.job().options().links();
			RateLimit limit = links.rateLimit();
			arguments.add(links.failureAllowed() ? "1" : "0")
				.add((links.group() != null) ? links.group() : "")
				.add((limit != null) ? RateWindow.name(limit) : "")
				.add((limit != null) ? Integer.toString(limit.jobs()) : "")
				.add(links.dependencyIds().size());
			links.dependencyIds().forEach((parent) -> arguments.add(parentName.apply(job, parent)));
		}
		addEnd(arguments, enqueue.taker(), jobs, List.of());
		return run(Script.ENQUEUE_LINKED, arguments, jobs);
	}

	/** What is run at once is never on a queue. */
	private void addEnd(ScriptArguments arguments, String taker, List<NewJob> jobs, List<List<NewJob>> later) {
		if (!taker.isEmpty()) {
			arguments.add(taker);
		}
		else if (this.limits.isLimitedAny(jobs)) {
			arguments.add("");
			this.limits.add(arguments, jobs, later);
		}
	}

	private ScriptArguments arguments(NewJob first, Instant now) {
		return ScriptArguments.keys(this.scripts.keys(first.job().queue()).queue()).add(Timestamps.text(now));
	}

	/**
	 * What the whole call is known by, or nothing if the ids of the jobs are enough. A
	 * repeat that finds all done writes it, or there would be nothing to wait for.
	 */
	private String nonce(List<NewJob> jobs) {
		return (this.replicas.count() > 0 || jobs.stream().anyMatch(JobStore::needsNonce))
				? UUID.randomUUID().toString() : "";
	}

	private Map<NewJob, JobStatus> run(Script script, ScriptArguments arguments, List<NewJob> jobs) {
		String queue = jobs.get(0).job().queue();
		this.deliveries.announce(queue);
		RedisScripts.Replicated run = (this.replicas.count() > 0)
				? this.scripts.run(script, arguments, this.replicas, this.scripts.keys(queue).enqueued("replicas"))
				: new RedisScripts.Replicated(this.scripts.run(script, arguments), 0);
		List<?> reply = run.reply();
		boolean plain = script == Script.ENQUEUE;
		if (!plain || Replies.number(reply.get(1)) == 1) {
			this.deliveries.tryDeliver(queue);
		}
		int outcome = (int) Replies.number(reply.get(0));
		if (outcome == QUEUE_FULL) {
			throw this.limits.exceeded(jobs.get((int) Replies.number(reply.get(1)) - 1).job().queue(), reply);
		}
		// who tries again must not take a job for safe that only a former primary has
		if (run.replicas() < this.replicas.count()) {
			throw new TooFewReplicasException(jobs.stream().map((job) -> job.job().id()).toList(), run.replicas(),
					this.replicas.count(), this.replicas.timeout());
		}
		if (outcome != 0) {
			throw new DuplicateJobException(jobs.get((int) Replies.number(reply.get(1)) - 1).job().id(),
					reason(outcome));
		}
		if (plain || reply.size() == 1) {
			return Map.of();
		}
		Map<NewJob, JobStatus> elsewhere = new IdentityHashMap<>();
		for (int i = 1; i < reply.size(); i += 2) {
			elsewhere.put(jobs.get((int) Replies.number(reply.get(i)) - 1),
					Objects.requireNonNull(JobStatus.find(Replies.text(reply.get(i + 1)))));
		}
		return elsewhere;
	}

	private static String reason(int outcome) {
		return switch (outcome) {
			case 1 -> "a job of that id exists";
			case 2 -> "the job of that id is running; wait for its end or choose another";
			case 3 -> "the id is given twice in one call";
			default -> throw new IllegalStateException("Unexpected outcome " + outcome);
		};
	}

	/**
	 * Whether the client's repeat of a call cannot be told by the job's id alone: it may
	 * be there from an earlier call, or already gone.
	 */
	private static boolean needsNonce(NewJob newJob) {
		JobOptions options = newJob.job().options();
		return newJob.idGiven() || isShort(options.resultTtl()) || isShort(options.failureTtl());
	}

	private static boolean isShort(@Nullable Duration ttl) {
		return ttl != null && !ttl.isNegative() && ttl.compareTo(LONGEST_REPEAT) < 0;
	}

	/** What the scripts that store one job take of it. */
	static void add(ScriptArguments arguments, NewJob newJob) {
		Job job = newJob.job();
		arguments.add(job.id())
			.add(job.queue())
			.add(newJob.atFront() ? "1" : "0")
			.add(ttl(job.options()))
			.addAll(JobHashWriter.write(job));
	}

	private static void add(ScriptArguments arguments, NewJob newJob, String nonce) {
		Job job = newJob.job();
		int flags = (newJob.atFront() ? AT_FRONT : 0) + (newJob.idGiven() ? ID_GIVEN : 0)
				+ (newJob.unique() ? UNIQUE : 0);
		List<byte[]> fields = newJob.idGiven() ? JobHashWriter.write(job, nonce) : JobHashWriter.write(job);
		arguments.add(job.id())
			.add(job.queue())
			.add(flags)
			.add(due(newJob.due()))
			.add(ttl(job.options()))
			.add(fields.size())
			.addAll(fields);
	}

	private static String ttl(JobOptions options) {
		return (options.ttl() != null) ? Long.toString(options.ttl().toSeconds()) : "";
	}

	private static String due(NewJob.@Nullable Due due) {
		if (due == null) {
			return "";
		}
		return (due.at() != null) ? Timestamps.seconds(due.at())
				: "+" + Timestamps.seconds(Instant.EPOCH.plus(Objects.requireNonNull(due.in())));
	}

	private static Job stored(Job job, JobStatus status, Instant now) {
		JobTimes times = new JobTimes(job.createdAt(), (status == JobStatus.QUEUED) ? now : null, null, null, null);
		return new Job(job.id(), job.queue(), status, job.options(), times, job.run(), job.payload());
	}

	/**
	 * Deletes the recorded outcomes of a job.
	 * @param id the job's id
	 * @return how many there were
	 */
	public long deleteResults(String id) {
		return this.queues.anyKeys()
			.flatMap((keys) -> Stream.of(keys.results(id), keys.attempts(id)))
			.mapToLong((stream) -> this.scripts.with(stream, (connection) -> {
				byte[] key = ScriptArguments.bytes(stream);
				Long length = connection.streamCommands().xLen(key);
				connection.keyCommands().unlink(key);
				return (length != null) ? length : 0;
			}))
			.sum();
	}

	/**
	 * Returns what cancels, requeues and deletes jobs.
	 * @return the control
	 */
	public JobControl control() {
		return this.control;
	}

	/**
	 * Returns what changes jobs that do not run.
	 * @return the changes
	 */
	public JobChanges changes() {
		return this.changes;
	}

	/**
	 * Changes the call of a job that does not run.
	 * @param id the job's id
	 * @param change the change
	 * @return whether there is such a job
	 * @throws io.rq.job.IllegalJobStateException if it runs or has ended well
	 */
	public boolean changeCall(String id, JobChanges.CallChange change) {
		return this.changes.changeCall(id, maxPayload(), change);
	}

	/**
	 * Changes the meta data of a job, from wherever. What others write at the same time
	 * is not lost: the change is then made once more, to what they have written.
	 * @param id the job's id
	 * @param change the change
	 * @return whether there is such a job
	 */
	public boolean changeMeta(String id, MetaChange change) {
		return this.queues.keysOf(id).anyMatch((keys) -> {
			List<byte[]> stored = this.scripts.with(keys.job(id), (connection) -> connection.hashCommands()
				.hMGet(ScriptArguments.bytes(keys.job(id)), JobField.DATA.bytes(), JobField.META.bytes()));
			return stored != null && stored.get(0) != null
					&& changeMeta(keys.job(id), stored.get(1), change, () -> UUID.randomUUID().toString());
		});
	}

	/**
	 * Changes the meta data of a job that runs. A change that is made twice must do no
	 * harm.
	 * @param queue the name of the job's queue
	 * @param id the job's id
	 * @param known the serialized meta data as they probably are, or {@code null} for
	 * none
	 * @param change the change
	 * @return whether there is such a job
	 */
	public boolean changeMeta(String queue, String id, byte @Nullable [] known, MetaChange change) {
		return changeMeta(this.scripts.keys(queue).job(id), known, change, () -> "");
	}

	private boolean changeMeta(String job, byte @Nullable [] known, MetaChange change, Supplier<String> nonce) {
		byte[] current = known;
		while (true) {
			List<?> reply = this.scripts.run(Script.NOTE,
					ScriptArguments.keys(job)
						.addAll(List.of(JobField.META.bytes(), orEmpty(current), orEmpty(change.apply(current))))
						.add(nonce.get()));
			int outcome = (int) Replies.number(reply.get(0));
			if (outcome != 2) {
				return outcome == 1;
			}
			current = (reply.size() > 1) ? (byte[]) reply.get(1) : null;
		}
	}

	private static byte[] orEmpty(byte @Nullable [] bytes) {
		return (bytes != null) ? bytes : new byte[0];
	}

	/**
	 * What all calls of one enqueue have in common.
	 *
	 * @param now the time for people
	 * @param taker for whom jobs are put aside, or an empty text
	 * @param nonces what each call is known by, or an empty text
	 * @param remembered how long it is, or {@code null} as long as clients repeat calls
	 */
	private record Enqueue(Instant now, String taker, Function<List<NewJob>, String> nonces,
			@Nullable Duration remembered) {

		String seconds() {
			return (this.remembered != null) ? Long.toString(this.remembered.toSeconds()) : "";
		}

	}

	/**
	 * A change of serialized meta data.
	 */
	@FunctionalInterface
	public interface MetaChange {

		/**
		 * Makes the new meta data of the old ones. May be called more than once.
		 * @param current the meta data as they are, or {@code null} for none
		 * @return the meta data as they are to be, or {@code null} for none
		 */
		byte @Nullable [] apply(byte @Nullable [] current);

	}

}
