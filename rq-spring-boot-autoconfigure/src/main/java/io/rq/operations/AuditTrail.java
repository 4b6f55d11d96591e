package io.rq.operations;

import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

import io.rq.lifecycle.Listeners;
import io.rq.log.SafeLog;
import io.rq.log.Told;
import io.rq.redis.AuditLog;

/**
 * Keeps the record of operations: in Redis for all nodes, and tells listeners. An entry
 * that Redis does not take is logged as an error, for the operation has been done. What
 * one operator was refused is kept once an hour for each operation, so that whoever may
 * do nothing cannot push out of the record what others have done; listeners are told of
 * each refusal.
 */
public class AuditTrail {

	private static final SafeLog log = SafeLog.of(AuditTrail.class);

	private static final int MOST_TARGETS = 100;

	private static final int LONGEST_NAME = 200;

	private static final int LONGEST_DETAIL = 500;

	private static final int MOST_REFUSALS = 100;

	private final AuditLog stored;

	private final Listeners<AuditListener> listeners;

	private final Clock clock;

	private final String node;

	private final Told refusals = new Told(Duration.ofHours(1), MOST_REFUSALS);

	/**
	 * Creates the trail.
	 * @param stored the record in Redis
	 * @param listeners who else is told
	 * @param clock tells the time to listeners
	 * @param node names this process
	 */
	public AuditTrail(AuditLog stored, Listeners<AuditListener> listeners, Clock clock, String node) {
		this.stored = stored;
		this.listeners = listeners;
		this.clock = clock;
		this.node = node;
	}

	/**
	 * Reads entries, the newest first.
	 * @param before the id of the last entry that was read, or {@code null} to begin
	 * @param limit how many at most
	 * @return the entries
	 * @throws IllegalArgumentException if there is no such id
	 */
	public List<AuditEntry> read(@Nullable String before, int limit) {
		return this.stored.read(before, limit).stream().map(AuditTrail::entry).toList();
	}

	/**
	 * Records that something was refused before the operations were asked: by a face that
	 * changes nothing, for instance.
	 * @param operator who wanted it
	 * @param operation what
	 * @param queue the queue that was meant, or {@code null}
	 * @param targets the ids or names of what was meant
	 */
	public void refused(Operator operator, Operation operation, @Nullable String queue, List<String> targets) {
		add(new Attempt(operator, operation, queue, targets), AuditEntry.Outcome.DENIED, 0, null);
	}

	String node() {
		return this.node;
	}

	void add(Attempt attempt, AuditEntry.Outcome outcome, long count, @Nullable String detail) {
		String queue = attempt.queue();
		AuditEntry entry = new AuditEntry(null, this.clock.instant(), cut(attempt.operator().name(), LONGEST_NAME),
				attempt.operator().face().value(), attempt.operation().value(),
				(queue != null) ? cut(queue, LONGEST_NAME) : null,
				attempt.targets().stream().limit(MOST_TARGETS).map((target) -> cut(target, LONGEST_NAME)).toList(),
				count, outcome, (detail != null) ? cut(detail, LONGEST_DETAIL) : null, this.node);
		if (outcome != AuditEntry.Outcome.DENIED
				|| this.refusals.isNews(entry.operation() + " " + attempt.operator().name())) {
			store(entry);
		}
		this.listeners.tell((listener) -> listener.audited(entry));
	}

	private void store(AuditEntry entry) {
		try {
			this.stored.append(fields(entry));
		}
		catch (RuntimeException ex) {
			log.error("An operation is not on record in Redis: {}", entry, ex);
		}
	}

	private static String cut(String text, int longest) {
		return text.substring(0, Math.min(text.length(), longest));
	}

	private static Map<String, String> fields(AuditEntry entry) {
		Map<String, String> fields = new LinkedHashMap<>();
		fields.put("operator", entry.operator());
		fields.put("face", entry.face());
		fields.put("operation", entry.operation());
		fields.put("queue", (entry.queue() != null) ? entry.queue() : "");
		fields.put("targets", String.join("\n", entry.targets()));
		fields.put("count", Long.toString(entry.count()));
		fields.put("outcome", entry.outcome().name().toLowerCase(Locale.ROOT));
		fields.put("detail", (entry.detail() != null) ? entry.detail() : "");
		fields.put("node", entry.node());
		return fields;
	}

	private static AuditEntry entry(AuditLog.Entry stored) {
		Map<String, String> fields = stored.fields();
		return new AuditEntry(stored.id(), stored.time(), fields.getOrDefault("operator", ""),
				fields.getOrDefault("face", ""), fields.getOrDefault("operation", ""), text(fields, "queue"),
				fields.getOrDefault("targets", "").lines().toList(), number(fields.get("count")),
				outcome(fields.get("outcome")), text(fields, "detail"), fields.getOrDefault("node", ""));
	}

	private static @Nullable String text(Map<String, String> fields, String name) {
		String text = fields.get(name);
		return StringUtils.hasLength(text) ? text : null;
	}

	private static long number(@Nullable String text) {
		return (text != null && text.matches("\\d{1,18}")) ? Long.parseLong(text) : 0;
	}

	private static AuditEntry.Outcome outcome(@Nullable String text) {
		for (AuditEntry.Outcome outcome : AuditEntry.Outcome.values()) {
			if (outcome.name().equalsIgnoreCase(text)) {
				return outcome;
			}
		}
		return AuditEntry.Outcome.FAILED;
	}

	/**
	 * What someone wants to do.
	 *
	 * @param operator who
	 * @param operation what
	 * @param queue the queue that is meant, or {@code null}
	 * @param targets the ids or names of what is meant
	 */
	record Attempt(Operator operator, Operation operation, @Nullable String queue, List<String> targets) {

	}

}
