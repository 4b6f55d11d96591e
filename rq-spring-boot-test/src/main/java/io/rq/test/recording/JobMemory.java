package io.rq.test.recording;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.rq.job.DuplicateJobException;
import io.rq.job.IllegalJobStateException;
import io.rq.job.Job;
import io.rq.job.JobLinks;
import io.rq.job.JobStatus;
import io.rq.job.JobTimes;
import io.rq.job.NewJob;
import io.rq.test.run.Backlog;
import io.rq.test.run.MovableClock;

/**
 * The jobs and the places where they wait. Safe for use by many threads.
 */
final class JobMemory implements Backlog {

	private final Map<String, RecordedJob> jobs = new LinkedHashMap<>();

	/** The ids of the jobs on queues, next first. */
	private final LinkedList<String> waiting = new LinkedList<>();

	private final RecordedLimits limits = new RecordedLimits();

	private final RecordedPauses pauses = new RecordedPauses();

	private final RecordedOutcomes outcomes = new RecordedOutcomes(this);

	private final MovableClock clock;

	JobMemory(MovableClock clock) {
		this.clock = clock;
	}

	RecordedPauses pauses() {
		return this.pauses;
	}

	RecordedOutcomes outcomes() {
		return this.outcomes;
	}

	MovableClock clock() {
		return this.clock;
	}

	@Override
	public Instant now() {
		return this.clock.instant();
	}

	@Override
	public void advance(Duration by) {
		this.clock.advance(by);
	}

	@Override
	public synchronized void clear() {
		this.jobs.clear();
		this.waiting.clear();
		this.limits.clear();
		this.pauses.clear();
		this.outcomes.close();
		this.clock.reset();
	}

	@Override
	public synchronized void promote() {
		Instant now = now();
		scheduled().filter((job) -> !Objects.requireNonNull(job.due).isAfter(now))
			.sorted(Comparator.comparing((job) -> Objects.requireNonNull(job.due)))
			.toList()
			.forEach((job) -> toQueue(job, job.atFront));
		releaseLimited();
	}

	@Override
	public synchronized @Nullable Job next(Predicate<Job> wanted) {
		return this.waiting.stream()
			.map((id) -> require(id).job())
			.filter((job) -> !this.pauses.isPaused(job.queue()))
			.filter(wanted)
			.findFirst()
			.orElse(null);
	}

	@Override
	public synchronized @Nullable Instant nextDue() {
		return Stream
			.concat(scheduled().map((job) -> Objects.requireNonNull(job.due)),
					Stream.ofNullable(this.limits.nextFree()))
			.min(Comparator.naturalOrder())
			.orElse(null);
	}

	/** Puts jobs on their queues that have waited for a place in their rate limit. */
	private void releaseLimited() {
		for (String id : this.limits.freed(now())) {
			RecordedJob job = require(id);
			putOnQueue(job, job.atFront);
		}
	}

	private Stream<RecordedJob> scheduled() {
		return this.jobs.values().stream().filter((job) -> job.status() == JobStatus.SCHEDULED);
	}

	/** Stores jobs, all or none. */
	synchronized List<Job> add(List<NewJob> added) {
		Set<String> ids = new HashSet<>();
		for (NewJob job : added) {
			String id = job.job().id();
			RecordedJob old = find(id);
			if (!ids.add(id)) {
				throw new DuplicateJobException(id, "the id is given twice in one call");
			}
			if (old != null && job.unique()) {
				throw new DuplicateJobException(id, "a job of that id exists");
			}
			if (old != null && old.status() == JobStatus.STARTED) {
				throw new DuplicateJobException(id,
						"the job of that id is running; wait for its end or choose another");
			}
		}
		added.forEach(this::add);
		added.forEach((job) -> place(require(job.job().id())));
		return added.stream().map((job) -> require(job.job().id()).job()).toList();
	}

	private void add(NewJob added) {
		Job job = added.job();
		Instant now = now();
		RecordedJob recorded = new RecordedJob(new Job(job.id(), job.queue(), JobStatus.CREATED, job.options(),
				JobTimes.createdAt(now), job.run(), job.payload()));
		NewJob.Due due = added.due();
		if (due != null) {
			recorded.due = (due.in() != null) ? now.plus(due.in()) : due.at();
		}
		recorded.atFront = added.atFront();
		remove(job.id());
		this.jobs.put(job.id(), recorded);
	}

	/** Puts a job where it is to wait. */
	private void place(RecordedJob job) {
		if (!job.job().dependencyIds().stream().allMatch((id) -> isDone(id, job.job().options().links()))) {
			job.become(JobStatus.DEFERRED);
		}
		else if (job.due != null && job.due.isAfter(now())) {
			job.become(JobStatus.SCHEDULED);
		}
		else {
			toQueue(job, job.atFront);
		}
	}

	private boolean isDone(String id, JobLinks links) {
		RecordedJob parent = find(id);
		return parent == null || switch (parent.status()) {
			case FINISHED -> true;
			case FAILED, STOPPED -> links.failureAllowed();
			default -> false;
		};
	}

	/** Puts a job on its queue, as soon as its rate limit has a place for it. */
	synchronized void toQueue(RecordedJob job, boolean atFront) {
		this.limits.left(job.job());
		if (this.limits.enter(job.job(), now())) {
			putOnQueue(job, atFront);
		}
		else {
			job.atFront = atFront;
			job.due = null;
			job.expires = null;
			job.become(JobStatus.RATE_LIMITED);
		}
	}

	private void putOnQueue(RecordedJob job, boolean atFront) {
		this.waiting.remove(job.job().id());
		job.due = null;
		job.expires = null;
		job.enqueued(now());
		if (atFront) {
			this.waiting.addFirst(job.job().id());
		}
		else {
			this.waiting.addLast(job.job().id());
		}
	}

	/** Schedules a job, or puts it on its queue if there is no wait. */
	synchronized void again(RecordedJob job, int waitSeconds, boolean atFront) {
		job.atFront = atFront;
		leaveLimit(job);
		if (waitSeconds == 0) {
			toQueue(job, atFront);
		}
		else {
			job.due = now().plusSeconds(waitSeconds);
			job.become(JobStatus.SCHEDULED);
		}
	}

	/** Lets the jobs go on that have waited for nothing but a job that has ended. */
	synchronized void release(String id) {
		dependentsOf(id).forEach(this::place);
	}

	/** A job begins to run. */
	synchronized void begin(RecordedJob job, String worker) {
		job.started(now(), worker);
		this.limits.started(job.job(), now());
	}

	/** A job gives its place in its rate limit to the next one. */
	synchronized void leaveLimit(RecordedJob job) {
		this.limits.left(job.job());
		releaseLimited();
	}

	/** Deletes a job; what has waited for it goes on if it may, else it fails. */
	synchronized void abandon(String id) {
		List<RecordedJob> dependents = dependentsOf(id);
		remove(id);
		dependents.forEach((job) -> {
			if (job.job().options().links().failureAllowed()) {
				place(job);
			}
			else {
				job.become(JobStatus.FAILED);
				release(job.job().id());
			}
		});
	}

	/** Takes a job off its queue; it becomes one that has never been there. */
	synchronized boolean takeOff(String id) {
		return change(id, (job) -> {
			leaveQueue(id);
			job.become(JobStatus.CREATED);
			leaveLimit(job);
		});
	}

	/** The ids of the jobs that wait on a queue, next first. */
	synchronized List<String> waiting(String queue) {
		return this.waiting.stream().filter((id) -> require(id).job().queue().equals(queue)).toList();
	}

	/** Lets the jobs go on that have waited for a job, without it. */
	synchronized void releaseWithout(String id) {
		dependentsOf(id).forEach((job) -> {
			List<String> others = job.job().dependencyIds().stream().filter((other) -> !other.equals(id)).toList();
			if (others.stream().allMatch((other) -> isDone(other, job.job().options().links()))) {
				toQueue(job, job.atFront);
			}
		});
	}

	private List<RecordedJob> dependentsOf(String id) {
		return this.jobs.values()
			.stream()
			.filter((job) -> job.status() == JobStatus.DEFERRED && job.job().dependencyIds().contains(id))
			.toList();
	}

	synchronized Set<String> dependents(String id) {
		return new TreeSet<>(dependentsOf(id).stream().map((job) -> job.job().id()).toList());
	}

	/** Takes jobs off their queue, in their order there. */
	synchronized List<String> take(String queue, List<String> ids) {
		List<String> taken = this.waiting.stream()
			.filter((id) -> ids.contains(id) && require(id).job().queue().equals(queue))
			.toList();
		this.waiting.removeAll(taken);
		return taken;
	}

	/** Takes a job off its queue, wherever it waits. */
	synchronized void leaveQueue(String id) {
		this.waiting.remove(id);
	}

	synchronized boolean remove(String id) {
		this.waiting.remove(id);
		RecordedJob removed = this.jobs.remove(id);
		if (removed != null) {
			leaveLimit(removed);
			this.outcomes.look(id);
		}
		return removed != null;
	}

	/** A job that is not kept any more is none. */
	private @Nullable RecordedJob find(String id) {
		RecordedJob job = this.jobs.get(id);
		return (job == null || (job.expires != null && !job.expires.isAfter(now()))) ? null : job;
	}

	private RecordedJob require(String id) {
		return Objects.requireNonNull(this.jobs.get(id), "A job that waits is kept");
	}

	synchronized Optional<Job> read(String id) {
		return Optional.ofNullable(find(id)).map(RecordedJob::job);
	}

	/** Reads something of a job. */
	synchronized <T> Optional<T> read(String id, Function<RecordedJob, @Nullable T> reading) {
		return Optional.ofNullable(find(id)).map(reading);
	}

	/**
	 * Changes a job.
	 * @return whether there is such a job
	 */
	synchronized boolean change(String id, Consumer<RecordedJob> change) {
		RecordedJob job = find(id);
		if (job != null) {
			change.accept(job);
		}
		return job != null;
	}

	/**
	 * Changes a job unless it is in a state in which it must not be changed.
	 * @param undone what is not done then
	 * @return whether there is such a job
	 */
	synchronized boolean change(String id, Set<JobStatus> allowed, String undone, Consumer<RecordedJob> change) {
		return change(id, (job) -> {
			if (!allowed.contains(job.status())) {
				throw new IllegalJobStateException(id, job.status().value(), undone,
						"That is possible for jobs that are "
								+ allowed.stream().map(JobStatus::value).sorted().toList());
			}
			change.accept(job);
		});
	}

	synchronized List<Job> all(Predicate<Job> condition) {
		return this.jobs.keySet()
			.stream()
			.map(this::find)
			.filter(Objects::nonNull)
			.map(RecordedJob::job)
			.filter(condition)
			.toList();
	}

}
