package io.rq.explain;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

import io.rq.job.InvalidJobException;
import io.rq.job.Job;
import io.rq.job.JobResult;
import io.rq.queue.Registry;
import io.rq.redis.JobReader;
import io.rq.redis.QueueStore;
import io.rq.redis.Surroundings;
import io.rq.redis.Surroundings.Places;
import io.rq.redis.SurroundingsStore;
import io.rq.serializer.JobSerializer;

/**
 * Tells why a job does not run: what it waits for, by what that can be seen, and what to
 * do. Works for jobs, workers and schedulers of both languages. Changes nothing, and
 * takes no longer the more jobs there are: of what is long the ends are searched.
 */
public class JobExplainer {

	/** A job that moves on meanwhile is looked at again, so often. */
	private static final int MOST_LOOKS = 3;

	private static final int PARENTS_AT_ONCE = 1_000;

	/** So many queues are searched for what is left of a job that is gone. */
	private static final int MOST_QUEUES = 100;

	private final JobReader jobs;

	private final QueueStore queues;

	private final SurroundingsStore surroundings;

	private final JobSerializer serializer;

	private final WaitingCauses waiting;

	/**
	 * Creates the explainer.
	 * @param jobs reads jobs
	 * @param queues knows the queues
	 * @param surroundings looks around a job
	 * @param serializer reads the names of functions
	 * @param drainRate tells how fast queues are worked off; where it does not know, the
	 * counters of the workers are looked at
	 */
	public JobExplainer(JobReader jobs, QueueStore queues, SurroundingsStore surroundings, JobSerializer serializer,
			DrainRate drainRate) {
		this.jobs = jobs;
		this.queues = queues;
		this.surroundings = surroundings;
		this.serializer = serializer;
		this.waiting = new WaitingCauses(drainRate);
	}

	/**
	 * Tells why a job does not run.
	 * @param id the job's id
	 * @return the cause; that there is no such job is one too
	 * @throws IllegalArgumentException if the id is empty
	 * @throws RuntimeException if Redis cannot be asked
	 */
	public Explanation explain(String id) {
		Assert.hasText(id, "'id' must not be empty");
		for (int looks = 1;; looks++) {
			Optional<Job> job;
			try {
				job = this.jobs.find(id);
			}
			catch (InvalidJobException ex) {
				return unreadable(id, ex);
			}
			if (job.isEmpty()) {
				return missing(id);
			}
			Situation situation = look(job.get());
			if (situation.isCurrent() || looks == MOST_LOOKS) {
				return cause(situation).of(id, job.get().status());
			}
		}
	}

	private static Explanation unreadable(String id, InvalidJobException failure) {
		String reason = String.valueOf(failure.getMessage());
		return new Draft(Cause.UNREADABLE,
				"The record of the job cannot be read, nor can any worker read it: " + Words.head(reason),
				"Mend the program that wrote it, delete the job and enqueue it again.")
			.with("failure", reason)
			.of(id, null);
	}

	private Situation look(Job job) {
		List<String> parents = job.dependencyIds();
		String function = function(job);
		for (int from = 0;; from += PARENTS_AT_ONCE) {
			int to = Math.min(from + PARENTS_AT_ONCE, parents.size());
			Surroundings around = this.surroundings.look(job.queue(), job.id(), function, job.rateLimit(),
					parents.subList(from, to));
			Situation situation = new Situation(job, function, around);
			if (to == parents.size() || !around.parents().entrySet().stream().allMatch(situation::hasEnded)) {
				return situation;
			}
		}
	}

	private @Nullable String function(Job job) {
		try {
			return this.serializer.readCall(job.payload().data()).function();
		}
		catch (RuntimeException ex) {
			return null;
		}
	}

	private Draft cause(Situation situation) {
		Job job = situation.job();
		return switch (job.status()) {
			case CREATED -> (situation.around().places().before() != null) ? this.waiting.of(situation)
					: new Draft(Cause.NEVER_ENQUEUED,
							"The job has been stored, but is on no queue: it was never enqueued, or was taken off "
									+ situation.queue() + ".",
							"Requeue it, which puts it on its queue.")
						.with("queue", job.queue())
						.with("createdAt", job.createdAt());
			case QUEUED -> this.waiting.of(situation);
			case SCHEDULED -> LaterCauses.scheduled(situation, (job.endedAt() != null) ? newest(job) : null);
			case DEFERRED -> LaterCauses.deferred(situation);
			case RATE_LIMITED -> LaterCauses.rateLimited(situation);
			case READY_TO_ENQUEUE -> new Draft(Cause.READY,
					"The jobs that it waited for have ended, and a process of RQ 3 is about to put it on "
							+ situation.queue() + ".",
					"Look again in a minute. If that process has died, the maintenance of a Java worker of the queue puts "
							+ "the job there; without one cancel the job and requeue it.")
				.with("queue", job.queue())
				.with("readySince", situation.around().places().time(Registry.READY));
			case STARTED -> RunCauses.started(situation);
			case FINISHED, FAILED, STOPPED, CANCELED -> RunCauses.ended(situation, newest(job));
		};
	}

	/** What other programs have written there may be anything. */
	private @Nullable JobResult newest(Job job) {
		try {
			return this.jobs.latestResult(job.id()).orElse(null);
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	private Explanation missing(String id) {
		List<String> names = this.queues.names();
		for (String queue : names.subList(0, Math.min(names.size(), MOST_QUEUES))) {
			Surroundings around = this.surroundings.look(queue, id, null, null, List.of());
			Places places = around.places();
			if (places.before() != null) {
				return new Draft(Cause.EXPIRED,
						"The job has gone while it waited on queue '" + queue
								+ "': its ttl ended before a worker came to it, or it was deleted. Its id is still "
								+ "there; a worker drops it when it comes to it.",
						"Enqueue it again, with a longer ttl; and add workers if jobs wait for too long.")
					.with("queue", queue)
					.with("position", places.before() + 1)
					.with("waiting", around.queue().waiting())
					.of(id, null);
			}
			for (Registry registry : places.scores().keySet()) {
				return left(queue, registry, places.time(registry)).of(id, null);
			}
		}
		return new Draft(Cause.UNKNOWN,
				"There is no job of that id: it never existed, was deleted, or has expired, as ended jobs do.",
				"Check the id, and that this is the Redis where it was enqueued.")
			.with("queuesSearched", Math.min(names.size(), MOST_QUEUES))
			.of(id, null);
	}

	private static Draft left(String queue, Registry registry, @Nullable Instant time) {
		boolean ended = registry == Registry.FINISHED || registry == Registry.FAILED;
		return new Draft(Cause.EXPIRED,
				ended ? "The job " + ((registry == Registry.FINISHED) ? "ended well" : "failed") + " on queue '" + queue
						+ "', and its record has expired or was deleted since."
						: "The job is gone while it was " + registry.value() + " on queue '" + queue
								+ "': its ttl ended, or it was deleted.",
				ended ? "To look at ended jobs for longer, raise their result-ttl or failure-ttl."
						: "Enqueue it again, with a longer ttl or none.")
			.with("queue", queue)
			.with("registry", registry.value())
			.with("time", time);
	}

}
