package io.rq.explain;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;

import org.jspecify.annotations.Nullable;

import io.rq.queue.QueuePause;
import io.rq.redis.Surroundings.ListeningWorker;
import io.rq.redis.Surroundings.Places;
import io.rq.redis.Surroundings.QueueState;

/**
 * Why a job that is queued does not start.
 */
final class WaitingCauses {

	private static final double THOUSAND = 1_000;

	private final DrainRate history;

	private final CountedDrain counted = new CountedDrain();

	WaitingCauses(DrainRate history) {
		this.history = history;
	}

	Draft of(Situation situation) {
		Places places = situation.around().places();
		QueueState queue = situation.around().queue();
		boolean onQueue = places.before() != null || !places.searchedAll();
		if (!onQueue && places.popped()) {
			return popped(situation);
		}
		if (!onQueue && places.taker() != null && !places.takerAlive()) {
			return takerGone(situation, places.taker());
		}
		if (queue.suspended()) {
			return placed(suspended(queue), situation);
		}
		QueuePause pause = queue.pause();
		if (pause != null) {
			return placed(paused(situation, pause), situation);
		}
		if (!onQueue) {
			return (places.taker() != null) ? taken(situation, places.taker()) : astray(situation);
		}
		List<ListeningWorker> workers = situation.around().workers();
		if (workers.isEmpty()) {
			return placed(noWorker(situation), situation);
		}
		if (workers.stream().allMatch((worker) -> Boolean.FALSE.equals(worker.knows()))) {
			return placed(unknownFunction(situation, workers), situation);
		}
		return placed(workers.stream().allMatch(ListeningWorker::isBusy) ? busy(situation, workers) : turn(situation),
				situation);
	}

	private static Draft popped(Situation situation) {
		boolean living = situation.hasPythonWorker();
		return new Draft(Cause.POPPED_NOT_STARTED,
				"A Python worker has taken the job off " + situation.queue() + " and has not started it"
						+ (living ? "; if it is not just about to, the worker has died in between."
								: ", and no Python worker listens there any more: it died in between."),
				"Look again in a minute. If nothing has changed, the maintenance of a Python worker of that queue "
						+ "fails or retries the job some minutes later; or cancel it and requeue it.")
			.with("queue", situation.job().queue())
			.with("pythonWorkers", situation.around().workers().stream().filter(ListeningWorker::python).count())
			.with("enqueuedAt", situation.job().enqueuedAt());
	}

	private static Draft takerGone(Situation situation, String taker) {
		return new Draft(Cause.TAKER_GONE,
				"Worker " + taker + " had taken the job off " + situation.queue()
						+ " to start it, and is gone. It goes back to the front of the queue by maintenance.",
				situation.hasJavaWorker() ? "Nothing: a Java worker of the queue puts it back within a minute or so."
						: "Start a Java worker on the queue: its maintenance puts the job back.")
			.with("queue", situation.job().queue())
			.with("worker", taker)
			.with("javaWorker", situation.hasJavaWorker());
	}

	private static Draft taken(Situation situation, String taker) {
		return new Draft(Cause.TAKEN,
				"Worker " + taker + " has just taken the job off " + situation.queue() + " and starts it next.",
				"Look again in a second. If nothing has changed, look at that worker: it may hang.")
			.with("queue", situation.job().queue())
			.with("worker", taker);
	}

	private static Draft astray(Situation situation) {
		return new Draft(Cause.ASTRAY,
				"The job is said to be queued, but its id is not on " + situation.queue()
						+ ": a worker died between taking and starting it, or somebody took the id off the list.",
				"Look again in a minute: a Python worker of several queues holds an id nowhere for a moment. "
						+ "If nothing has changed, cancel the job and requeue it.")
			.with("queue", situation.job().queue())
			.with("waiting", situation.around().queue().waiting())
			.with("enqueuedAt", situation.job().enqueuedAt());
	}

	private static Draft suspended(QueueState queue) {
		Instant resumed = queue.resumedAt();
		return new Draft(Cause.SUSPENDED,
				"All workers are suspended, so no job starts on any queue. "
						+ ((resumed != null) ? "They go on at " + Words.when(resumed, queue.now()) + "."
								: "They stay so until somebody resumes them."),
				"Resume them when the reason is gone ('rq resume', or QueueOperations.resume()).")
			.with("suspendedUntil", resumed);
	}

	private static Draft paused(Situation situation, QueuePause pause) {
		Instant since = pause.since();
		return new Draft(Cause.QUEUE_PAUSED, "Somebody has paused " + situation.queue()
				+ ((since != null) ? " at " + Words.when(since, situation.now()) : "")
				+ (pause.reason().isBlank() ? ", without a reason" : ": " + Words.head(pause.reason()))
				+ (situation.hasPythonWorker()
						? ". A Python worker that listens there does not know that and may run the job all the same."
						: "."),
				"End the pause when the reason is gone (QueueOperations.unpause).")
			.with("pausedSince", since)
			.with("reason", pause.reason());
	}

	private static Draft noWorker(Situation situation) {
		return new Draft(Cause.NO_WORKER, "No worker listens on " + situation.queue() + ".",
				"Start one for that queue, or look why those that should listen there are not running. "
						+ "Or is the name of the queue a mistake?");
	}

	private static Draft unknownFunction(Situation situation, List<ListeningWorker> workers) {
		return new Draft(Cause.FUNCTION_UNKNOWN,
				"None of the workers of " + situation.queue() + " knows the function '" + situation.function()
						+ "': the job will fail as soon as one takes it, unless 'rq.worker.unknown-function-grace' "
						+ "lets it wait there.",
				"Deploy a worker with that function, or move the job to a queue whose workers have it. "
						+ "If the name is wrong, delete the job and enqueue it with the right one.")
			.with("function", situation.function())
			.with("workers", names(workers));
	}

	private Draft busy(Situation situation, List<ListeningWorker> workers) {
		return new Draft(Cause.WORKERS_BUSY,
				((workers.size() == 1) ? "The only worker" : "All " + workers.size() + " workers") + " of "
						+ situation.queue() + " " + ((workers.size() == 1) ? "is" : "are") + " busy: "
						+ Words.list(workers.stream().map(WaitingCauses::load).toList()) + ". The job is number "
						+ number(situation) + " that waits.",
				"Wait, add workers or raise their concurrency; or look what takes so long in the jobs that run.")
			.with("workers", names(workers));
	}

	private static String load(ListeningWorker worker) {
		return worker.name()
				+ ((worker.concurrency() > 0) ? " (" + worker.runs() + " of " + worker.concurrency() + ")" : "");
	}

	private Draft turn(Situation situation) {
		Long before = situation.around().places().before();
		boolean next = before != null && before == 0;
		CountedDrain.Rate rate = rate(situation);
		String text = next ? "The job is the next one on " + situation.queue() + " and should start in a moment."
				: "Waits its turn on " + situation.queue() + " as number " + number(situation) + ". "
						+ drain(before, rate);
		return new Draft(Cause.WAITS_ITS_TURN, text, next
				? "Look again in a few seconds. If nothing has changed, look at the workers of the queue: they may hang."
				: "Wait, or add workers, or requeue it at the front if it matters more than the others.")
			.with("workers", names(situation.around().workers()))
			.with("drainPerSecond", (rate != null) ? Math.round(rate.perSecond() * THOUSAND) / THOUSAND : null)
			.with("drainFrom", (rate != null) ? rate.source() : null)
			.with("expectedWait", expected(before, rate));
	}

	private static String drain(@Nullable Long before, CountedDrain.@Nullable Rate rate) {
		if (rate == null) {
			return "How fast the queue is worked off is not known yet; ask again in a few seconds.";
		}
		Duration expected = expected(before, rate);
		if (rate.perSecond() <= 0) {
			return "No job of its workers has ended between two looks.";
		}
		String perTime = (rate.perSecond() >= 1) ? Math.round(rate.perSecond()) + " jobs a second"
				: Math.round(rate.perSecond() * 3_600) + " jobs an hour";
		return "Its workers end about " + perTime
				+ ((expected != null) ? ", so its turn comes in about " + Words.duration(expected) + "." : ".");
	}

	private static @Nullable Duration expected(@Nullable Long before, CountedDrain.@Nullable Rate rate) {
		return (before == null || rate == null || rate.perSecond() <= 0) ? null : Duration
			.ofMillis((long) Math.min(before * THOUSAND / rate.perSecond(), Integer.MAX_VALUE * THOUSAND));
	}

	private CountedDrain.@Nullable Rate rate(Situation situation) {
		OptionalDouble known = situation.around().workers().stream().anyMatch(ListeningWorker::python)
				? OptionalDouble.empty() : this.history.perSecond(situation.job().queue());
		return known.isPresent() ? new CountedDrain.Rate(known.getAsDouble(), "the history of the queue")
				: this.counted.rate(situation.job().queue(), situation.around());
	}

	private static String number(Situation situation) {
		Long before = situation.around().places().before();
		long waiting = situation.around().queue().waiting();
		return ((before != null) ? Long.toString(before + 1) : "more than 10000") + " of " + waiting;
	}

	private static Draft placed(Draft draft, Situation situation) {
		Long before = situation.around().places().before();
		return draft.with("queue", situation.job().queue())
			.with("position", (before != null) ? before + 1 : null)
			.with("waiting", situation.around().queue().waiting())
			.with("running", situation.around().queue().running())
			.with("enqueuedAt", situation.job().enqueuedAt())
			.with("expiresAt", situation.around().places().expiresAt());
	}

	private static List<String> names(List<ListeningWorker> workers) {
		return workers.stream().map(ListeningWorker::name).sorted().limit(10).toList();
	}

}
