package io.rq.worker;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

import io.rq.queue.RegisteredWorker;
import io.rq.redis.WorkerStore;

/**
 * The workers of all processes and languages. What one of them has written and we cannot
 * read is left out.
 */
public class WorkerRegistrations {

	private final WorkerStore store;

	/**
	 * Creates the view.
	 * @param store the store of the registrations
	 */
	public WorkerRegistrations(WorkerStore store) {
		this.store = store;
	}

	/**
	 * Reads all living workers.
	 * @return the workers, sorted by name
	 */
	public List<RegisteredWorker> all() {
		return this.store.workers()
			.stream()
			.map(WorkerRegistrations::read)
			.sorted(Comparator.comparing(RegisteredWorker::name))
			.toList();
	}

	/**
	 * Returns whether all workers are suspended.
	 * @return {@code true} while they are
	 */
	public boolean areSuspended() {
		return this.store.isSuspended();
	}

	private static RegisteredWorker read(Map<String, String> fields) {
		String queues = fields.get("queues");
		return new RegisteredWorker(fields.getOrDefault("name", ""),
				(queues != null) ? List.of(StringUtils.commaDelimitedListToStringArray(queues)) : List.of(),
				fields.get("state"), fields.get("current_job"),
				new RegisteredWorker.Process(fields.get("hostname"), fields.get("pid"), fields.get("version"),
						fields.get("python_version")),
				new RegisteredWorker.Life(time(fields.get("birth")), time(fields.get("last_heartbeat"))),
				new RegisteredWorker.Work((long) number(fields.get("successful_job_count")),
						(long) number(fields.get("failed_job_count")),
						Duration.ofMillis((long) (number(fields.get("total_working_time")) * 1_000))));
	}

	private static @Nullable Instant time(@Nullable String text) {
		try {
			return (text != null) ? Instant.parse(text) : null;
		}
		catch (DateTimeParseException ex) {
			return null;
		}
	}

	private static double number(@Nullable String text) {
		try {
			return (text != null) ? Double.parseDouble(text) : 0;
		}
		catch (NumberFormatException ex) {
			return 0;
		}
	}

}
