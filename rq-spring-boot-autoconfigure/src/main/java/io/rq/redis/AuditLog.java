package io.rq.redis;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.data.domain.Range;
import org.springframework.data.redis.connection.Limit;
import org.springframework.data.redis.connection.RedisStreamCommands.XAddOptions;
import org.springframework.data.redis.connection.stream.ByteRecord;
import org.springframework.data.redis.connection.stream.StreamRecords;
import org.springframework.util.Assert;

/**
 * The record of who did what, on all nodes. The oldest entries go as new ones come.
 */
public class AuditLog {

	/** About how many entries are kept. */
	public static final int KEPT = 10_000;

	private final RedisScripts scripts;

	/**
	 * Creates the log.
	 * @param scripts the scripts on the connections to Redis
	 */
	public AuditLog(RedisScripts scripts) {
		this.scripts = scripts;
	}

	/**
	 * Adds an entry.
	 * @param fields its fields, at least one
	 * @throws RuntimeException if Redis cannot be asked or is full
	 */
	@SuppressWarnings("deprecation") // what replaces it came with Spring Boot 4.1
	public void append(Map<String, String> fields) {
		Map<byte[], byte[]> entry = new LinkedHashMap<>();
		fields.forEach((name, value) -> entry.put(ScriptArguments.bytes(name), ScriptArguments.bytes(value)));
		ByteRecord entryRecord = StreamRecords.rawBytes(entry).withStreamKey(ScriptArguments.bytes(key()));
		this.scripts.with(key(), (connection) -> connection.streamCommands()
			.xAdd(entryRecord, XAddOptions.maxlen(KEPT).approximateTrimming(true)));
	}

	/**
	 * Reads entries, the newest first.
	 * @param before the id of the last entry that was read, or {@code null} to begin
	 * @param limit how many at most
	 * @return the entries
	 * @throws IllegalArgumentException if the id is none
	 */
	public List<Entry> read(@Nullable String before, int limit) {
		Assert.isTrue(before == null || before.matches("(?!0+-0+$)\\d{1,19}-\\d{1,19}"),
				() -> "'" + before + "' is no entry of the record of operations; begin without one");
		Range<String> range = (before != null) ? Range.leftUnbounded(Range.Bound.exclusive(before)) : Range.unbounded();
		List<ByteRecord> entries = this.scripts.with(key(), (connection) -> connection.streamCommands()
			.xRevRange(ScriptArguments.bytes(key()), range, Limit.limit().count(limit)));
		return (entries != null) ? entries.stream().map(AuditLog::entry).toList() : List.of();
	}

	private String key() {
		return this.scripts.layout().audit();
	}

	private static Entry entry(ByteRecord stored) {
		String id = stored.getId().getValue();
		return new Entry(id, Timestamps.ofEntry(id), Replies.texts(stored.getValue()));
	}

	/**
	 * An entry.
	 *
	 * @param id its id
	 * @param time when it was added, by the clock of Redis
	 * @param fields its fields
	 */
	public record Entry(String id, Instant time, Map<String, String> fields) {

		/**
		 * Makes the fields unmodifiable.
		 */
		public Entry {
			fields = Map.copyOf(fields);
		}

	}

}
