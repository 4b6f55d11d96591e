package io.rq.operations;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

import io.rq.explain.Failure;
import io.rq.queue.JobCursor;
import io.rq.queue.JobPage;
import io.rq.queue.JobRow;
import io.rq.queue.QueueSnapshot;
import io.rq.queue.Registry;
import io.rq.redis.JobPages;
import io.rq.redis.QueueStore;

/**
 * Reads lists of jobs, searches them and groups failures, always over a bounded number of
 * jobs.
 */
class JobLists {

	/** How many jobs one search looks at. */
	static final int WINDOW = 10_000;

	private static final int SEARCH_PAGE = 500;

	/** Stack traces are larger than rows. */
	private static final int FAILURE_PAGE = 100;

	/** How many failures are looked at for groups. */
	static final int FAILURE_WINDOW = 2_000;

	private static final int MOST_IDS = 10;

	private final JobPages pages;

	private final QueueStore queues;

	JobLists(JobPages pages, QueueStore queues) {
		this.pages = pages;
		this.queues = queues;
	}

	JobList list(String queue, Registry registry, JobFilter filter, @Nullable JobCursor after, int limit) {
		List<JobRow> found = new ArrayList<>();
		JobCursor next = after;
		int examined = 0;
		boolean plain = filter.equals(JobFilter.ALL);
		int size = plain ? limit : Math.max(limit, (filter.failure() != null) ? FAILURE_PAGE : SEARCH_PAGE);
		do {
			JobPage page = this.pages.page(queue, registry, next, size);
			examined += page.jobs().size();
			found.addAll(matching(queue, page.jobs(), filter));
			next = page.next();
		}
		while (!plain && next != null && found.size() < limit && examined < WINDOW);
		return new JobList(found, (next != null) ? next.toString() : null, examined, size(queue, registry));
	}

	long size(String queue, Registry registry) {
		return this.queues.size(queue, registry);
	}

	List<JobRow> matching(String queue, List<JobRow> rows, JobFilter filter) {
		List<JobRow> matching = rows.stream().filter(filter::matches).toList();
		if (filter.failure() == null) {
			return matching;
		}
		List<String> traces = this.pages.traces(queue, matching.stream().map(JobRow::id).toList());
		List<JobRow> failed = new ArrayList<>();
		for (int i = 0; i < matching.size(); i++) {
			if (filter.matches(FailureKind.of(traces.get(i)))) {
				failed.add(matching.get(i));
			}
		}
		return failed;
	}

	FailureGroups failures(List<String> names) {
		Map<FailureKind, Failures> kinds = new LinkedHashMap<>();
		List<QueueSnapshot> failing = this.queues.census(names)
			.stream()
			.filter((queue) -> queue.size(Registry.FAILED) > 0)
			.toList();
		int most = Math.max(1, FAILURE_WINDOW / Math.max(1, failing.size()));
		long examined = 0;
		for (QueueSnapshot queue : failing.subList(0, Math.min(FAILURE_WINDOW, failing.size()))) {
			examined += failures(queue.name(), most, kinds);
		}
		long failed = failing.stream().mapToLong((queue) -> queue.size(Registry.FAILED)).sum();
		List<FailureGroup> groups = kinds.entrySet()
			.stream()
			.map((kind) -> kind.getValue().group(kind.getKey()))
			.sorted(Comparator.comparingLong(FailureGroup::count).reversed())
			.toList();
		return new FailureGroups(groups, examined, failed);
	}

	private long failures(String queue, int most, Map<FailureKind, Failures> kinds) {
		JobCursor next = null;
		int examined = 0;
		do {
			JobPage page = this.pages.page(queue, Registry.FAILED, next, Math.min(FAILURE_PAGE, most - examined));
			List<String> traces = this.pages.traces(queue, page.jobs().stream().map(JobRow::id).toList());
			for (int i = 0; i < traces.size(); i++) {
				kinds.computeIfAbsent(FailureKind.of(traces.get(i)), (absent) -> new Failures())
					.add(queue, page.jobs().get(i), traces.get(i));
			}
			examined += traces.size();
			next = page.next();
		}
		while (next != null && examined < most);
		return examined;
	}

	/**
	 * Failures of one kind while they are counted.
	 */
	private static final class Failures {

		private final TreeSet<String> queues = new TreeSet<>();

		private final List<JobRow> rows = new ArrayList<>();

		private long count;

		private @Nullable Instant first;

		private @Nullable Instant last;

		private String trace = "";

		void add(String queue, JobRow row, String trace) {
			this.queues.add(queue);
			this.count++;
			Instant ended = row.endedAt();
			if (this.trace.isEmpty() || (ended != null && (this.last == null || ended.isAfter(this.last)))) {
				this.trace = trace;
			}
			if (ended != null) {
				this.first = (this.first == null || ended.isBefore(this.first)) ? ended : this.first;
				this.last = (this.last == null || ended.isAfter(this.last)) ? ended : this.last;
			}
			this.rows.add(row);
			if (this.rows.size() > 2 * MOST_IDS) {
				keepLast();
			}
		}

		private void keepLast() {
			this.rows.sort(
					Comparator.comparing(JobRow::endedAt, Comparator.nullsFirst(Comparator.naturalOrder())).reversed());
			this.rows.subList(Math.min(MOST_IDS, this.rows.size()), this.rows.size()).clear();
		}

		FailureGroup group(FailureKind kind) {
			keepLast();
			return new FailureGroup(kind.id(), kind.exception(), kind.frame(),
					Optional.ofNullable(Failure.line(this.trace)).orElse(""), this.count, this.first, this.last,
					List.copyOf(this.queues), this.rows.stream().map(JobRow::id).toList());
		}

	}

}
