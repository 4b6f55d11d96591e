package io.rq.redis;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.stream.ByteRecord;
import org.springframework.util.StringUtils;

import io.rq.job.InvalidJobException;
import io.rq.job.JobResult;

/**
 * An entry of a results stream, encoded (protocol §7.1).
 *
 * @param id its id
 * @param fields its fields; {@code null} stands for a value that was too long to be read
 */
record ResultEntry(String id, Map<String, byte @Nullable []> fields) {

	/**
	 * The order of entries of several streams: ids are two numbers of up to 64 bits, and
	 * the second counts the entries of one stream in one millisecond, which several runs
	 * may share.
	 */
	static final Comparator<ResultEntry> NEWEST_FIRST = Comparator
		.comparing((ResultEntry entry) -> number(entry.id, 0), Long::compareUnsigned)
		.thenComparing(ResultEntry::started, Comparator.nullsFirst(Comparator.naturalOrder()))
		.thenComparing((entry) -> number(entry.id, 1), Long::compareUnsigned)
		.reversed();

	/** What other programs write may be as long as they like. */
	private static final int MAX_STACK_TRACE = 1 << 20;

	private static final String TOO_LONG = "The stack trace is longer than " + MAX_STACK_TRACE + " bytes";

	private static final String VALUE = "return_value";

	static ResultEntry of(ByteRecord entry) {
		Map<String, byte @Nullable []> fields = new HashMap<>();
		entry.getValue().forEach((name, value) -> fields.put(Replies.text(name), value));
		return new ResultEntry(entry.getId().getValue(), fields);
	}

	/** Reads an entry as a script tells it: its id, then fields and values in turn. */
	static ResultEntry of(List<?> reply) {
		Map<String, byte @Nullable []> fields = new HashMap<>();
		for (int i = 1; i < reply.size(); i += 2) {
			fields.put(Replies.text(reply.get(i)), (byte[]) reply.get(i + 1));
		}
		return new ResultEntry(Replies.text(reply.get(0)), fields);
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

	/** Whether it has a value that was too long to be read. */
	boolean isValueTooLong() {
		return this.fields.containsKey(VALUE) && this.fields.get(VALUE) == null;
	}

	/**
	 * Reads the entry.
	 * @throws InvalidJobException if it is none that RQ or this library has written
	 */
	JobResult read() {
		try {
			return readFields();
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidJobException("Entry '" + this.id + "' of the job's results cannot be read: "
					+ StringUtils.truncate(String.valueOf(ex.getMessage())), ex);
		}
	}

	private JobResult readFields() {
		byte[] value = this.fields.get(VALUE);
		return new JobResult(this.id, type(this.fields.get("type")), Timestamps.ofEntry(this.id), run(),
				(value != null) ? Base64.getDecoder().decode(value) : null, exception());
	}

	private @Nullable String exception() {
		byte[] exception = this.fields.get("exc_string");
		if (exception != null) {
			return stackTrace(Base64.getDecoder().decode(exception));
		}
		return this.fields.containsKey("exc_string") ? TOO_LONG : null;
	}

	private JobResult.Run run() {
		byte[] worker = this.fields.get("worker_name");
		byte[] execution = this.fields.get("execution_id");
		return new JobResult.Run((worker != null) ? Replies.text(worker) : "",
				(execution != null) ? Replies.text(execution) : null, started(),
				time(this.fields.get("execution_ended_at")));
	}

	private @Nullable Instant started() {
		return time(this.fields.get("execution_started_at"));
	}

	private static @Nullable Instant time(byte @Nullable [] seconds) {
		return Timestamps.ifSeconds((seconds != null) ? Replies.text(seconds) : null);
	}

	private static String stackTrace(byte[] bytes) {
		byte[] text = Zlib.inflate(bytes, MAX_STACK_TRACE);
		return (text != null) ? Replies.text(text) : TOO_LONG;
	}

	private static Long number(String id, int part) {
		return Long.parseUnsignedLong(id.split("-")[part]);
	}

	private static JobResult.Type type(byte @Nullable [] code) {
		JobResult.Type type = (code != null) ? JobResult.Type.find(Integer.parseInt(Replies.text(code))) : null;
		return (type != null) ? type : JobResult.Type.FAILED;
	}

}
