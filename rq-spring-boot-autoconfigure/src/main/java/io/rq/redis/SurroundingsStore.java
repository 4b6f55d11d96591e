package io.rq.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import io.rq.job.RateLimit;
import io.rq.queue.Registry;
import io.rq.redis.Surroundings.ListeningWorker;
import io.rq.redis.Surroundings.Places;
import io.rq.redis.Surroundings.QueueState;
import io.rq.redis.Surroundings.Slots;

/**
 * Looks at what there is around a job, in one call that takes no longer the more jobs
 * there are.
 */
public class SurroundingsStore {

	/** In the order in which the script tells their scores. */
	private static final List<Registry> REGISTRIES = List.of(Registry.STARTED, Registry.SCHEDULED, Registry.DEFERRED,
			Registry.READY, Registry.FINISHED, Registry.FAILED, Registry.CANCELED);

	private final RedisScripts scripts;

	private final QueueStore queues;

	/**
	 * Creates the store.
	 * @param scripts the scripts on the connections to Redis
	 */
	public SurroundingsStore(RedisScripts scripts) {
		this.scripts = scripts;
		this.queues = new QueueStore(scripts);
	}

	/**
	 * Looks around a job.
	 * @param queue the name of its queue
	 * @param id its id
	 * @param function the name of its function, or {@code null} if it is not known
	 * @param limit its rate limit, or {@code null}
	 * @param parents the ids of jobs that it waits for, some hundreds at most
	 * @return what is there
	 */
	public Surroundings look(String queue, String id, @Nullable String function, @Nullable RateLimit limit,
			List<String> parents) {
		QueueKeys keys = this.scripts.keys(queue);
		ScriptArguments arguments = ScriptArguments.keys(keys.queue())
			.add(queue)
			.add(id)
			.add((function != null) ? function : "")
			.add((limit != null) ? RateWindow.keys(limit) : "");
		parents.forEach(arguments::add);
		List<?> reply = this.scripts.run(Script.EXPLAIN, arguments);
		QueueState state = state(Replies.list(reply, 1));
		Map<String, String> statuses = new LinkedHashMap<>();
		for (int i = 0; i < parents.size(); i++) {
			statuses.put(parents.get(i), text(Replies.list(reply, 5), i));
		}
		addElsewhere(statuses);
		return new Surroundings(text(reply, 0), state, places(Replies.list(reply, 2), state.now()),
				Replies.list(reply, 3).stream().map((worker) -> listener(keys, (List<?>) worker)).toList(),
				slots(Replies.list(reply, 4)), statuses);
	}

	/** Where queues may lie apart, jobs of other queues are looked for there. */
	private void addElsewhere(Map<String, String> statuses) {
		if (this.scripts.layout().tagged() && statuses.containsValue("")) {
			List<QueueKeys> all = this.queues.anyKeys().toList();
			statuses.replaceAll((id, status) -> status.isEmpty() ? elsewhere(id, all) : status);
		}
	}

	/** A job may be gone since it was found, or never have had a status. */
	private String elsewhere(String id, List<QueueKeys> all) {
		return this.queues.keysOf(id, all)
			.map((keys) -> keys.job(id))
			.map((key) -> this.scripts.with(key,
					(connection) -> connection.hashCommands()
						.hGet(ScriptArguments.bytes(key), JobField.STATUS.bytes())))
			.filter(Objects::nonNull)
			.map(Replies::text)
			.findFirst()
			.orElse("");
	}

	private static QueueState state(List<?> state) {
		Instant now = Timestamps.ofSeconds(Double.parseDouble(text(state, 0)));
		long suspended = number(state, 1);
		String scheduler = text(state, 2);
		return new QueueState(now, suspended != -2, (suspended >= 0) ? now.plusMillis(suspended) : null,
				scheduler.isEmpty() ? null : scheduler, number(state, 3), number(state, 4),
				(state.size() > 5) ? QueueStore.pause(state, 5) : null);
	}

	private static Places places(List<?> places, Instant now) {
		long before = number(places, 0);
		String taker = text(places, 2);
		long left = number(places, 4);
		Map<Registry, Double> scores = new EnumMap<>(Registry.class);
		for (int i = 0; i < REGISTRIES.size(); i++) {
			String score = text(places, 5 + i);
			if (!score.isEmpty()) {
				scores.put(REGISTRIES.get(i), score(score));
			}
		}
		return new Places((before >= 0) ? before : null, before != -2, number(places, 1) >= 0,
				taker.isEmpty() ? null : taker, number(places, 3) == 1, (left >= 0) ? now.plusMillis(left) : null,
				Collections.unmodifiableMap(scores));
	}

	private static double score(String score) {
		return score.endsWith("inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(score);
	}

	private static ListeningWorker listener(QueueKeys keys, List<?> worker) {
		long knows = number(worker, 2);
		String runtime = text(worker, 4);
		return new ListeningWorker(keys.workerName(text(worker, 0)), !runtime.startsWith("Java"), text(worker, 3),
				number(worker, 1), whole(text(worker, 5)), (knows >= 0) ? knows == 1 : null, new Surroundings.Work(
						whole(text(worker, 6)) + whole(text(worker, 7)), Timestamps.ifReadable(text(worker, 8))));
	}

	private static @Nullable Slots slots(List<?> limit) {
		if (limit.isEmpty()) {
			return null;
		}
		long millis = whole(text(limit, 1));
		long before = number(limit, 4);
		List<?> entries = Replies.list(limit, 5);
		Map<String, @Nullable Instant> holders = new LinkedHashMap<>();
		for (int i = 0; i + 1 < entries.size(); i += 2) {
			double since = score(text(entries, i + 1));
			holders.put(QueueStore.jobId(text(entries, i)),
					Double.isInfinite(since) ? null : Timestamps.ofSeconds(since));
		}
		return new Slots(whole(text(limit, 0)), (millis > 0) ? Duration.ofMillis(millis) : null, number(limit, 2),
				number(limit, 3), (before >= 0) ? before : null, holders);
	}

	private static String text(List<?> reply, int index) {
		return Replies.text(reply.get(index));
	}

	private static long number(List<?> reply, int index) {
		return Replies.number(reply.get(index));
	}

	/** What other programs have written there may be anything. */
	private static long whole(String text) {
		try {
			return text.isEmpty() ? 0 : Long.parseLong(text);
		}
		catch (NumberFormatException ex) {
			return 0;
		}
	}

}
