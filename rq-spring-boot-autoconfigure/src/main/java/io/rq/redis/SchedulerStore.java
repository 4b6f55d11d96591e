package io.rq.redis;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * The locks that elect the scheduler of each queue, and the moving of due jobs.
 */
public class SchedulerStore {

	private final RedisScripts scripts;

	private final Clock clock;

	/**
	 * Creates the store.
	 * @param connections the connections to Redis
	 * @param clock the clock for times that only inform people
	 */
	public SchedulerStore(RedisConnectionFactory connections, Clock clock) {
		this.scripts = new RedisScripts(connections);
		this.clock = clock;
	}

	/**
	 * Takes or renews the locks of queues, as far as no other scheduler holds them.
	 * @param scheduler the scheduler
	 * @param queues the queues
	 * @param lease how long the locks last without renewal
	 * @return for each queue whether this scheduler holds its lock now
	 */
	public Map<String, Boolean> lead(SchedulerIdentity scheduler, List<String> queues, Duration lease) {
		ScriptArguments arguments = keys(scheduler, queues).add(scheduler.name())
			.add(lease.toMillis())
			.add("name")
			.add(scheduler.name())
			.add("hostname")
			.add(scheduler.hostname())
			.add("pid")
			.add(scheduler.pid())
			.add("queues")
			.add(String.join(",", queues))
			.add("created_at")
			.add(Timestamps.text(scheduler.createdAt()))
			.add("last_heartbeat")
			.add(Timestamps.text(this.clock.instant()));
		List<?> reply = this.scripts.run(Script.LEAD, arguments);
		Map<String, Boolean> held = new LinkedHashMap<>();
		for (int i = 0; i < queues.size(); i++) {
			held.put(queues.get(i), Replies.number(reply.get(i)) == 1);
		}
		return held;
	}

	/**
	 * Gives back the locks that a scheduler holds, so that another can take over at once.
	 * @param scheduler the scheduler
	 * @param queues the queues
	 */
	public void resign(SchedulerIdentity scheduler, List<String> queues) {
		ScriptArguments arguments = keys(scheduler, queues).add(scheduler.name()).add(RqKeys.HANDOVER);
		queues.forEach(arguments::add);
		this.scripts.count(Script.RESIGN, arguments);
	}

	private static ScriptArguments keys(SchedulerIdentity scheduler, List<String> queues) {
		ScriptArguments arguments = ScriptArguments.keys(RqKeys.scheduler(scheduler.name()));
		queues.forEach((queue) -> arguments.key(RqKeys.schedulerLock(queue)));
		return arguments;
	}

	/**
	 * Returns whether somebody holds the lock of a queue, of any language.
	 * @param queue the queue's name
	 * @return whether there is a scheduler that moves its scheduled jobs
	 */
	public boolean isLed(String queue) {
		return this.scripts.with((connection) -> Boolean.TRUE
			.equals(connection.keyCommands().exists(ScriptArguments.bytes(RqKeys.schedulerLock(queue)))));
	}

	/**
	 * Reads what a scheduler says of itself.
	 * @param name the scheduler's name, as it stands in a lock
	 * @return the fields of its hash (protocol §9), none if it has no hash
	 */
	public Map<String, String> scheduler(String name) {
		return this.scripts.with((connection) -> {
			Map<byte[], byte[]> hash = connection.hashCommands().hGetAll(ScriptArguments.bytes(RqKeys.scheduler(name)));
			Map<String, String> fields = new LinkedHashMap<>();
			if (hash != null) {
				hash.forEach((field, value) -> fields.put(Replies.text(field), Replies.text(value)));
			}
			return fields;
		});
	}

	/**
	 * Moves due jobs to their queue.
	 * @param queue the queue's name
	 * @param scheduler the scheduler, which must hold the queue's lock
	 * @param max the number of jobs at most
	 * @return what was moved, or {@code null} if the scheduler does not hold the lock
	 */
	public @Nullable Promotion promote(String queue, SchedulerIdentity scheduler, int max) {
		List<?> reply = this.scripts.run(Script.PROMOTE,
				ScriptArguments.keys(RqKeys.scheduled(queue), RqKeys.schedulerLock(queue))
					.add(queue)
					.add(scheduler.name())
					.add(max)
					.add(Timestamps.text(this.clock.instant())));
		if (reply.isEmpty()) {
			return null;
		}
		long wait = Replies.number(reply.get(3));
		return new Promotion((int) Replies.number(reply.get(0)), micros(Replies.number(reply.get(1))),
				micros(Replies.number(reply.get(2))), (wait >= 0) ? micros(wait) : null,
				reply.subList(4, reply.size()).stream().map(Replies::text).toList());
	}

	private static Duration micros(long micros) {
		return Duration.of(micros, ChronoUnit.MICROS);
	}

	/**
	 * Who schedules, as others see it (protocol §9).
	 *
	 * @param name the name, also the token in the locks
	 * @param hostname the host
	 * @param pid the process id
	 * @param createdAt when the scheduler was created
	 */
	public record SchedulerIdentity(String name, String hostname, long pid, Instant createdAt) {

	}

	/**
	 * One pass over the scheduled jobs of a queue.
	 *
	 * @param moved the number of jobs moved
	 * @param lateness how late the last job was moved
	 * @param oldestLateness how late the most overdue job was moved
	 * @param untilNext the time until the next job is due, zero if more are due already,
	 * or {@code null} if there is none
	 * @param missing the ids that were due but have no job
	 */
	public record Promotion(int moved, Duration lateness, Duration oldestLateness, @Nullable Duration untilNext,
			List<String> missing) {

	}

}
