package io.rq.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.rq.job.InvalidJobException;
import io.rq.queue.ExecutionId;
import io.rq.queue.QueuePause;
import io.rq.queue.QueueSnapshot;
import io.rq.queue.RateLimitSnapshot;
import io.rq.queue.Registry;

/**
 * Counts and lists what is in queues and registries. Reading never changes anything.
 */
public class QueueStore {

	/** In the order in which the script tells their sizes. */
	private static final List<Registry> COUNTED = List.of(Registry.QUEUED, Registry.STARTED, Registry.SCHEDULED,
			Registry.DEFERRED, Registry.FINISHED, Registry.FAILED, Registry.CANCELED, Registry.READY);

	private static final int BATCH_SIZE = 100;

	private final RedisScripts scripts;

	/**
	 * Creates the store.
	 * @param scripts the scripts on the connections to Redis
	 */
	public QueueStore(RedisScripts scripts) {
		this.scripts = scripts;
	}

	/**
	 * Returns the names of all queues that have ever had a job.
	 * @return the names in alphabetical order
	 */
	public List<String> names() {
		KeyLayout layout = this.scripts.layout();
		return this.scripts.members(layout.queues())
			.stream()
			.flatMap((key) -> Stream.ofNullable(layout.queueName(key)))
			.sorted()
			.toList();
	}

	/**
	 * The keys of the queue of a job of which only the id is known. Where queues may lie
	 * apart all are asked, in one round trip for each node.
	 */
	Stream<QueueKeys> keysOf(String id) {
		return keysOf(id, anyKeys().toList());
	}

	/** The same among the keys of queues that have been read before. */
	Stream<QueueKeys> keysOf(String id, List<QueueKeys> all) {
		if (!this.scripts.layout().tagged()) {
			return all.stream();
		}
		Set<String> found = this.scripts.existing(all.stream().map((keys) -> keys.job(id)).toList());
		return all.stream().filter((keys) -> found.contains(keys.job(id)));
	}

	/** Whether there is a job: a hash without a call is what is left of one. */
	boolean holds(QueueKeys keys, String id) {
		String job = keys.job(id);
		return this.scripts.with(job, (connection) -> Boolean.TRUE
			.equals(connection.hashCommands().hExists(ScriptArguments.bytes(job), JobField.DATA.bytes())));
	}

	/** The keys under which that may lie of which only an id is known. */
	Stream<QueueKeys> anyKeys() {
		KeyLayout layout = this.scripts.layout();
		return layout.tagged() ? names().stream().map(layout::of) : Stream.of(layout.of(""));
	}

	/**
	 * Asks for what each queue has of its own where queues may lie apart, else once. What
	 * cannot be asked keeps nothing from the others.
	 * @param what what is asked for, for the log
	 */
	void askAll(String what, Consumer<QueueKeys> question) {
		this.scripts.look(anyKeys().toList(), QueueKeys::queue, question).requireSome(what);
	}

	/**
	 * Counts what is in the queues whose server can be asked.
	 * @param queues the names of the queues
	 * @return the counts, in the same order; none of a queue that cannot be asked
	 * @throws RuntimeException if none can
	 */
	public List<QueueSnapshot> reachable(List<String> queues) {
		List<QueueSnapshot> snapshots = new ArrayList<>();
		this.scripts.look(together(queues), this.scripts::place, (names) -> snapshots.addAll(census(names)))
			.requireSome("Counting the jobs of queues");
		return snapshots;
	}

	/**
	 * Divides queues into those that certainly lie on the same server, so that one whose
	 * server is away says nothing of the others.
	 * @param queues the names of the queues
	 * @return the parts, in the order of the first names
	 */
	public Collection<List<String>> together(List<String> queues) {
		return this.scripts.together(queues);
	}

	/**
	 * Counts what is in queues and their registries, a hundred queues or less at the same
	 * moment, each by itself where they lie on several nodes. A key that holds a value of
	 * another type counts as empty.
	 * @param queues the names of the queues
	 * @return the counts, in the same order
	 */
	public List<QueueSnapshot> census(Collection<String> queues) {
		Map<String, QueueSnapshot> snapshots = new HashMap<>();
		for (List<String> call : this.scripts.together(queues)) {
			for (int from = 0; from < call.size(); from += BATCH_SIZE) {
				count(call.subList(from, Math.min(from + BATCH_SIZE, call.size())))
					.forEach((snapshot) -> snapshots.put(snapshot.name(), snapshot));
			}
		}
		return queues.stream().map(snapshots::get).toList();
	}

	private List<QueueSnapshot> count(List<String> queues) {
		ScriptArguments arguments = ScriptArguments.keys();
		for (String queue : queues) {
			QueueKeys keys = this.scripts.keys(queue);
			Stream
				.of(keys.queue(), keys.schedulerLock(), keys.wip(), keys.scheduled(), keys.deferred(), keys.finished(),
						keys.failed(), keys.canceled(), keys.ready())
				.forEach(arguments::key);
		}
		List<?> reply = this.scripts.run(Script.CENSUS, arguments);
		Instant now = Timestamps.ofSeconds(Double.parseDouble(Replies.text(reply.get(queues.size()))));
		List<QueueSnapshot> snapshots = new ArrayList<>();
		for (int i = 0; i < queues.size(); i++) {
			snapshots.add(snapshot(queues.get(i), Replies.list(reply, i), now));
		}
		return snapshots;
	}

	private static QueueSnapshot snapshot(String queue, List<?> counts, Instant now) {
		Map<Registry, Long> sizes = new EnumMap<>(Registry.class);
		for (int i = 0; i < COUNTED.size(); i++) {
			sizes.put(COUNTED.get(i), Replies.number(counts.get(i)));
		}
		String holder = Replies.text(counts.get(9));
		Instant due = Timestamps.ifSeconds(Replies.text(counts.get(10)));
		return new QueueSnapshot(queue, sizes, age(Replies.text(counts.get(8)), now), holder.isEmpty() ? null : holder,
				due, (due != null && due.isBefore(now)) ? Duration.between(due, now) : Duration.ZERO,
				(counts.size() > 11) ? pause(counts, 11) : null);
	}

	static QueuePause pause(List<?> reply, int at) {
		return new QueuePause(Timestamps.ifReadable(Replies.text(reply.get(at))), Replies.text(reply.get(at + 1)));
	}

	/**
	 * Reads which queues are paused.
	 * @return the queues by name, with since when and why
	 */
	public Map<String, QueuePause> pauses() {
		Map<String, QueuePause> pauses = new TreeMap<>();
		askAll("Asking which queues are paused", (keys) -> {
			List<?> reply = this.scripts.run(Script.PAUSES, ScriptArguments.keys(keys.pausedQueues()));
			for (int i = 0; i < reply.size(); i += 3) {
				pauses.put(Replies.text(reply.get(i)), pause(reply, i + 1));
			}
		});
		return pauses;
	}

	/**
	 * Counts the jobs of rate limits of both kinds, those of each at the same moment.
	 * @param most how many limits at most; which of them, if there are more, is left to
	 * chance
	 * @return the counts, in the order of the keys
	 */
	public List<RateLimitSnapshot> rateLimits(int most) {
		List<RateLimitSnapshot> limits = new ArrayList<>();
		askAll("Asking for rate limits",
				(keys) -> Stream.of(keys.rateLimits(), keys.rateWindows())
					.flatMap((names) -> this.scripts.run(Script.LIMITS, ScriptArguments.keys(names).add(most)).stream())
					.forEach((limit) -> limits.add(snapshot((List<?>) limit))));
		return limits.stream().sorted(Comparator.comparing(RateLimitSnapshot::key)).limit(most).toList();
	}

	private static RateLimitSnapshot snapshot(List<?> limit) {
		long millis = Replies.number(limit.get(2));
		long burst = Replies.number(limit.get(3));
		return new RateLimitSnapshot(RateWindow.key(Replies.text(limit.get(0))), Replies.number(limit.get(1)),
				(millis > 0) ? Duration.ofMillis(millis) : null, (burst > 0) ? burst : null,
				Replies.number(limit.get(4)), Replies.number(limit.get(5)));
	}

	private static @Nullable Duration age(String since, Instant now) {
		try {
			Instant enqueued = Timestamps.parse(JobField.ENQUEUED_AT.text(), since);
			return (enqueued != null && enqueued.isBefore(now)) ? Duration.between(enqueued, now)
					: (enqueued != null) ? Duration.ZERO : null;
		}
		catch (InvalidJobException ex) {
			return null;
		}
	}

	/**
	 * Lists job ids of a queue or one of its registries.
	 * @param queue the name of the queue
	 * @param registry the queue itself or a registry
	 * @param offset how many to skip
	 * @param limit how many to return at most
	 * @return the ids in the order of the registry, on a queue the next one first
	 */
	public List<String> ids(String queue, Registry registry, long offset, long limit) {
		return members(queue, registry, offset, limit).stream().map(QueueStore::jobId).toList();
	}

	/**
	 * Lists the runs of a queue's jobs that are under way.
	 * @param queue the name of the queue
	 * @param offset how many to skip
	 * @param limit how many to return at most
	 * @return the runs, those first whose leases end first
	 */
	public List<ExecutionId> executionIds(String queue, long offset, long limit) {
		return members(queue, Registry.STARTED, offset, limit).stream().map(QueueStore::executionId).toList();
	}

	static ExecutionId executionId(String member) {
		int colon = member.indexOf(':');
		return new ExecutionId(jobId(member), (colon >= 0) ? member.substring(colon + 1) : null);
	}

	private List<String> members(String queue, Registry registry, long offset, long limit) {
		if (limit <= 0) {
			return List.of();
		}
		String name = this.scripts.keys(queue).of(registry);
		byte[] key = ScriptArguments.bytes(name);
		long last = offset + limit - 1;
		return this.scripts.with(name, (connection) -> {
			if (registry == Registry.QUEUED) {
				List<byte[]> ids = connection.listCommands().lRange(key, offset, last);
				return (ids != null) ? ids.stream().map(Replies::text).toList() : List.of();
			}
			Set<byte[]> members = connection.zSetCommands().zRange(key, offset, last);
			return (members != null) ? members.stream().map(Replies::text).toList() : List.of();
		});
	}

	/**
	 * Counts the jobs in a registry of a queue.
	 * @param queue the queue's name
	 * @param registry the registry, or the queue itself
	 * @return how many there are
	 */
	public long size(String queue, Registry registry) {
		String name = this.scripts.keys(queue).of(registry);
		byte[] key = ScriptArguments.bytes(name);
		return this.scripts.with(name, (connection) -> {
			Long size = (registry == Registry.QUEUED) ? connection.listCommands().lLen(key)
					: connection.zSetCommands().zCard(key);
			return (size != null) ? size : 0;
		});
	}

	/** Returns the id that stands before other things in a member of a set. */
	static String jobId(String member) {
		int colon = member.indexOf(':');
		return (colon >= 0) ? member.substring(0, colon) : member;
	}

}
