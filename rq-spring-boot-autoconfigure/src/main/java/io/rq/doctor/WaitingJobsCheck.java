package io.rq.doctor;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

import io.rq.queue.QueueSnapshot;
import io.rq.queue.Registry;
import io.rq.redis.JobPages;
import io.rq.redis.WorkerStore;
import io.rq.serializer.SerializerFormat;

/**
 * Jobs wait that this application's workers cannot read, or whose function no worker of
 * their queue knows. The first ones of some queues are looked at.
 */
record WaitingJobsCheck(Queues queues, JobPages pages, WorkerStore workers, Functions functions) implements Check {

	static final int MOST_QUEUES = 20;

	static final int MOST_JOBS = 20;

	@Override
	public String name() {
		return "waiting-jobs";
	}

	@Override
	public void examine(Report report) {
		List<QueueSnapshot> waiting = this.queues.all()
			.stream()
			.filter((queue) -> queue.size(Registry.QUEUED) > 0 && this.queues.isServed(queue.name()))
			.limit(MOST_QUEUES)
			.toList();
		waiting.forEach((queue) -> examine(queue.name(), report));
	}

	private void examine(String queue, Report report) {
		int pickled = 0;
		Map<String, Integer> called = new TreeMap<>();
		List<byte[]> calls = this.pages.calls(queue, MOST_JOBS);
		for (byte[] call : calls) {
			String function = this.functions.of(call);
			if (function != null) {
				called.merge(function, 1, Integer::sum);
			}
			else if (SerializerFormat.isPickle(call)) {
				pickled++;
			}
		}
		if (pickled > 0 && this.queues.isServedHere(queue)) {
			report.warn(
					"Of the first " + calls.size() + " jobs on queue '" + queue + "' " + pickled
							+ " are pickled, and the workers of this application cannot read them: they fail.",
					"Set 'rq.serializer' to 'auto', or let Python enqueue with RQ's JSONSerializer.");
		}
		Set<String> unknown = unknown(queue, called.keySet());
		if (!unknown.isEmpty()) {
			report.warn(
					"Jobs on queue '" + queue + "' call " + String.join(", ", unknown)
							+ ", which no worker of the queue knows: they fail.",
					"Start workers that have them before the jobs' turn comes, or move the jobs to the queue of such workers.");
		}
	}

	private Set<String> unknown(String queue, Set<String> called) {
		Set<String> unknown = new TreeSet<>(called);
		if (this.queues.isServedHere(queue)) {
			unknown.removeAll(this.functions.known());
		}
		if (!unknown.isEmpty()) {
			// a worker of this application may not be on record yet
			Optional<Set<String>> told = this.queues.isOnRecord(queue) ? this.workers.functions(queue)
					: Optional.of(Set.of());
			told.ifPresentOrElse(unknown::removeAll, unknown::clear);
		}
		return unknown;
	}

	/**
	 * What is known of functions here.
	 */
	interface Functions {

		/** Returns the function of a call, or {@code null} if it cannot be read. */
		@Nullable String of(byte[] call);

		/** Returns the names of those that workers of this application know. */
		Set<String> known();

	}

}
