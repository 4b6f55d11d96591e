package io.rq.redis;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.rq.queue.RegisteredScheduler;

/**
 * The locks that elect the scheduler of each queue, and the moving of due jobs.
 */
public class SchedulerStore {

	private final RedisScripts scripts;

	private final QueueStore queues;

	private final Deliveries deliveries;

	private final Clock clock;

	/**
	 * Creates the store.
	 * @param scripts the scripts on the connections to Redis
	 * @param clock the clock for times that only inform people
	 */
	public SchedulerStore(RedisScripts scripts, Clock clock) {
		this.scripts = scripts;
		this.queues = new QueueStore(scripts);
		this.deliveries = new Deliveries(scripts, clock);
		this.clock = clock;
	}

	/**
	 * Takes or renews the locks of queues, as far as no other scheduler holds them, and
	 * looks when their next jobs are due.
	 * @param scheduler the scheduler
	 * @param queues the queues
	 * @param lease how long the locks last without renewal
	 * @param probe the channel on which the scheduler waits for a sign that it still
	 * hears, or {@code null} if it does not
	 * @return what was found for each queue, except for those that could not be asked
	 * while others could
	 */
	public Map<String, Seat> lead(SchedulerIdentity scheduler, List<String> queues, Duration lease,
			@Nullable String probe) {
		Map<String, Seat> seats = new LinkedHashMap<>();
		this.scripts.each(queues, (call) -> {
			List<?> reply = this.scripts.run(Script.LEAD, lead(scheduler, call, queues, lease, probe));
			for (int i = 0; i < call.size(); i++) {
				seats.put(call.get(i), seat(Replies.list(reply, i)));
			}
		}).requireSome("Electing schedulers");
		return seats;
	}

	private static Seat seat(List<?> reply) {
		String other = Replies.text(reply.get(2));
		long free = Replies.number(reply.get(3));
		return new Seat(Replies.number(reply.get(0)) == 1, untilNext(Replies.number(reply.get(1))),
				other.isEmpty() ? null : other, (free >= 0) ? Duration.ofMillis(free) : null);
	}

	private ScriptArguments lead(SchedulerIdentity scheduler, List<String> call, List<String> queues, Duration lease,
			@Nullable String probe) {
		ScriptArguments arguments = of(scheduler, call);
		for (String queue : call) {
			arguments.key(this.scripts.keys(queue).schedulerLock()).key(this.scripts.keys(queue).scheduled());
		}
		return arguments.add(scheduler.name())
			.add(lease.toMillis())
			.add((probe != null) ? probe : "")
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
	}

	/**
	 * Gives back the locks that a scheduler holds, so that another can take over at once.
	 * @param scheduler the scheduler
	 * @param queues the queues
	 */
	public void resign(SchedulerIdentity scheduler, List<String> queues) {
		this.scripts.each(queues, (call) -> {
			ScriptArguments arguments = of(scheduler, call);
			call.forEach((queue) -> arguments.key(this.scripts.keys(queue).schedulerLock()));
			arguments.add(scheduler.name());
			call.forEach(arguments::add);
			this.scripts.count(Script.RESIGN, arguments);
		}).requireAll();
	}

	/** What both begin with: the hash of the scheduler, where the queues lie. */
	private ScriptArguments of(SchedulerIdentity scheduler, List<String> queues) {
		String first = queues.isEmpty() ? "" : queues.get(0);
		return ScriptArguments.keys(this.scripts.keys(first).scheduler(scheduler.name()));
	}

	/**
	 * Returns whether somebody holds the lock of a queue, of any language.
	 * @param queue the queue's name
	 * @return whether there is a scheduler that moves its scheduled jobs
	 */
	public boolean isLed(String queue) {
		return this.scripts.exists(this.scripts.keys(queue).schedulerLock());
	}

	/**
	 * Reads what a scheduler says of itself.
	 * @param name the scheduler's name, as it stands in a lock
	 * @return the scheduler, of which nothing may be known but the name
	 */
	public RegisteredScheduler scheduler(String name) {
		Map<String, String> fields = new HashMap<>();
		this.queues.askAll("Asking for schedulers",
				(keys) -> fields.putAll(this.scripts.with(keys.scheduler(name), (connection) -> Replies
					.texts(connection.hashCommands().hGetAll(ScriptArguments.bytes(keys.scheduler(name)))))));
		return new RegisteredScheduler(name, fields.get("hostname"), fields.get("pid"),
				Timestamps.ifReadable(fields.get("last_heartbeat")));
	}

	/**
	 * Moves due jobs to their queue.
	 * @param queue the queue's name
	 * @param scheduler the scheduler, which must hold the queue's lock
	 * @param max the number of jobs at most
	 * @return what was moved, or {@code null} if the scheduler does not hold the lock
	 */
	public @Nullable Promotion promote(String queue, SchedulerIdentity scheduler, int max) {
		QueueKeys keys = this.scripts.keys(queue);
		List<?> reply = this.scripts.run(Script.PROMOTE,
				ScriptArguments.keys(keys.scheduled(), keys.schedulerLock())
					.add(queue)
					.add(scheduler.name())
					.add(max)
					.add(Timestamps.text(this.clock.instant())));
		if (reply.isEmpty()) {
			return null;
		}
		RefusedKeys.of(Script.PROMOTE, Replies.list(reply, 4))
			.tell("jobs that are due stay scheduled until the key is mended");
		this.deliveries.tryDeliver(queue);
		return new Promotion((int) Replies.number(reply.get(0)), micros(Replies.number(reply.get(1))),
				micros(Replies.number(reply.get(2))), untilNext(Replies.number(reply.get(3))),
				reply.subList(5, reply.size()).stream().map(Replies::text).toList());
	}

	private static @Nullable Duration untilNext(long micros) {
		return (micros >= 0) ? micros(micros) : null;
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

		private static final SecureRandom RANDOM = new SecureRandom();

		/** The lowest number of 18 digits. */
		private static final long FIRST_NAME = 100_000_000_000_000_000L;

		/**
		 * Chooses a name for a scheduler of this library: a decimal number, because it
		 * stands in the locks, and RQ up to 2.9 and django-rq read them as one. Longer
		 * than any process id, which RQ up to 2.9 writes there, and shorter than the
		 * names of newer ones, which are of 32 characters.
		 * @return a name that no other scheduler has
		 */
		public static String newName() {
			return String.valueOf(FIRST_NAME + RANDOM.nextLong(FIRST_NAME * 9));
		}

		/**
		 * Returns whether a name is one that schedulers of this library have. Those of
		 * RQ's own have others.
		 * @param name the name, as it stands in a lock
		 * @return whether it may be a {@linkplain #newName() name of ours}
		 */
		public static boolean isOurs(String name) {
			return name.length() == 18 && name.chars().allMatch((c) -> c >= '0' && c <= '9');
		}

	}

	/**
	 * What an election has found for one queue.
	 *
	 * @param held whether the scheduler holds the queue's lock now
	 * @param untilNext the time until the next job is due, zero if one is due already, or
	 * {@code null} if there is none
	 * @param holder the name of the other scheduler that holds the lock, of any language,
	 * or {@code null} if there is none
	 * @param untilFree the time until that lock is free if it is not renewed, or
	 * {@code null} if no other holds it or it does not expire
	 */
	public record Seat(boolean held, @Nullable Duration untilNext, @Nullable String holder,
			@Nullable Duration untilFree) {

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
