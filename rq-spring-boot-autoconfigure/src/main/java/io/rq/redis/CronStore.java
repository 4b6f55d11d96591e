package io.rq.redis;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.rq.job.NewJob;
import io.rq.redis.SchedulerStore.SchedulerIdentity;

/**
 * What is known of cron jobs, and the enqueueing of theirs. The state of a cron job
 * outlives all processes; whoever holds the scheduler lock of its queue changes it.
 */
public class CronStore {

	/** As many as are kept, of RQ too. */
	private static final int HISTORY = 1_000;

	private final RedisScripts scripts;

	private final Deliveries deliveries;

	private final Clock clock;

	/**
	 * Creates the store.
	 * @param scripts the scripts on the connections to Redis
	 * @param clock the clock for times that only inform people
	 */
	public CronStore(RedisScripts scripts, Clock clock) {
		this.scripts = scripts;
		this.deliveries = new Deliveries(scripts, clock);
		this.clock = clock;
	}

	/**
	 * Keeps a scheduler of cron jobs on RQ's record and reads the state of its jobs,
	 * which begins where there is none.
	 * @param scheduler the scheduler
	 * @param jobs the cron jobs of the queues that it leads
	 * @return what is known of them
	 */
	public Beat beat(SchedulerIdentity scheduler, List<Listed> jobs) {
		Instant time = Instant.EPOCH;
		Map<Listed, @Nullable State> found = new HashMap<>();
		for (List<Listed> call : this.scripts.layout().calls(jobs, (listed) -> listed.job().job().queue())) {
			List<?> reply = this.scripts.run(Script.CRON_BEAT, beatArguments(scheduler, call));
			time = Instant.ofEpochMilli(Replies.number(reply.get(0)));
			for (int i = 0; i < call.size(); i++) {
				found.put(call.get(i), state(Replies.list(reply, i + 1)));
			}
		}
		List<@Nullable State> states = new ArrayList<>();
		jobs.forEach((listed) -> states.add(found.get(listed)));
		return new Beat(time, states);
	}

	private ScriptArguments beatArguments(SchedulerIdentity scheduler, List<Listed> jobs) {
		String first = jobs.isEmpty() ? "" : jobs.get(0).job().job().queue();
		ScriptArguments arguments = ScriptArguments.keys(this.scripts.keys(first).cronScheduler(scheduler.name()));
		for (Listed listed : jobs) {
			QueueKeys keys = this.scripts.keys(listed.job().job().queue());
			arguments.key(keys.schedulerLock()).key(keys.cron(listed.name()));
		}
		arguments.add(scheduler.name())
			.add("hostname")
			.add(scheduler.hostname())
			.add("pid")
			.add(scheduler.pid())
			.add("name")
			.add(scheduler.name())
			.add("created_at")
			.add(Timestamps.text(scheduler.createdAt()))
			.add("config_file")
			.add("")
			.add("cron_jobs")
			.add(CronJobWriter.write(jobs));
		jobs.forEach((listed) -> arguments.add(listed.schedule()));
		return arguments;
	}

	static @Nullable State state(List<?> reply) {
		return switch (reply.size()) {
			case 0 -> null;
			case 1 -> new State(Instant.EPOCH, Instant.EPOCH, null, false, Replies.text(reply.get(0)));
			default -> new State(millis(Replies.text(reply.get(0))), millis(Replies.text(reply.get(1))),
					Timestamps.ifReadable(Replies.text(reply.get(2))), Replies.number(reply.get(3)) == 1, null);
		};
	}

	private static Instant millis(String text) {
		return text.matches("\\d{1,17}") ? Instant.ofEpochMilli(Long.parseLong(text)) : Instant.EPOCH;
	}

	/**
	 * Settles an occurrence of a cron job: with a job, or without.
	 * @param scheduler the scheduler, which must hold the lock of the queue
	 * @param occurrence the occurrence
	 * @return what was done
	 */
	public Settled settle(SchedulerIdentity scheduler, Occurrence occurrence) {
		return fire(scheduler.name(), occurrence);
	}

	/**
	 * Enqueues a job of a cron job at once, whoever holds the lock.
	 * @param name the cron job's name
	 * @param job the job
	 */
	public void trigger(String name, NewJob job) {
		fire("", new Occurrence(name, job.job().queue(), Instant.EPOCH, Instant.EPOCH, Instant.EPOCH, Unended.ALLOW,
				job));
	}

	private Settled fire(String token, Occurrence occurrence) {
		QueueKeys keys = this.scripts.keys(occurrence.queue());
		ScriptArguments arguments = ScriptArguments
			.keys(keys.queue(), keys.schedulerLock(), keys.cron(occurrence.name()))
			.add(token)
			.add(Timestamps.text(this.clock.instant()))
			.add(occurrence.name())
			.add(occurrence.last().toEpochMilli())
			.add(occurrence.at().toEpochMilli())
			.add(Timestamps.seconds(occurrence.due()))
			.add(occurrence.unended().ordinal());
		NewJob fired = occurrence.job();
		if (fired == null) {
			arguments.add("").add(occurrence.queue()).add("0").add("");
		}
		else {
			JobStore.add(arguments, fired);
		}
		List<?> reply = this.scripts.run(Script.CRON_FIRE, arguments);
		this.deliveries.tryDeliver(occurrence.queue());
		Outcome outcome = Outcome.values()[(int) Replies.number(reply.get(0))];
		long micros = (reply.size() > 1) ? Replies.number(reply.get(1)) : 0;
		return new Settled(outcome, Duration.of(micros, ChronoUnit.MICROS));
	}

	/**
	 * Takes a scheduler of cron jobs off RQ's record.
	 * @param scheduler the scheduler
	 * @param queues its queues
	 */
	public void leave(SchedulerIdentity scheduler, List<String> queues) {
		for (List<String> call : this.scripts.layout().calls(queues, (queue) -> queue)) {
			QueueKeys keys = this.scripts.keys(call.get(0));
			this.scripts.with(keys.cronSchedulers(), (connection) -> connection.zSetCommands()
				.zRem(ScriptArguments.bytes(keys.cronSchedulers()), ScriptArguments.bytes(scheduler.name())));
		}
	}

	/**
	 * Pauses a cron job.
	 * @param queue the name of its queue
	 * @param name its name
	 * @param reason why, for people
	 */
	public void pause(String queue, String name, String reason) {
		this.scripts.count(Script.CRON_PAUSE, ScriptArguments.keys(this.scripts.keys(queue).cron(name))
			.add((Timestamps.text(this.clock.instant()) + " " + reason).strip()));
	}

	/**
	 * Ends the pause of a cron job.
	 * @param queue the name of its queue
	 * @param name its name
	 * @return whether it was paused
	 */
	public boolean resume(String queue, String name) {
		return this.scripts.count(Script.CRON_PAUSE,
				ScriptArguments.keys(this.scripts.keys(queue).cron(name)).add("")) == 1;
	}

	/**
	 * Reads what is known of a cron job.
	 * @param queue the name of its queue
	 * @param name its name
	 * @return what is known
	 */
	public Known find(String queue, String name) {
		return Known.of(this.scripts.hash(this.scripts.keys(queue).cron(name)));
	}

	/**
	 * Reads which jobs a cron job has enqueued.
	 * @param queue the name of its queue
	 * @param name its name
	 * @return the ids of as many as are kept, the newest first
	 */
	public List<String> jobIds(String queue, String name) {
		return this.scripts.ranked(this.scripts.keys(queue).cronHistory(name), HISTORY, true).toList();
	}

	/**
	 * A cron job as RQ's tools are to see it.
	 *
	 * @param name its name
	 * @param schedule its schedule, by which a change is seen
	 * @param job a job of it
	 * @param shown its schedule for RQ's tools
	 */
	public record Listed(String name, String schedule, NewJob job, Shown shown) {

	}

	/**
	 * A schedule as RQ's tools are to see it.
	 *
	 * @param cron an expression in RQ's order, or {@code null} if there is an interval
	 * @param interval an interval in seconds, or {@code null} if there is an expression
	 * @param description what RQ cannot express, or {@code null}
	 * @param latest when the last job was enqueued, or {@code null}
	 * @param next when the next one is due, or {@code null}
	 */
	public record Shown(@Nullable String cron, @Nullable Long interval, @Nullable String description,
			@Nullable Instant latest, @Nullable Instant next) {

	}

	/**
	 * What was read of cron jobs.
	 *
	 * @param time the time of Redis
	 * @param states the state of each, in their order, or {@code null} where the
	 * scheduler does not hold the lock
	 */
	public record Beat(Instant time, List<@Nullable State> states) {

	}

	/**
	 * The state of a cron job.
	 *
	 * @param last the occurrence that was settled last, or when the cron job began
	 * @param resumed when the last pause ended, or the epoch
	 * @param firedAt when its last job was enqueued, or {@code null}
	 * @param paused whether it is paused
	 * @param failure why the state cannot be read, or {@code null}
	 */
	public record State(Instant last, Instant resumed, @Nullable Instant firedAt, boolean paused,
			@Nullable String failure) {

	}

	/**
	 * An occurrence to be settled.
	 *
	 * @param name the cron job's name
	 * @param queue the name of its queue
	 * @param last the occurrence that was settled last, as it is known here
	 * @param at the occurrence
	 * @param due when it is due
	 * @param unended what is done while the last job has not ended
	 * @param job the job, or {@code null} to settle it without one
	 */
	public record Occurrence(String name, String queue, Instant last, Instant at, Instant due, Unended unended,
			@Nullable NewJob job) {

	}

	/**
	 * What is done while the last job has not ended, in the order of the script's
	 * argument.
	 */
	public enum Unended {

		/** Another one is enqueued. */
		ALLOW,

		/** None is enqueued. */
		SKIP,

		/** The last one is cancelled, and another one enqueued. */
		CANCEL

	}

	/**
	 * What was done about an occurrence.
	 *
	 * @param outcome what was done
	 * @param time how late, or for {@link Outcome#EARLY} how much too early
	 */
	public record Settled(Outcome outcome, Duration time) {

	}

	/**
	 * What may be done about an occurrence, in the order of the script's replies.
	 */
	public enum Outcome {

		/** Nothing: the scheduler does not hold the lock. */
		LOST,

		/** A job was enqueued. */
		ENQUEUED,

		/** It was settled without a job, as asked. */
		MISSED,

		/** It was settled without a job, because the cron job is paused. */
		PAUSED,

		/** It was settled without a job, because the last one has not ended. */
		OVERLAPPED,

		/** Nothing: another occurrence was settled last. */
		OTHER,

		/** Nothing: it is not due yet. */
		EARLY

	}

	/**
	 * What is known of a cron job.
	 *
	 * @param schedule the schedule it was run with last, or {@code null}
	 * @param last the occurrence that was settled last, or when the cron job began, or
	 * the epoch
	 * @param firedAt when its last job was enqueued, or {@code null}
	 * @param job the id of that job, or {@code null}
	 * @param pausedAt since when it is paused, or {@code null}
	 * @param reason why it is paused, or {@code null}
	 */
	public record Known(@Nullable String schedule, Instant last, @Nullable Instant firedAt, @Nullable String job,
			@Nullable Instant pausedAt, @Nullable String reason) {

		static Known of(Map<String, String> fields) {
			String[] paused = fields.getOrDefault("paused", "").split(" ", 2);
			return new Known(fields.get("schedule"), millis(fields.getOrDefault("last", "")),
					Timestamps.ifReadable(fields.get("fired_at")), fields.get("job"), Timestamps.ifReadable(paused[0]),
					(paused.length > 1) ? paused[1] : null);
		}

	}

}
