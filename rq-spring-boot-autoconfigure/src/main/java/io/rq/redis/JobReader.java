package io.rq.redis;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.springframework.data.domain.Range;
import org.springframework.data.redis.connection.Limit;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.stream.ByteRecord;
import org.springframework.data.redis.connection.zset.Tuple;

import io.rq.job.InvalidJobException;
import io.rq.job.Job;
import io.rq.job.JobExecution;
import io.rq.job.JobResult;
import io.rq.log.SafeLog;
import io.rq.queue.Registry;

/**
 * Reads jobs and what has become of them.
 */
public class JobReader {

	/** How many jobs one script call reads at most. */
	private static final int BATCH_SIZE = 1_000;

	/** RQ keeps ten; what other programs have added is read no further than this. */
	private static final int MAX_RESULTS = 100;

	private static final SafeLog log = SafeLog.of(JobReader.class);

	final RedisScripts scripts;

	final QueueStore queues;

	private final long maxPayload;

	/**
	 * Creates the reader.
	 * @param scripts the scripts on the connections to Redis
	 * @param maxPayload how many bytes the call in a job may have to be read
	 */
	public JobReader(RedisScripts scripts, long maxPayload) {
		this.scripts = scripts;
		this.queues = new QueueStore(scripts);
		this.maxPayload = maxPayload;
	}

	/**
	 * Reads a job.
	 * @param id the job's id
	 * @return the job, or empty if there is none
	 * @throws io.rq.job.InvalidJobException if its record cannot be read
	 */
	public Optional<Job> find(String id) {
		return this.queues.keysOf(id)
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
			each(keys, missing, (id, fields) -> {
				try {
					found.put(id, JobHashReader.read(id, fields, this.maxPayload));
				}
				catch (InvalidJobException ex) {
					log.debug("Job {} is left out", id, ex);
				}
			});
		});
		return ids.stream().map(found::get).filter(Objects::nonNull).toList();
	}

	/**
	 * Reads on which queues jobs are, also those whose records cannot be read else.
	 * @param ids the jobs' ids
	 * @return the names of the queues; an empty text among them if a job names none
	 */
	public Set<String> queues(Collection<String> ids) {
		List<String> all = List.copyOf(ids);
		Set<String> queues = new TreeSet<>();
		this.queues.anyKeys().forEach((keys) -> each(keys, all, (id, fields) -> {
			byte[] origin = fields.get(JobField.ORIGIN.text());
			queues.add((origin != null) ? Replies.text(origin) : "");
		}));
		return queues;
	}

	private void each(QueueKeys keys, List<String> ids, BiConsumer<String, Map<String, byte[]>> job) {
		for (int from = 0; from < ids.size();) {
			from += read(keys, ids.subList(from, Math.min(from + BATCH_SIZE, ids.size())), job);
		}
	}

	/** Returns how many ids the call has come to. */
	private int read(QueueKeys keys, List<String> ids, BiConsumer<String, Map<String, byte[]>> job) {
		ScriptArguments arguments = ScriptArguments.keys();
		ids.forEach((id) -> arguments.key(keys.job(id)));
		List<?> reply = this.scripts.run(Script.FIND, arguments);
		for (int i = 0; i < reply.size(); i++) {
			Map<String, byte[]> fields = JobHashReader.fields(Replies.list(reply, i));
			if (fields.containsKey(JobField.DATA.text())) {
				job.accept(ids.get(i), fields);
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
		return this.queues.keysOf(id).anyMatch((keys) -> this.queues.holds(keys, id));
	}

	/**
	 * Reads the runs of a job that are under way, as far as their workers show them.
	 * @param id the job's id
	 * @return the runs, a hundred at most
	 */
	public List<JobExecution> executions(String id) {
		return this.queues.keysOf(id).flatMap((keys) -> executions(keys, id).stream()).toList();
	}

	private List<JobExecution> executions(QueueKeys keys, String id) {
		Set<Tuple> runs = this.scripts.with(keys.executions(id), (connection) -> connection.zSetCommands()
			.zRangeWithScores(ScriptArguments.bytes(keys.executions(id)), 0, MAX_RESULTS - 1));
		List<JobExecution> executions = new ArrayList<>();
		for (Tuple run : (runs != null) ? runs : Set.<Tuple>of()) {
			String execution = Replies.text(run.getValue());
			executions.add(execution(id, execution, this.scripts.hash(keys.execution(id, execution)), run.getScore()));
		}
		return executions;
	}

	static JobExecution execution(String id, String execution, Map<String, String> fields, double expiry) {
		return new JobExecution(id, execution, fields.get("worker_name"),
				Timestamps.ifSeconds(fields.get("created_at")), Timestamps.ifSeconds(fields.get("last_heartbeat")),
				Timestamps.ofSeconds(expiry));
	}

	private Map<String, byte[]> read(String key) {
		return this.scripts.with(key, (connection) -> {
			Map<byte[], byte[]> hash = connection.hashCommands().hGetAll(ScriptArguments.bytes(key));
			Map<String, byte[]> fields = new HashMap<>();
			if (hash != null) {
				hash.forEach((name, value) -> fields.put(Replies.text(name), value));
			}
			return fields;
		});
	}

	/**
	 * Reads which jobs wait for a job.
	 * @param id the job's id
	 * @return their ids
	 */
	public Set<String> dependents(String id) {
		return this.queues.anyKeys()
			.flatMap((keys) -> this.scripts.members(keys.dependents(id)).stream())
			.map(this.scripts.layout()::jobId)
			.collect(Collectors.toCollection(TreeSet::new));
	}

	/**
	 * Reads some of the jobs that wait for a job, however many there are.
	 * @param id the job's id
	 * @param most how many at most; which of them, if there are more, is left to chance
	 * @return their ids, sorted
	 */
	public List<String> someDependents(String id, int most) {
		return this.queues.anyKeys().flatMap((keys) -> this.scripts.with(keys.dependents(id), (connection) -> {
			List<byte[]> some = connection.setCommands().sRandMember(ScriptArguments.bytes(keys.dependents(id)), most);
			return (some != null) ? some : List.<byte[]>of();
		}).stream()).map((member) -> this.scripts.layout().jobId(Replies.text(member))).sorted().toList();
	}

	/**
	 * Counts the jobs that wait for a job.
	 * @param id the job's id
	 * @return how many it has not let go yet
	 */
	public long countDependents(String id) {
		return this.queues.anyKeys().mapToLong((keys) -> this.scripts.with(keys.dependents(id), (connection) -> {
			Long size = connection.setCommands().sCard(ScriptArguments.bytes(keys.dependents(id)));
			return (size != null) ? size : 0;
		})).sum();
	}

	/**
	 * Reads the recorded outcomes of a job, those of attempts that were answered with
	 * another included.
	 * @param id the job's id
	 * @return the outcomes, newest first, a hundred of a kind at most
	 */
	public List<JobResult> results(String id) {
		return results(id, MAX_RESULTS);
	}

	/**
	 * Reads the newest of the recorded outcomes of a job, attempts that were answered
	 * with another included.
	 * @param id the job's id
	 * @return the outcome, or empty if there is none
	 */
	public Optional<JobResult> latestResult(String id) {
		return results(id, 1).stream().findFirst();
	}

	private List<JobResult> results(String id, int most) {
		List<String> streams = this.queues.anyKeys()
			.flatMap((keys) -> Stream.of(keys.results(id), keys.attempts(id)))
			.toList();
		return streams.stream()
			.flatMap((key) -> this.scripts.with(key, (connection) -> entries(connection, key, most)).stream())
			.map(ResultEntry::of)
			.sorted(ResultEntry.NEWEST_FIRST)
			.flatMap((entry) -> readable(id, entry))
			.toList();
	}

	/**
	 * Reads the recorded outcomes of a job for people: however long the values are that
	 * it returned, little of that is read.
	 * @param id the job's id
	 * @return the outcomes as {@link #results} tells them, fewer if they are very long
	 */
	public NewestResults outcomes(String id) {
		List<ResultEntry> entries = this.queues.anyKeys()
			.map((keys) -> ScriptArguments.keys(keys.results(id), keys.attempts(id))
				.add(MAX_RESULTS)
				.add(NewestResults.LONGEST_VALUE))
			.flatMap((arguments) -> this.scripts.run(Script.OUTCOMES, arguments).stream())
			.flatMap((stream) -> ((List<?>) stream).stream())
			.map((entry) -> ResultEntry.of((List<?>) entry))
			.sorted(ResultEntry.NEWEST_FIRST)
			.toList();
		List<JobResult> newestFirst = entries.stream().flatMap((entry) -> readable(id, entry)).toList();
		return new NewestResults(newestFirst,
				entries.stream()
					.filter(ResultEntry::isValueTooLong)
					.anyMatch((entry) -> entry.id().equals(newestFirst.isEmpty() ? "" : newestFirst.get(0).id())));
	}

	private static Stream<JobResult> readable(String id, ResultEntry entry) {
		try {
			return Stream.of(entry.read());
		}
		catch (InvalidJobException ex) {
			log.debug("An outcome of job {} is left out", id, ex);
			return Stream.empty();
		}
	}

	private static List<ByteRecord> entries(RedisConnection connection, String stream, int most) {
		List<ByteRecord> entries = connection.streamCommands()
			.xRevRange(ScriptArguments.bytes(stream), Range.unbounded(), Limit.limit().count(most));
		return (entries != null) ? entries : List.of();
	}

	/**
	 * Reads when a job is due.
	 * @param job the job
	 * @return the time, or empty if it is not scheduled
	 */
	public Optional<Instant> dueTime(Job job) {
		return time(job.queue(), Registry.SCHEDULED, job.id());
	}

	/**
	 * Reads until when a job is kept that has ended.
	 * @param job the job
	 * @return the time, or empty if it has not ended or is kept for ever
	 */
	public Optional<Instant> expirationTime(Job job) {
		return switch (job.status()) {
			case FINISHED -> time(job.queue(), Registry.FINISHED, job.id());
			case FAILED, STOPPED -> time(job.queue(), Registry.FAILED, job.id());
			default -> Optional.empty();
		};
	}

	/**
	 * Reads until when a job has a place in a registry.
	 * @param queue the name of the job's queue
	 * @param registry the registry
	 * @param id the job's id
	 * @return the time, or empty if it is not there or there for ever
	 */
	public Optional<Instant> time(String queue, Registry registry, String id) {
		String key = this.scripts.keys(queue).of(registry);
		Double score = this.scripts.with(key, (connection) -> connection.zSetCommands()
			.zScore(ScriptArguments.bytes(key), ScriptArguments.bytes(id)));
		return (score == null || score <= 0 || score.isInfinite()) ? Optional.empty()
				: Optional.of(Timestamps.ofSeconds(score));
	}

	/**
	 * Counts the jobs that wait on a queue.
	 * @param queue the queue's name
	 * @return the number of jobs
	 */
	public long count(String queue) {
		return this.queues.size(queue, Registry.QUEUED);
	}

	/** How many bytes the call in a job may have to be read. */
	long maxPayload() {
		return this.maxPayload;
	}

}
