package io.rq.redis;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import org.springframework.data.domain.Range;
import org.springframework.data.redis.connection.Limit;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.stream.ByteRecord;
import org.springframework.util.Assert;

import io.rq.job.DuplicateJobException;
import io.rq.job.Job;
import io.rq.job.JobOptions;
import io.rq.job.JobPayload;
import io.rq.job.JobResult;
import io.rq.job.JobStatus;
import io.rq.job.JobTimes;
import io.rq.job.NewJob;
import io.rq.job.TooFewReplicasException;

/**
 * Stores jobs and reads them.
 */
public class JobStore {

	/** How many jobs one script call stores at most. */
	public static final int BATCH_SIZE = 1_000;

	private static final int AT_FRONT = 1;

	private static final int ID_GIVEN = 2;

	private static final int UNIQUE = 4;

	private final RedisScripts scripts;

	private final Clock clock;

	private final long maxPayload;

	private final MinReplicas replicas;

	/**
	 * Creates the store.
	 * @param connections the connections to Redis
	 * @param clock the clock for times that only inform people
	 */
	public JobStore(RedisConnectionFactory connections, Clock clock) {
		this(connections, clock, JobPayload.DEFAULT_MAX_SIZE);
	}

	/**
	 * Creates the store.
	 * @param connections the connections to Redis
	 * @param clock the clock for times that only inform people
	 * @param maxPayload how many bytes the call in a job may have to be read
	 */
	public JobStore(RedisConnectionFactory connections, Clock clock, long maxPayload) {
		this(connections, clock, maxPayload, MinReplicas.NONE);
	}

	/**
	 * Creates the store.
	 * @param connections the connections to Redis
	 * @param clock the clock for times that only inform people
	 * @param maxPayload how many bytes the call in a job may have to be read
	 * @param replicas how many replicas must have what is enqueued
	 */
	public JobStore(RedisConnectionFactory connections, Clock clock, long maxPayload, MinReplicas replicas) {
		this.replicas = replicas;
		this.maxPayload = maxPayload;
		this.scripts = new RedisScripts(connections);
		this.clock = clock;
	}

	/**
	 * Stores jobs, all or none.
	 * @param jobs at most {@value #BATCH_SIZE} jobs
	 * @return the jobs as stored, in the same order
	 * @throws DuplicateJobException if a unique job exists, a job of a given id is
	 * running or an id is given twice
	 * @throws TooFewReplicasException if fewer replicas than demanded have them in time
	 */
	public List<Job> enqueue(List<NewJob> jobs) {
		Assert.isTrue(jobs.size() <= BATCH_SIZE, "'jobs' must not be more than " + BATCH_SIZE);
		Instant now = this.clock.instant();
		boolean replicated = this.replicas.count() > 0;
		// a repeat that finds all done writes its nonce, or there would be nothing to
		// wait for
		String nonce = (replicated || jobs.stream().anyMatch(JobStore::needsNonce)) ? UUID.randomUUID().toString() : "";
		ScriptArguments arguments = ScriptArguments.keys().add(Timestamps.text(now)).add(nonce).add(jobs.size());
		jobs.forEach((job) -> add(arguments, job, nonce));
		RedisScripts.Replicated run = replicated ? this.scripts.run(Script.ENQUEUE, arguments, this.replicas)
				: new RedisScripts.Replicated(this.scripts.run(Script.ENQUEUE, arguments), 0);
		List<?> reply = run.reply();
		int outcome = (int) Replies.number(reply.get(0));
		List<Integer> positions = Replies.positions(reply.subList(1, reply.size()));
		if (outcome != 0) {
			throw new DuplicateJobException(jobs.get(positions.get(0)).job().id(), reason(outcome));
		}
		if (run.replicas() < this.replicas.count()) {
			throw new TooFewReplicasException(jobs.stream().map((job) -> job.job().id()).toList(), run.replicas(),
					this.replicas.count(), this.replicas.timeout());
		}
		return stored(jobs, new HashSet<>(positions), now);
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

	private static void add(ScriptArguments arguments, NewJob newJob, String nonce) {
		Job job = newJob.job();
		int flags = (newJob.atFront() ? AT_FRONT : 0) + (newJob.idGiven() ? ID_GIVEN : 0)
				+ (newJob.unique() ? UNIQUE : 0);
		List<byte[]> fields = JobHash.write(job);
		if (newJob.idGiven()) {
			fields.add(ScriptArguments.bytes(JobHash.NONCE));
			fields.add(ScriptArguments.bytes(nonce));
		}
		arguments.add(job.id())
			.add(job.queue())
			.add(flags)
			.add(due(newJob.due()))
			.add((job.options().ttl() != null) ? Long.toString(job.options().ttl().toSeconds()) : "")
			.add(fields.size())
			.addAll(fields);
	}

	private static String due(NewJob.@Nullable Due due) {
		if (due == null) {
			return "";
		}
		return (due.at() != null) ? Timestamps.seconds(due.at())
				: "+" + Timestamps.seconds(Instant.EPOCH.plus(Objects.requireNonNull(due.in())));
	}

	private static List<Job> stored(List<NewJob> jobs, Set<Integer> scheduled, Instant now) {
		List<Job> stored = new ArrayList<>(jobs.size());
		for (int i = 0; i < jobs.size(); i++) {
			Job job = jobs.get(i).job();
			boolean later = scheduled.contains(i);
			JobTimes times = new JobTimes(job.createdAt(), later ? null : now, null, null, null);
			stored.add(new Job(job.id(), job.queue(), later ? JobStatus.SCHEDULED : JobStatus.QUEUED, job.options(),
					times, job.run(), job.payload()));
		}
		return stored;
	}

	/**
	 * Reads a job.
	 * @param id the job's id
	 * @return the job, or empty if there is none
	 * @throws io.rq.job.InvalidJobException if its record cannot be read
	 */
	public Optional<Job> find(String id) {
		return this.scripts.with((connection) -> {
			Map<byte[], byte[]> hash = connection.hashCommands().hGetAll(ScriptArguments.bytes(RqKeys.job(id)));
			Map<String, byte[]> fields = new HashMap<>();
			if (hash != null) {
				hash.forEach((name, value) -> fields.put(Replies.text(name), value));
			}
			return fields.containsKey("data") ? Optional.of(JobHash.read(id, fields, this.maxPayload))
					: Optional.empty();
		});
	}

	/**
	 * Reads the recorded outcomes of a job, those of attempts that were answered with
	 * another included.
	 * @param id the job's id
	 * @return the outcomes, newest first
	 */
	public List<JobResult> results(String id) {
		return this.scripts.with((connection) -> Stream.of(RqKeys.results(id), RqKeys.attempts(id))
			.flatMap((key) -> entries(connection, key).stream())
			.sorted(ResultEntry.NEWEST_FIRST)
			.map(ResultEntry::read)
			.toList());
	}

	private static List<ByteRecord> entries(RedisConnection connection, String stream) {
		List<ByteRecord> entries = connection.streamCommands()
			.xRevRange(ScriptArguments.bytes(stream), Range.unbounded(), Limit.unlimited());
		return (entries != null) ? entries : List.of();
	}

	/**
	 * Stores a job's meta data if the job still exists.
	 * @param id the job's id
	 * @param meta the serialized meta data
	 */
	public void saveMeta(String id, byte[] meta) {
		this.scripts.count(Script.NOTE, ScriptArguments.keys(RqKeys.job(id)).add(JobHash.META).addAll(List.of(meta)));
	}

	/**
	 * Counts the jobs that wait on a queue.
	 * @param queue the queue's name
	 * @return the number of jobs
	 */
	public long count(String queue) {
		return this.scripts.with((connection) -> {
			Long length = connection.listCommands().lLen(ScriptArguments.bytes(RqKeys.queue(queue)));
			return (length != null) ? length : 0;
		});
	}

}
