package io.rq.redis;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.stream.ByteRecord;
import org.springframework.data.redis.connection.stream.RecordId;
import org.springframework.util.StringUtils;

import io.rq.job.InvalidJobException;
import io.rq.job.JobResult;

/**
 * The encoding of the entries of a results stream (protocol §7.1).
 */
final class ResultEntry {

	/** The order of entries of several streams. */
	static final Comparator<ByteRecord> NEWEST_FIRST = Comparator
		.comparing(ByteRecord::getId, Comparator.comparing(RecordId::getTimestamp).thenComparing(RecordId::getSequence))
		.reversed();

	/** What other programs write may be as long as they like. */
	private static final int MAX_STACK_TRACE = 1 << 20;

	private ResultEntry() {
	}

	static String encodeValue(byte @Nullable [] value) {
		return (value != null) ? Base64.getEncoder().encodeToString(value) : "";
	}

	static String encodeException(@Nullable String stackTrace) {
		return (stackTrace != null)
				? Base64.getEncoder().encodeToString(Zlib.deflate(stackTrace.getBytes(StandardCharsets.UTF_8))) : "";
	}

	/** Reads a stack trace; one that cannot be read is empty. */
	static String decodeException(String encoded) {
		try {
			return encoded.isEmpty() ? "" : stackTrace(Base64.getDecoder().decode(encoded));
		}
		catch (RuntimeException ex) {
			return "";
		}
	}

	/**
	 * Reads an entry.
	 * @throws InvalidJobException if it is none that RQ or this library has written
	 */
	static JobResult read(ByteRecord entry) {
		try {
			return readFields(entry);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidJobException("Entry '" + entry.getId().getValue()
					+ "' of the job's results cannot be read: " + StringUtils.truncate(String.valueOf(ex.getMessage())),
					ex);
		}
	}

	private static JobResult readFields(ByteRecord entry) {
		Map<String, byte[]> fields = new HashMap<>();
		entry.getValue().forEach((name, value) -> fields.put(Replies.text(name), value));
		byte[] value = fields.get("return_value");
		byte[] exception = fields.get("exc_string");
		return new JobResult(entry.getId().getValue(), type(fields.get("type")), createdAt(entry.getId().getValue()),
				run(fields), (value != null) ? Base64.getDecoder().decode(value) : null,
				(exception != null) ? stackTrace(Base64.getDecoder().decode(exception)) : null);
	}

	private static JobResult.Run run(Map<String, byte[]> fields) {
		byte[] worker = fields.get("worker_name");
		byte[] execution = fields.get("execution_id");
		return new JobResult.Run((worker != null) ? Replies.text(worker) : "",
				(execution != null) ? Replies.text(execution) : null, time(fields.get("execution_started_at")),
				time(fields.get("execution_ended_at")));
	}

	/** What others have written there may be anything. */
	private static @Nullable Instant time(byte @Nullable [] seconds) {
		try {
			return (seconds != null) ? Timestamps.ofSeconds(Double.parseDouble(Replies.text(seconds))) : null;
		}
		catch (NumberFormatException ex) {
			return null;
		}
	}

	private static String stackTrace(byte[] bytes) {
		byte[] text = Zlib.inflate(bytes, MAX_STACK_TRACE);
		return (text != null) ? Replies.text(text) : "The stack trace is longer than " + MAX_STACK_TRACE + " bytes";
	}

	private static Instant createdAt(String id) {
		return Instant.ofEpochMilli(Long.parseLong(id.substring(0, id.indexOf('-'))));
	}

	private static JobResult.Type type(byte @Nullable [] code) {
		JobResult.Type type = (code != null) ? JobResult.Type.find(Integer.parseInt(Replies.text(code))) : null;
		return (type != null) ? type : JobResult.Type.FAILED;
	}

}
