package io.rq.redis;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.data.domain.Range;
import org.springframework.data.redis.connection.Limit;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.stream.ByteRecord;
import org.springframework.data.redis.connection.zset.Tuple;

import io.rq.job.DuplicateJobException;
import io.rq.job.InvalidJobException;
import io.rq.job.Job;
import io.rq.job.JobExecution;
import io.rq.job.JobLinks;
import io.rq.job.JobOptions;
import io.rq.job.JobResult;
import io.rq.job.JobStatus;
import io.rq.job.JobTimes;
import io.rq.job.NewJob;
import io.rq.job.TooFewReplicasException;
import io.rq.lifecycle.SafeLog;

/**
 * Stores jobs and reads them.
 */
public class JobStore {

	/** How many jobs one script call stores at most. */
	private static final int BATCH_SIZE = 1_000;

	/** RQ keeps ten; what other programs have added is read no further than this. */
	private static final int MAX_RESULTS = 100;

	private static final SafeLog log = SafeLog.of(JobStore.class);

	private static final int AT_FRONT = 1;

	private static final int ID_GIVEN = 2;

	private static final int UNIQUE = 4;

	private final RedisScripts scripts;

	private final QueueStore queues;

	private final GroupStore groups;

	private final Deliveries deliveries;

	private final JobControl control;

	private final Clock clock;

	private final long maxPayload;

	private final MinReplicas replicas;

	/**
	 * Creates the store.
	 * @param scripts the scripts on the connections to Redis
	 * @param clock the clock for times that only inform people
	 * @param maxPayload how many bytes the call in a job may have to be read
	 * @param replicas how many replicas must have what is enqueued
	 */
	public JobStore(RedisScripts scripts, Clock clock, long maxPayload, MinReplicas replicas) {
		this.scripts = scripts;
		this.queues = new QueueStore(scripts);
		this.groups = new GroupStore(scripts);
		this.deliveries = new Deliveries(scripts, clock);
		this.control = new JobControl(scripts, clock);
		this.replicas = replicas;
		this.maxPayload = maxPayload;
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
	 * jobs or, if it waits for others, in that of deferred ones. Up to 1,000 jobs take
	 * one round trip and are stored all or none; those of several queues all or none per
	 * queue where queues may lie on several nodes.
	 * @param jobs the jobs
	 * @return the jobs as stored, in the same order
	 * @throws DuplicateJobException if a unique job exists, a job of a given id is
	 * running or an id is given twice
	 * @throws IllegalArgumentException if jobs wait for each other
	 * @throws TooFewReplicasException if fewer replicas than demanded have them in time
	 */
	public List<Job> enqueue(List<NewJob> jobs) {
		Instant now = this.clock.instant();
		Map<NewJob, JobStatus> statuses = new IdentityHashMap<>();
		if (jobs.stream().anyMatch((job) -> job.job().options().links().isLinked())) {
			ParentsFirst.parts(jobs, BATCH_SIZE).forEach((part) -> storeLinked(part, now, statuses));
		}
		else {
			for (int from = 0; from < jobs.size(); from += BATCH_SIZE) {
				List<NewJob> part = (jobs.size() <= BATCH_SIZE) ? jobs
						: jobs.subList(from, Math.min(from + BATCH_SIZE, jobs.size()));
				this.scripts.layout()
					.calls(part, (job) -> job.job().queue())
					.forEach((call) -> statuses.putAll(store(call, now)));
			}
		}
		return jobs.stream()
			.map((job) -> stored(job.job(), statuses.getOrDefault(job, JobStatus.QUEUED), now))
			.toList();
	}

	private void storeLinked(List<List<NewJob>> levels, Instant now, Map<NewJob, JobStatus> statuses) {
		if (!this.scripts.layout().tagged()) {
			statuses.putAll(storeLinked(levels.stream().flatMap(List::stream).toList(), now, (job, parent) -> parent));
			return;
		}
		ParentQueues queues = new ParentQueues(this.scripts, this.queues);
		for (List<NewJob> level : levels) {
			queues.find(level);
			this.scripts.layout()
				.calls(level, (job) -> job.job().queue())
				.forEach((call) -> statuses.putAll(storeLinked(call, now, queues::name)));
			queues.add(level);
		}
	}

	/** Returns the jobs that are not on their queues. */
	private Map<NewJob, JobStatus> store(List<NewJob> jobs, Instant now) {
		String nonce = nonce(jobs);
		NewJob first = jobs.get(0);
		boolean plain = jobs.size() == 1 && nonce.isEmpty() && first.due() == null && !first.unique();
		ScriptArguments arguments = arguments(first, now);
		if (plain) {
			add(arguments, first);
		}
		else {
			arguments.add(nonce).add(jobs.size());
			jobs.forEach((job) -> add(arguments, job, nonce));
		}
		return run(plain ? Script.ENQUEUE : Script.ENQUEUE_ALL, arguments, jobs);
	}

	private Map<NewJob, JobStatus> storeLinked(List<NewJob> jobs, Instant now,
			BiFunction<NewJob, String, String> parentName) {
		String nonce = nonce(jobs);
		ScriptArguments arguments = arguments(jobs.get(0), now).add(nonce).add(jobs.size());
		for (NewJob job : jobs) {
			add(arguments, job, nonce);
			JobLinks links = job.job().options().links();
			arguments.add(links.failureAllowed() ? "1" : "0")
				.add((links.group() != null) ? links.group() : "")
				.add(links.dependencyIds().size());
			links.dependencyIds().forEach((parent) -> arguments.add(parentName.apply(job, parent)));
		}
		return run(Script.ENQUEUE_LINKED, arguments, jobs);
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
		RedisScripts.Replicated run = (this.replicas.count() > 0) ? this.scripts.run(script, arguments, this.replicas)
				: new RedisScripts.Replicated(this.scripts.run(script, arguments), 0);
		this.deliveries.tryDeliver(jobs.get(0).job().queue());
		List<?> reply = run.reply();
		int outcome = (int) Replies.number(reply.get(0));
		if (outcome != 0) {
			throw new DuplicateJobException(jobs.get((int) Replies.number(reply.get(1)) - 1).job().id(),
					reason(outcome));
		}
		if (run.replicas() < this.replicas.count()) {
			throw new TooFewReplicasException(jobs.stream().map((job) -> job.job().id()).toList(), run.replicas(),
					this.replicas.count(), this.replicas.timeout());
		}
		if (reply.size() == 1) {
			return Map.of();
		}
		Map<NewJob, JobStatus> elsewhere = new IdentityHashMap<>();
		for (Object entry : reply.subList(1, reply.size())) {
			int position = (int) Replies.number(entry);
			elsewhere.put(jobs.get(Math.abs(position) - 1), (position > 0) ? JobStatus.SCHEDULED : JobStatus.DEFERRED);
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
		return newJob.idGiven() || Duration.ZERO.equals(options.resultTtl())
				|| Duration.ZERO.equals(options.failureTtl());
	}

	private static void add(ScriptArguments arguments, NewJob newJob) {
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
	 * Reads a job.
	 * @param id the job's id
	 * @return the job, or empty if there is none
	 * @throws io.rq.job.InvalidJobException if its record cannot be read
	 */
	public Optional<Job> find(String id) {
		return this.queues.anyKeys()
			.map((keys) -> read(keys.job(id)))
			.filter((fields) -> fields.containsKey(JobField.DATA.text()))
			.findFirst()
			.map((fields) -> JobHashReader.read(id, fields, this.maxPayload));
	}

	/**
	 * Reads many jobs, a thousand per round trip unless they are large.
	 * @param ids the jobs' ids
	 * @return those jobs that there are and that can be read, in the order of the ids
	 */
	public List<Job> findAll(Collection<String> ids) {
		Map<String, Job> found = new HashMap<>();
		this.queues.anyKeys().forEach((keys) -> {
			List<String> missing = ids.stream().distinct().filter((id) -> !found.containsKey(id)).toList();
			for (int from = 0; from < missing.size();) {
				from += read(keys, missing.subList(from, Math.min(from + BATCH_SIZE, missing.size())), found);
			}
		});
		return ids.stream().map(found::get).filter(Objects::nonNull).toList();
	}

	/** Returns how many ids the call has come to. */
	private int read(QueueKeys keys, List<String> ids, Map<String, Job> found) {
		ScriptArguments arguments = ScriptArguments.keys();
		ids.forEach((id) -> arguments.key(keys.job(id)));
		List<?> reply = this.scripts.run(Script.FIND, arguments);
		for (int i = 0; i < reply.size(); i++) {
			Map<String, byte[]> fields = JobHashReader.fields(Replies.list(reply, i));
			if (fields.containsKey(JobField.DATA.text())) {
				try {
					found.put(ids.get(i), JobHashReader.read(ids.get(i), fields, this.maxPayload));
				}
				catch (InvalidJobException ex) {
					log.debug("Job {} is left out", ids.get(i), ex);
				}
			}
		}
		return reply.size();
	}

	/**
	 * Tells whether there is a job.
	 * @param id the job's id
	 * @return {@code true} if there is
	 */
	public boolean exists(String id) {
		return this.queues.anyKeys()
			.anyMatch((keys) -> this.scripts.with((connection) -> Boolean.TRUE.equals(
					connection.hashCommands().hExists(ScriptArguments.bytes(keys.job(id)), JobField.DATA.bytes()))));
	}

	/**
	 * Reads the runs of a job that are under way, as far as their workers show them.
	 * @param id the job's id
	 * @return the runs, a hundred at most
	 */
	public List<JobExecution> executions(String id) {
		return this.queues.anyKeys()
			.flatMap((keys) -> this.scripts.with((connection) -> executions(connection, keys, id)).stream())
			.toList();
	}

	private static List<JobExecution> executions(RedisConnection connection, QueueKeys keys, String id) {
		Set<Tuple> runs = connection.zSetCommands()
			.zRangeWithScores(ScriptArguments.bytes(keys.executions(id)), 0, MAX_RESULTS - 1);
		List<JobExecution> executions = new ArrayList<>();
		for (Tuple run : (runs != null) ? runs : Set.<Tuple>of()) {
			String execution = Replies.text(run.getValue());
			Map<String, String> fields = new HashMap<>();
			Map<byte[], byte[]> hash = connection.hashCommands()
				.hGetAll(ScriptArguments.bytes(keys.execution(id, execution)));
			if (hash != null) {
				hash.forEach((name, value) -> fields.put(Replies.text(name), Replies.text(value)));
			}
			executions.add(new JobExecution(id, execution, fields.get("worker_name"),
					Timestamps.ifSeconds(fields.get("created_at")), Timestamps.ifSeconds(fields.get("last_heartbeat")),
					Timestamps.ofSeconds(run.getScore())));
		}
		return executions;
	}

	private Map<String, byte[]> read(String key) {
		return this.scripts.with((connection) -> {
			Map<byte[], byte[]> hash = connection.hashCommands().hGetAll(ScriptArguments.bytes(key));
			Map<String, byte[]> fields = new HashMap<>();
			if (hash != null) {
				hash.forEach((name, value) -> fields.put(Replies.text(name), value));
			}
			return fields;
		});
	}

	/**
	 * Returns what cancels, requeues and deletes jobs.
	 * @return the control
	 */
	public JobControl control() {
		return this.control;
	}

	/**
	 * Reads which jobs wait for a job.
	 * @param id the job's id
	 * @return their ids
	 */
	public Set<String> dependents(String id) {
		return this.queues.anyKeys()
			.flatMap((keys) -> this.scripts.members(keys.dependents(id)).stream())
			.map((name) -> name.substring(name.indexOf(':') + 1))
			.collect(Collectors.toCollection(TreeSet::new));
	}

	/**
	 * Reads the recorded outcomes of a job, those of attempts that were answered with
	 * another included.
	 * @param id the job's id
	 * @return the outcomes, newest first, a hundred of a kind at most
	 */
	public List<JobResult> results(String id) {
		List<String> streams = this.queues.anyKeys()
			.flatMap((keys) -> Stream.of(keys.results(id), keys.attempts(id)))
			.toList();
		return this.scripts.with((connection) -> streams.stream()
			.flatMap((key) -> entries(connection, key).stream())
			.sorted(ResultEntry.NEWEST_FIRST)
			.map(ResultEntry::read)
			.toList());
	}

	private static List<ByteRecord> entries(RedisConnection connection, String stream) {
		List<ByteRecord> entries = connection.streamCommands()
			.xRevRange(ScriptArguments.bytes(stream), Range.unbounded(), Limit.limit().count(MAX_RESULTS));
		return (entries != null) ? entries : List.of();
	}

	/**
	 * Changes the meta data of a job, from wherever. What others write at the same time
	 * is not lost: the change is then made once more, to what they have written.
	 * @param id the job's id
	 * @param change the change
	 * @return whether there is such a job
	 */
	public boolean changeMeta(String id, MetaChange change) {
		return this.queues.anyKeys().anyMatch((keys) -> {
			List<byte[]> stored = this.scripts.with((connection) -> connection.hashCommands()
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
	 * Asks the worker that runs a job to stop it. Nobody confirms that: another call
	 * tells what has become of the job.
	 * @param id the job's id
	 * @param run the run that is meant, as an earlier call told it, or {@code null} for
	 * that of now
	 * @param send whether to send the command, or only to look
	 * @return how the job stands, or empty if there is none of that id
	 */
	public Optional<Standing> stop(String id, @Nullable Standing run, boolean send) {
		String command = "{\"command\": \"stop-job\", \"job_id\": \"" + id + "\"}";
		return this.queues.anyKeys()
			.map((keys) -> this.scripts.run(Script.STOP,
					ScriptArguments.keys(keys.job(id))
						.add((run != null) ? run.startedAt() : "")
						.add(send ? command : "")))
			.filter((reply) -> !reply.isEmpty())
			.findFirst()
			.map((reply) -> new Standing(Replies.text(reply.get(0)), Replies.text(reply.get(1)),
					Replies.text(reply.get(2)), Long.parseLong(Replies.text(reply.get(3)))));
	}

	/**
	 * Counts the jobs that wait on a queue.
	 * @param queue the queue's name
	 * @return the number of jobs
	 */
	public long count(String queue) {
		return this.scripts.with((connection) -> {
			Long length = connection.listCommands().lLen(ScriptArguments.bytes(this.scripts.keys(queue).queue()));
			return (length != null) ? length : 0;
		});
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

	/**
	 * How a job stands that is to be stopped.
	 *
	 * @param status the status as it stands in Redis
	 * @param startedAt when its run started, as it stands in Redis
	 * @param worker who runs or ran it, or an empty text
	 * @param listeners how many have heard the command, -1 if it was not sent
	 */
	public record Standing(String status, String startedAt, String worker, long listeners) {

	}

}
