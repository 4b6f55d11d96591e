package io.rq.operations;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.rq.job.Job;
import io.rq.lifecycle.Outage;
import io.rq.queue.JobCursor;
import io.rq.queue.JobPage;
import io.rq.queue.JobRow;
import io.rq.queue.Registry;
import io.rq.redis.JobPages;
import io.rq.template.JobOperations;

/**
 * Does to some jobs at a time what a bulk operation does to many. A batch that is done
 * twice finds most jobs no longer where they were, and changes none a second time.
 */
class BulkBatches {

	/** So that no call keeps Redis from others. */
	static final int SIZE = 100;

	/** So much of a UUID stands before its last hyphen but one: 64 bits. */
	private static final int COPY_PREFIX = 18;

	/** Each stop waits for its worker. */
	private static final int STOPS = 5;

	/** A due time in Redis is a floating-point number, which has no nanoseconds. */
	private static final Duration SAME_TIME = Duration.ofMillis(1);

	private final JobOperations jobs;

	private final JobLists lists;

	private final JobPages pages;

	private final Deletions deletions;

	BulkBatches(JobOperations jobs, JobLists lists, JobPages pages, Deletions deletions) {
		this.jobs = jobs;
		this.lists = lists;
		this.pages = pages;
		this.deletions = deletions;
	}

	Done next(BulkRecord operation) {
		BulkRequest request = operation.request();
		String cursor = operation.cursor();
		String undoes = request.undoes();
		if (undoes != null) {
			return ofDeleted(request.queue(), undoes, (cursor != null) ? Integer.parseInt(cursor) : 0);
		}
		int size = (request.operation() == Operation.STOP) ? STOPS : SIZE;
		Registry registry = request.registry();
		return (registry != null)
				? ofList(operation.id(), request, registry, (cursor != null) ? JobCursor.of(cursor) : null, size)
				: ofNamed(operation.id(), request, (cursor != null) ? Integer.parseInt(cursor) : 0, size);
	}

	private Done ofDeleted(String queue, String undoes, int from) {
		List<String> ids = this.deletions.ids(queue, undoes, from, SIZE);
		Work work = new Work();
		each(ids, work, (id) -> work.note(this.deletions.undo(id), id));
		return work.done(Integer.toString(work.isCutShort() ? from : from + ids.size()), ids.size() < SIZE, ids.size(),
				ids.size());
	}

	/**
	 * Returns the ids of those jobs that belong to a queue: who may act on it may not act
	 * on the jobs of another by naming them.
	 */
	static List<String> ofQueue(JobOperations jobs, String queue, Collection<String> named) {
		return jobs.findAll(named).stream().filter((job) -> job.queue().equals(queue)).map(Job::id).toList();
	}

	private Done ofNamed(String operation, BulkRequest request, int from, int size) {
		int to = Math.min(from + size, request.ids().size());
		List<String> named = request.ids().subList(from, to);
		List<String> ids = ofQueue(this.jobs, request.queue(), named);
		Work work = work(operation, request, ids);
		work.refuse(named.size() - ids.size(), "There is no such job on queue '" + request.queue() + "' (any more)");
		return work.done(Integer.toString(work.isCutShort() ? from : to), to == request.ids().size(), named.size(),
				named.size());
	}

	private Done ofList(String operation, BulkRequest request, Registry registry, @Nullable JobCursor after, int size) {
		JobPage page = this.pages.pageOrAgain(request.queue(), registry, after, size);
		List<JobRow> rows = page.jobs()
			.stream()
			.filter((row) -> isThere(row, registry) && !isCopy(operation, row.id()) && !isRescheduled(row, request))
			.toList();
		List<JobRow> meant = this.lists.matching(request.queue(),
				rows.stream().filter((row) -> isMeant(row, registry, request)).toList(), request.filter());
		Work work = work(operation, request, meant.stream().map(JobRow::id).toList());
		JobCursor next = (registry == Registry.QUEUED) ? lastOf(page.jobs(), work.changed, after) : page.next();
		if (work.isCutShort()) {
			next = after;
		}
		return work.done((next != null) ? next.toString() : "", page.next() == null, rows.size(), meant.size());
	}

	/**
	 * The id of the job that runs again what another did. It is the same each time, and
	 * begins like that of the operation, so that this meets none that it has made.
	 */
	private static String copy(String operation, String id) {
		UUID own = UUID.nameUUIDFromBytes((operation + id).getBytes(StandardCharsets.UTF_8));
		return operation.substring(0, COPY_PREFIX) + own.toString().substring(COPY_PREFIX);
	}

	private static boolean isCopy(String operation, String id) {
		return id.length() > COPY_PREFIX && operation.startsWith(id.substring(0, COPY_PREFIX));
	}

	/** On a queue there may be ids of jobs that are elsewhere by now, or gone. */
	private static boolean isThere(JobRow row, Registry registry) {
		return row.status() != null && (registry != Registry.QUEUED || row.status().equals("queued"));
	}

	/** What is due later now may be met again further on. */
	private static boolean isRescheduled(JobRow row, BulkRequest request) {
		Instant at = request.options().at();
		Instant due = row.dueAt();
		return request.operation() == Operation.RESCHEDULE && at != null && due != null
				&& Duration.between(at, due).abs().compareTo(SAME_TIME) < 0;
	}

	private static boolean isMeant(JobRow row, Registry registry, BulkRequest request) {
		if (request.from() == null && request.to() == null) {
			return true;
		}
		Instant time = switch (registry) {
			case QUEUED, READY -> row.enqueuedAt();
			case STARTED -> row.startedAt();
			case SCHEDULED -> row.dueAt();
			case FINISHED, FAILED -> row.endedAt();
			case DEFERRED, CANCELED -> row.createdAt();
		};
		return time != null && (request.from() == null || !time.isBefore(request.from()))
				&& (request.to() == null || time.isBefore(request.to()));
	}

	/**
	 * Where the next page of a queue goes on: at the last job that is still there, whose
	 * place has changed by those before it that are gone.
	 */
	private static @Nullable JobCursor lastOf(List<JobRow> rows, Set<String> gone, @Nullable JobCursor before) {
		JobCursor last = before;
		long removed = 0;
		for (JobRow row : rows) {
			Long position = row.position();
			if (gone.contains(row.id())) {
				removed++;
			}
			else if (position != null) {
				last = new JobCursor(Long.toString(position - removed), row.id());
			}
		}
		return last;
	}

	private Work work(String operation, BulkRequest request, List<String> ids) {
		Work work = new Work();
		if (request.dryRun() || ids.isEmpty()) {
			return work;
		}
		if (request.operation() == Operation.REQUEUE && !request.options().atFront()) {
			work.attempt(() -> {
				long done = this.jobs.requeueAll(ids);
				work.done += done;
				work.refuse(ids.size() - done,
						"It waits, is due later, runs by now or is gone: " + "'run-now' is for what is due later");
			});
			return work;
		}
		if (request.operation() == Operation.DELETE) {
			delete(operation, request.options(), ids, work);
			return work;
		}
		each(ids, work, (id) -> work.note(change(operation, request, id), id));
		return work;
	}

	private void delete(String operation, BulkOptions options, List<String> ids, Work work) {
		String obstacle = this.deletions.obstacle(options.now());
		each(ids, work, (id) -> {
			Optional<Deletion> deletion = this.deletions.delete(id, options.deleteDependents(), obstacle, operation);
			work.note(deletion.isPresent(), id);
			deletion.ifPresent(work::deleted);
		});
	}

	private static void each(List<String> ids, Work work, Consumer<String> step) {
		for (String id : ids) {
			if (!work.isCutShort()) {
				work.attempt(() -> step.accept(id));
			}
		}
	}

	private boolean change(String operation, BulkRequest request, String id) {
		BulkOptions options = request.options();
		Instant at = options.at();
		String target = options.target();
		return switch (request.operation()) {
			case REQUEUE -> this.jobs.requeue(id, options.atFront());
			case RUN_NOW -> this.jobs.runNow(id, options.atFront());
			case RESCHEDULE -> at != null && this.jobs.reschedule(id, at);
			case CANCEL -> this.jobs.cancel(id, options.enqueueDependents());
			case STOP -> this.jobs.stop(id, BulkRunner.STOP_TIMEOUT);
			case RUN_AGAIN -> this.jobs.enqueueAgain(id, copy(operation, id)).isPresent();
			case MOVE -> target != null && this.jobs.move(id, target);
			default -> throw new IllegalArgumentException("Nothing to do in bulk: " + request.operation());
		};
	}

	/**
	 * What comes of a batch.
	 */
	private static final class Work {

		private final List<String> reasons = new ArrayList<>();

		private final Set<String> changed = new HashSet<>();

		private long done;

		private long refused;

		private long undoable;

		private @Nullable Instant undoableUntil;

		private @Nullable RuntimeException trouble;

		void attempt(Runnable step) {
			try {
				step.run();
			}
			catch (RuntimeException ex) {
				if (Outage.isUnreachable(ex) || Thread.currentThread().isInterrupted()) {
					this.trouble = ex;
				}
				else {
					String message = ex.getMessage();
					refuse(1, (message != null) ? message : ex.toString());
				}
			}
		}

		void refuse(long count, String reason) {
			if (count > 0) {
				this.refused += count;
				this.reasons.add(reason);
			}
		}

		void note(boolean changed, String id) {
			if (changed) {
				this.done++;
				this.changed.add(id);
			}
			else {
				refuse(1, "There is no such job (any more)");
			}
		}

		void deleted(Deletion deletion) {
			String reason = deletion.reason();
			if (reason != null) {
				this.reasons.add("Deleted for good: " + reason);
			}
			else {
				this.undoable++;
				this.undoableUntil = deletion.undoableUntil();
			}
		}

		boolean isCutShort() {
			return this.trouble != null;
		}

		/** What is to be noted; of one cut short only what will not be met again. */
		Done done(String cursor, boolean last, long examined, long matched) {
			boolean whole = !isCutShort();
			return new Done(cursor, whole && last, whole ? examined : this.done, whole ? matched : this.done, this.done,
					whole ? this.refused : 0, this.undoable, this.undoableUntil, whole ? this.reasons : List.of(),
					this.trouble);
		}

	}

	/**
	 * What a batch has done.
	 *
	 * @param cursor where the next one begins, an empty text for the beginning
	 * @param last whether there is no next one
	 * @param examined how many jobs it looked at
	 * @param matched how many of them were meant
	 * @param done to how many it was done
	 * @param refused to how many it could not be done
	 * @param undoable how many of those that it has deleted can be put back
	 * @param undoableUntil until when, or {@code null} if none can
	 * @param reasons why jobs were refused, or are deleted for good
	 * @param trouble what has cut it short, or {@code null}
	 */
	record Done(String cursor, boolean last, long examined, long matched, long done, long refused, long undoable,
			@Nullable Instant undoableUntil, List<String> reasons, @Nullable RuntimeException trouble) {

	}

}
