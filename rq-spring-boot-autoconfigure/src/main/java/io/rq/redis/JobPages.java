package io.rq.redis;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

import io.rq.queue.JobCursor;
import io.rq.queue.JobPage;
import io.rq.queue.JobRow;
import io.rq.queue.Registry;

/**
 * Reads lists of jobs in pages, however long they are: one call each, which costs Redis a
 * command for every job of the page and three more.
 */
public class JobPages {

	/** How many jobs a page may have. */
	public static final int LARGEST = 1_000;

	private static final int LONGEST_CALL = 64 * 1024;

	private static final List<JobField> FIELDS = List.of(JobField.ORIGIN, JobField.STATUS, JobField.DESCRIPTION,
			JobField.CREATED_AT, JobField.ENQUEUED_AT, JobField.STARTED_AT, JobField.ENDED_AT, JobField.WORKER_NAME);

	private static final Comparator<JobRow> LAST_ENDED_FIRST = Comparator.comparing(JobRow::endedAt,
			Comparator.nullsLast(Comparator.reverseOrder()));

	private final RedisScripts scripts;

	/**
	 * Creates the reader.
	 * @param scripts the scripts on the connections to Redis
	 */
	public JobPages(RedisScripts scripts) {
		this.scripts = scripts;
	}

	/**
	 * Reads a page. Waiting jobs come in their order, jobs to come by the time they are
	 * due, ended ones last first.
	 * @param queue the queue's name
	 * @param registry the registry, or the queue itself
	 * @param after where the page before ended, or {@code null} for the first page. On a
	 * queue its last job is looked for within 1,000 places; if it is gone the page begins
	 * at its place
	 * @param limit how many jobs at most, from 1 to {@value #LARGEST}
	 * @return the page
	 * @throws IllegalArgumentException if {@code limit} is out of range, or a page of a
	 * queue is to go on where one of a registry ended
	 */
	public JobPage page(String queue, Registry registry, @Nullable JobCursor after, int limit) {
		return page(queue, registry, order(registry), after, limit);
	}

	/**
	 * Reads a page for someone who must not miss a job: as {@link #page}, but on a queue
	 * it begins at the front again if the last job of the page before is not found, for
	 * then those before it are gone too or nobody knows where they are.
	 * @param queue the queue's name
	 * @param registry the registry, or the queue itself
	 * @param after where the page before ended, or {@code null} for the first page
	 * @param limit how many jobs at most, from 1 to {@value #LARGEST}
	 * @return the page
	 */
	public JobPage pageOrAgain(String queue, Registry registry, @Nullable JobCursor after, int limit) {
		return page(queue, registry, (registry == Registry.QUEUED) ? "whole" : order(registry), after, limit);
	}

	private JobPage page(String queue, Registry registry, String order, @Nullable JobCursor after, int limit) {
		requireLimit(limit, LARGEST);
		Assert.isTrue(after == null || registry != Registry.QUEUED || after.isPosition(),
				() -> "The cursor '" + after + "' is not one of a queue but of a registry; begin without one");
		ScriptArguments arguments = ScriptArguments.keys(this.scripts.keys(queue).of(registry))
			.add(order)
			.add(limit)
			.add((after != null) ? after.place() : "")
			.add((after != null) ? after.member() : "");
		FIELDS.forEach((field) -> arguments.add(field.text()));
		List<?> reply = this.scripts.run(Script.PAGE, arguments);
		List<Entry> entries = reply.stream().map((entry) -> Entry.read((List<?>) entry)).toList();
		List<JobRow> rows = entries.stream().map((entry) -> entry.row(registry)).toList();
		JobCursor next = (entries.size() < limit) ? null : entries.get(limit - 1).cursor();
		return new JobPage(hasEnded(registry) ? rows.stream().sorted(LAST_ENDED_FIRST).toList() : rows, next);
	}

	/**
	 * Reads what jobs have failed with last.
	 * @param queue the queue's name
	 * @param ids the ids of its jobs
	 * @return the stack trace of each, in their order; empty if its last outcome has none
	 */
	public List<String> traces(String queue, List<String> ids) {
		QueueKeys keys = this.scripts.keys(queue);
		List<String> traces = new ArrayList<>();
		while (traces.size() < ids.size()) {
			ScriptArguments arguments = ScriptArguments.keys();
			ids.subList(traces.size(), ids.size()).forEach((id) -> arguments.key(keys.results(id)));
			this.scripts.run(Script.FAILURES, arguments)
				.forEach((trace) -> traces.add(ResultEntry.decodeException(Replies.text(trace))));
		}
		return traces;
	}

	/**
	 * Reads the calls of the next jobs on a queue.
	 * @param queue the queue's name
	 * @param limit how many jobs at most
	 * @return the calls as their serializer wrote them; those that are long are left out
	 */
	public List<byte[]> calls(String queue, int limit) {
		List<byte[]> calls = new ArrayList<>();
		for (Object call : this.scripts.run(Script.SAMPLE,
				ScriptArguments.keys(this.scripts.keys(queue).queue()).add(limit).add(LONGEST_CALL))) {
			byte[] data = Zlib.inflate((byte[]) call, LONGEST_CALL);
			if (data != null && data.length > 0) {
				calls.add(data);
			}
		}
		return calls;
	}

	/**
	 * Sees to it that a page is not too large.
	 * @param limit how many things it is to have
	 * @param largest how many it may have
	 * @throws IllegalArgumentException if that is less than one or too many
	 */
	public static void requireLimit(int limit, int largest) {
		Assert.isTrue(limit >= 1 && limit <= largest,
				() -> "'limit' must be from 1 to " + largest + " but is " + limit + ": read more in pages");
	}

	private static String order(Registry registry) {
		return switch (registry) {
			case QUEUED -> "list";
			case STARTED, SCHEDULED, DEFERRED, READY -> "up";
			case FINISHED, FAILED, CANCELED -> "down";
		};
	}

	/**
	 * Their scores are the times at which they expire, their order that of their ends.
	 */
	private static boolean hasEnded(Registry registry) {
		return registry == Registry.FINISHED || registry == Registry.FAILED;
	}

	/**
	 * A job as the script tells it.
	 *
	 * @param place its score or position
	 * @param member how it stands there
	 * @param fields the values of its fields in the order of {@link #FIELDS}
	 */
	private record Entry(String place, String member, List<String> fields) {

		static Entry read(List<?> reply) {
			List<String> texts = reply.stream().map(Replies::text).toList();
			return new Entry(texts.get(1), texts.get(0), texts.subList(2, texts.size()));
		}

		JobCursor cursor() {
			return new JobCursor(this.place, this.member);
		}

		JobRow row(Registry registry) {
			boolean queued = registry == Registry.QUEUED;
			Instant time = queued ? null : Timestamps.ifSeconds(this.place);
			return new JobRow(QueueStore.jobId(this.member), text(JobField.ORIGIN), text(JobField.STATUS),
					text(JobField.DESCRIPTION), time(JobField.CREATED_AT), time(JobField.ENQUEUED_AT),
					time(JobField.STARTED_AT), time(JobField.ENDED_AT), text(JobField.WORKER_NAME),
					(registry == Registry.SCHEDULED) ? time : null, hasEnded(registry) ? time : null,
					queued ? Long.valueOf(this.place) : null);
		}

		private @Nullable String text(JobField field) {
			String text = this.fields.get(FIELDS.indexOf(field));
			return text.isEmpty() ? null : text;
		}

		private @Nullable Instant time(JobField field) {
			return Timestamps.ifReadable(text(field));
		}

	}

}
