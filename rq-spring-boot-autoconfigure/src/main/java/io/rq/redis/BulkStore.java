package io.rq.redis;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * The record of bulk operations. A node holds a lease of the one it carries out; what it
 * notes counts only as long as no other node has taken it.
 */
public class BulkStore {

	private final RedisScripts scripts;

	private final QueueStore queues;

	/**
	 * Creates the store.
	 * @param scripts the scripts on the connections to Redis
	 */
	public BulkStore(RedisScripts scripts) {
		this.scripts = scripts;
		this.queues = new QueueStore(scripts);
	}

	/**
	 * Puts an operation on record.
	 * @param queue the name of the queue whose jobs are meant
	 * @param id the operation's id
	 * @param fields what is known of it
	 */
	public void start(String queue, String id, Map<String, String> fields) {
		ScriptArguments arguments = ScriptArguments.keys(keys(queue).operation(id)).add(id);
		fields.forEach((field, value) -> arguments.add(field).add(value));
		this.scripts.count(Script.BULK_START, arguments);
	}

	/**
	 * Takes an operation, or renews the lease of the node that has it, and notes what a
	 * batch has done. A repeat notes it once.
	 * @param open the operation
	 * @param token the token of the node
	 * @param lease for how long others leave it alone, zero to give it back
	 * @param batch what a batch has done, or {@code null} if there is none
	 * @return what is known of the operation, empty if there is none of that id, it has
	 * ended before or another node has it
	 */
	public Map<String, String> step(Open open, String token, Duration lease, @Nullable Batch batch) {
		ScriptArguments arguments = ScriptArguments.keys(keys(open.queue()).operation(open.id()))
			.add(open.id())
			.add(token)
			.add(lease.toMillis())
			.add((batch != null) ? Long.toString(batch.number()) : "");
		if (batch != null) {
			arguments.add(batch.last() ? "0" : "1")
				.add(batch.examined())
				.add(batch.matched())
				.add(batch.done())
				.add(batch.refused());
			batch.fields().forEach((field, value) -> arguments.add(field).add(value));
		}
		return Replies.fields(this.scripts.run(Script.BULK_STEP, arguments));
	}

	/**
	 * Asks for the end of an operation.
	 * @param id the operation's id
	 * @return whether there is one that has not ended
	 */
	public boolean cancel(String id) {
		return this.queues.anyKeys()
			.anyMatch((keys) -> this.scripts.count(Script.BULK_CANCEL, ScriptArguments.keys(keys.operation(id))) == 1);
	}

	/**
	 * Reads what is known of an operation.
	 * @param id the operation's id
	 * @return its fields, or empty if there is none of that id, or its key holds a value
	 * of another type
	 */
	public Optional<Map<String, String>> find(String id) {
		return this.queues.anyKeys()
			.map((keys) -> this.scripts.hash(keys.operation(id)))
			.filter((fields) -> !fields.isEmpty())
			.findFirst();
	}

	/**
	 * Reads the operations of the last day.
	 * @param most how many at most of each place where they are kept
	 * @return their ids and fields, the newest first
	 */
	public Map<String, Map<String, String>> recent(int most) {
		Map<String, Map<String, String>> recent = new LinkedHashMap<>();
		this.queues.anyKeys().forEach((keys) -> this.scripts.ranked(keys.operations(), most, true).forEach((id) -> {
			Map<String, String> fields = this.scripts.hash(keys.operation(id));
			if (!fields.isEmpty()) {
				recent.put(id, fields);
			}
		}));
		return recent;
	}

	/**
	 * Reads which operations have not ended. One command.
	 * @param most how many at most
	 * @return the operations, the oldest first
	 */
	public List<Open> open(int most) {
		return this.queues.anyKeys()
			.flatMap((keys) -> this.scripts.ranked(keys.openOperations(), most, false)
				.map((id) -> new Open(keys.name(), id)))
			.toList();
	}

	private QueueKeys keys(String queue) {
		return this.scripts.keys(queue);
	}

	/**
	 * An operation that has not ended.
	 *
	 * @param queue the name of the queue with which it is kept
	 * @param id its id
	 */
	public record Open(String queue, String id) {

		/**
		 * Checks that nothing is missing.
		 */
		public Open {
			Objects.requireNonNull(queue);
			Objects.requireNonNull(id);
		}

	}

	/**
	 * What a batch has done.
	 *
	 * @param number how many batches were before it
	 * @param last whether the operation has ended with it
	 * @param examined how many jobs it looked at
	 * @param matched how many of them were meant
	 * @param done to how many it was done
	 * @param refused to how many it could not be done
	 * @param fields what else is known of the operation after it
	 */
	public record Batch(long number, boolean last, long examined, long matched, long done, long refused,
			Map<String, String> fields) {

		/**
		 * Makes the fields unmodifiable.
		 */
		public Batch {
			fields = Map.copyOf(fields);
		}

	}

}
