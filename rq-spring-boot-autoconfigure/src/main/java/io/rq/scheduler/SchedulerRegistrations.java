package io.rq.scheduler;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.rq.queue.RegisteredScheduler;
import io.rq.redis.SchedulerStore;

/**
 * The schedulers of all processes and languages.
 */
public class SchedulerRegistrations {

	private final SchedulerStore store;

	/**
	 * Creates the view.
	 * @param store the store of the schedulers
	 */
	public SchedulerRegistrations(SchedulerStore store) {
		this.store = store;
	}

	/**
	 * Reads what a scheduler says of itself.
	 * @param name its name, as it stands in a lock
	 * @return the scheduler, of which nothing may be known but the name
	 */
	public RegisteredScheduler find(String name) {
		Map<String, String> fields = this.store.scheduler(name);
		return new RegisteredScheduler(name, fields.get("hostname"), fields.get("pid"),
				time(fields.get("last_heartbeat")));
	}

	private static @Nullable Instant time(@Nullable String text) {
		try {
			return (text != null) ? Instant.parse(text) : null;
		}
		catch (DateTimeParseException ex) {
			return null;
		}
	}

}
