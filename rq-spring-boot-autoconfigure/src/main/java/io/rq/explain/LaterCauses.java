package io.rq.explain;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.rq.job.Job;
import io.rq.job.JobResult;
import io.rq.job.RateLimit;
import io.rq.job.Repeat;
import io.rq.job.Retry;
import io.rq.queue.Registry;
import io.rq.redis.Surroundings.ListeningWorker;
import io.rq.redis.Surroundings.Slots;

/**
 * Why a job is not on its queue yet: because of its time, of other jobs or of its rate
 * limit.
 */
final class LaterCauses {

	/** A scheduler that leads moves due jobs at once; Python's looks every second. */
	private static final Duration LATE = Duration.ofSeconds(10);

	private static final Duration MARGIN = Duration.ofMillis(100);

	private LaterCauses() {
	}

	static Draft scheduled(Situation situation, @Nullable JobResult newest) {
		Instant due = situation.around().places().time(Registry.SCHEDULED);
		Draft draft = (due != null) ? due(situation, due, newest)
				: new Draft(Cause.ASTRAY,
						"The job is said to be scheduled, but stands nowhere among the scheduled jobs of "
								+ situation.queue() + ", so no scheduler will find it.",
						"Cancel the job and requeue it.");
		return draft.with("queue", situation.job().queue())
			.with("due", due)
			.with("scheduler", situation.around().queue().scheduler())
			.with("attempts", positive(situation.job().run().attempts()))
			.with("retriesLeft", left(situation.job().options().retry()))
			.with("repeatsLeft", left(situation.job().options().repeat()))
			.with("lastFailure", (newest != null) ? Failure.line(newest.exception()) : null);
	}

	private static Draft due(Situation situation, Instant due, @Nullable JobResult newest) {
		String scheduler = situation.around().queue().scheduler();
		String waits = waits(situation, newest) + Words.when(due, situation.now());
		if (scheduler == null) {
			return new Draft(Cause.NO_SCHEDULER,
					waits + ", and no scheduler serves " + situation.queue() + ": the job would wait for ever.",
					"Start a scheduler for the queue: leave 'rq.worker.with-scheduler' on in a Java worker, or give a "
							+ "Python worker --with-scheduler. Or run it now.");
		}
		if (due.plus(LATE).isBefore(situation.now())) {
			return new Draft(Cause.SCHEDULER_LATE,
					waits + ", but scheduler " + scheduler + ", which serves " + situation.queue()
							+ ", has not moved it yet.",
					"Look at the process of that scheduler: it may hang, or have very many jobs to move. "
							+ "Or run it now.");
		}
		Cause cause = cause(situation.job(), newest);
		String then = waits + ". Scheduler " + scheduler + " puts it on " + situation.queue() + " then.";
		return (cause == Cause.PUT_BACK) ? putBack(situation, then) : new Draft(cause, then, "Wait, or run it now.");
	}

	private static Draft putBack(Situation situation, String then) {
		List<String> knowing = situation.around()
			.workers()
			.stream()
			.filter((worker) -> Boolean.TRUE.equals(worker.knows()))
			.map(ListeningWorker::name)
			.toList();
		return new Draft(Cause.PUT_BACK,
				then + (knowing.isEmpty()
						? " No worker there tells that it knows it: the job fails when one takes it whose "
								+ "'rq.worker.unknown-function-grace' is over."
						: " " + Words.list(knowing) + " there " + ((knowing.size() == 1) ? "knows" : "know") + " it."),
				knowing.isEmpty() ? "Deploy workers with that function before the grace is over."
						: "Nothing while the workers are replaced by others. Else give the job a queue whose workers "
								+ "all have its function.")
			.with("function", situation.function())
			.with("knownBy", knowing.isEmpty() ? null : knowing);
	}

	private static Cause cause(Job job, @Nullable JobResult newest) {
		if (job.endedAt() == null) {
			return Cause.SCHEDULED;
		}
		if (isRepetition(job, newest)) {
			return Cause.REPEATS;
		}
		return isPutBack(newest) ? Cause.PUT_BACK : Cause.RETRY_DELAYED;
	}

	private static boolean isPutBack(@Nullable JobResult newest) {
		Failure failure = (newest != null) ? Failure.of(newest.exception()) : null;
		return failure != null && failure.isPutBack();
	}

	private static boolean isRepetition(Job job, @Nullable JobResult newest) {
		return job.options().repeat() != null && newest != null && newest.type() == JobResult.Type.SUCCESSFUL;
	}

	private static String waits(Situation situation, @Nullable JobResult newest) {
		Job job = situation.job();
		return switch (cause(job, newest)) {
			case PUT_BACK -> "Worker " + ((newest != null) ? newest.run().workerName() : "") + " has no handler named '"
					+ situation.function() + "' and has put the job back; it is due at ";
			case REPEATS -> "The job has run and repeats at ";
			case RETRY_DELAYED -> "The job has failed; " + retry(job) + " is due at ";
			default -> "The job is scheduled for ";
		};
	}

	private static String retry(Job job) {
		Retry retry = job.options().retry();
		int left = (retry != null) ? retry.retries() : 0;
		int made = job.run().attempts();
		if (made > 0) {
			return "retry " + made + " of " + (made + left);
		}
		return (left > 0) ? "a retry (" + left + " more would follow)" : "its last retry";
	}

	static Draft deferred(Situation situation) {
		Map<String, String> open = situation.around()
			.parents()
			.entrySet()
			.stream()
			.filter((parent) -> !situation.hasEnded(parent))
			.collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (one, other) -> one, LinkedHashMap::new));
		List<String> dead = open.entrySet()
			.stream()
			.filter((parent) -> List.of("failed", "stopped", "canceled").contains(parent.getValue()))
			.map((parent) -> parent.getKey() + " (" + parent.getValue() + ")")
			.toList();
		return waiting(situation, open, dead).with("queue", situation.job().queue())
			.with("dependencies", situation.job().dependencyIds().size())
			.with("waitsFor",
					open.isEmpty() ? null
							: open.entrySet()
								.stream()
								.limit(20)
								.collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (one, other) -> one,
										LinkedHashMap::new)))
			.with("failureAllowed", situation.failureAllowed())
			.with("deferredSince", situation.job().createdAt());
	}

	private static Draft waiting(Situation situation, Map<String, String> open, List<String> dead) {
		if (situation.job().dependencyIds().isEmpty()) {
			return new Draft(Cause.NO_DEPENDENCIES,
					"The job is deferred, but names no job that it would wait for, so nothing will release it.",
					"Cancel the job and requeue it.");
		}
		if (!dead.isEmpty()) {
			return new Draft(Cause.DEPENDENCY_FAILED,
					"Waits for " + Words.list(dead)
							+ ", which will not end well by itself, and the job does not allow that.",
					"Mend and requeue what it waits for: when that ends well, the job goes on. Or cancel the job and "
							+ "requeue it, which lets it run without. 'allowFailure' lets jobs go on after a failure.");
		}
		if (open.isEmpty()) {
			return new Draft(Cause.DEPENDENCIES_ENDED,
					"All jobs that it waited for have ended or are gone, and nobody has put it on " + situation.queue()
							+ ".",
					"Look again in a minute: maintenance releases the jobs that waited for one with very many "
							+ "dependents. If nothing has changed, cancel the job and requeue it.");
		}
		return new Draft(Cause.WAITS_FOR_JOBS,
				"Waits for " + open.size() + " of its " + Words.count(situation.job().dependencyIds().size(), "job")
						+ ": "
						+ Words.list(open.entrySet()
							.stream()
							.map((parent) -> parent.getKey() + " (" + parent.getValue() + ")")
							.toList())
						+ ".",
				"Wait, or explain those jobs in turn: it goes on when the last of them has ended well.");
	}

	static Draft rateLimited(Situation situation) {
		Slots slots = situation.around().slots();
		RateLimit limit = situation.job().rateLimit();
		if (slots == null || limit == null) {
			return new Draft(Cause.RATE_LIMITED, "Waits for a place in a rate limit that its record does not name.",
					"Cancel the job and requeue it.")
				.with("queue", situation.job().queue());
		}
		String line = (slots.before() != null)
				? "The job is number " + (slots.before() + 1) + " of " + slots.waiting() + " that wait."
				: "The job does not stand among the " + slots.waiting() + " that wait.";
		return limited(situation, slots, limit, line).with("queue", situation.job().queue())
			.with("key", limit.key())
			.with("limit", slots.jobs())
			.with("window", limit.window())
			.with("burst", limit.burst())
			.with("held", slots.held())
			.with("holders", List.copyOf(slots.holders().keySet()))
			.with("position", (slots.before() != null) ? slots.before() + 1 : null)
			.with("waiting", slots.waiting());
	}

	private static Draft limited(Situation situation, Slots slots, RateLimit limit, String line) {
		Duration window = limit.window();
		if (window == null) {
			return atATime(slots, limit.key(), line);
		}
		Integer burst = limit.burst();
		return (burst != null) ? evenly(limit, window, burst, line)
				: byTime(slots, limit.key(), window, line, situation.now());
	}

	private static Draft evenly(RateLimit limit, Duration window, int burst, String line) {
		return new Draft(Cause.RATE_LIMITED,
				"Rate limit '" + limit.key() + "' lets " + Words.count(limit.jobs(), "job") + " start in "
						+ Words.duration(window) + ", evenly and " + burst + " at once at most. " + line,
				"Wait, or enqueue jobs with a higher limit for that key: the last one that comes decides.");
	}

	private static Draft atATime(Slots slots, String key, String line) {
		return new Draft(Cause.RATE_LIMITED,
				"Rate limit '" + key + "' lets " + Words.count(slots.jobs(), "job")
						+ " be on queues or run at a time, and " + slots.held() + " do: "
						+ Words.list(slots.holders().keySet()) + ". " + line,
				"Wait, or explain those that hold the places: each that ends lets the next one go. "
						+ "Places that nobody holds any more are freed by maintenance within a minute or so.");
	}

	private static Draft byTime(Slots slots, String key, Duration window, String line, Instant now) {
		Instant first = slots.firstStart();
		Instant free = (first != null) ? first.plus(window).plus(MARGIN) : null;
		return new Draft(Cause.RATE_LIMITED,
				"Rate limit '" + key + "' lets " + Words.count(slots.jobs(), "job") + " start within "
						+ Words.duration(window) + ", and " + slots.held() + " have or may. " + line
						+ ((free != null && slots.held() >= slots.jobs())
								? " The next place is free at " + Words.when(free, now) + "." : ""),
				"Wait, or enqueue jobs with a higher limit for that key: the last one that comes decides.")
			.with("nextFree", free);
	}

	private static @Nullable Integer positive(int number) {
		return (number > 0) ? number : null;
	}

	private static @Nullable Integer left(@Nullable Repeat repeat) {
		return (repeat != null) ? repeat.times() : null;
	}

	private static @Nullable Integer left(@Nullable Retry retry) {
		return (retry != null) ? retry.retries() : null;
	}

}
