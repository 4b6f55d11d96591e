package io.rq.redis;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import io.rq.job.InvalidJobException;
import io.rq.job.Job;
import io.rq.job.JobOptions;
import io.rq.job.JobPayload;
import io.rq.job.JobRun;
import io.rq.job.JobStatus;
import io.rq.job.JobTimes;
import io.rq.job.Retry;

/**
 * The fields of a job's hash (protocol §3.1). Only fields with a value are written; every
 * RQ version reads an absent field as it reads an empty one.
 */
final class JobHash {

	static final String STATUS = "status";

	static final String META = "meta";

	static final String NUMBER_OF_RETRIES = "number_of_retries";

	private static final String DATA = "data";

	private static final String CREATED_AT = "created_at";

	private static final String ORIGIN = "origin";

	private static final String DESCRIPTION = "description";

	private static final String ENQUEUED_AT = "enqueued_at";

	private static final String STARTED_AT = "started_at";

	private static final String ENDED_AT = "ended_at";

	private static final String LAST_HEARTBEAT = "last_heartbeat";

	private static final String WORKER_NAME = "worker_name";

	private static final String TIMEOUT = "timeout";

	private static final String TTL = "ttl";

	private static final String RESULT_TTL = "result_ttl";

	private static final String FAILURE_TTL = "failure_ttl";

	private static final String RETRIES_LEFT = "retries_left";

	private static final String RETRY_INTERVALS = "retry_intervals";

	private static final String FRONT_ON_RETRY = "enqueue_at_front_on_retry";

	private static final String DEPENDENCY_IDS = "dependency_ids";

	private static final String REPEATS_LEFT = "repeats_left";

	/** How many attempts were answered with another one. Ours. */
	static final String ATTEMPTS = "attempts";

	/** How often the job was put back from a dead worker. Ours. */
	private static final String RECLAIMS = "reclaims";

	/** By what an enqueue knows that it has stored the job itself. Ours. */
	static final String NONCE = "nonce";

	/** Numbers we have no use for, but at which RQ's readers quit if they are none. */
	private static final List<String> OTHER_NUMBERS = List.of("allow_dependency_failures", REPEATS_LEFT);

	/**
	 * The same, but RQ does not take an empty value for an absent one (protocol §3.3).
	 */
	private static final List<String> NEVER_EMPTY = List.of("enqueue_at_front", "success_callback_timeout",
			"failure_callback_timeout", "stopped_callback_timeout");

	private static final List<String> OTHER_LISTS = List.of(RETRY_INTERVALS, DEPENDENCY_IDS, "repeat_intervals");

	private static final Pattern LONG_NUMBER = Pattern.compile("[+-]?[0-9]{19,}");

	private static final BigDecimal LONGEST_INTERVAL = BigDecimal.valueOf(Integer.MAX_VALUE);

	private final String id;

	private final Map<String, byte[]> fields;

	private final long maxPayload;

	private JobHash(String id, Map<String, byte[]> fields, long maxPayload) {
		this.id = id;
		this.fields = fields;
		this.maxPayload = maxPayload;
	}

	/**
	 * Returns the fields of a new job, names and values in turn, without those that say
	 * where it is put.
	 */
	static List<byte[]> write(Job job) {
		Writer writer = new Writer();
		writer.add(CREATED_AT, job.createdAt());
		writer.add(DATA, Zlib.deflate(job.payload().data()));
		writer.add(ORIGIN, job.queue());
		JobOptions options = job.options();
		writer.add(DESCRIPTION, options.description());
		writer.add(TIMEOUT, options.timeout());
		writer.add(TTL, options.ttl());
		writer.add(RESULT_TTL, options.resultTtl());
		writer.add(FAILURE_TTL, options.failureTtl());
		if (options.retry() != null) {
			writer.add(options.retry());
		}
		writer.add(META, job.payload().meta());
		return writer.values;
	}

	/** Returns the fields that hold what is left of a retry rule. */
	static List<byte[]> write(Retry retry) {
		Writer writer = new Writer();
		writer.add(retry);
		return writer.values;
	}

	/** Returns the fields of a hash from names and values in turn. */
	static Map<String, byte[]> fields(List<?> namesAndValues) {
		Map<String, byte[]> fields = new HashMap<>(namesAndValues.size());
		for (int i = 0; i + 1 < namesAndValues.size(); i += 2) {
			fields.put(text((byte[]) namesAndValues.get(i)), (byte[]) namesAndValues.get(i + 1));
		}
		return fields;
	}

	/** Whether the job depends on others, is to be repeated or has had attempts. */
	static boolean isLinked(Map<String, byte[]> fields) {
		return fields.containsKey(DEPENDENCY_IDS) || fields.containsKey(REPEATS_LEFT) || fields.containsKey(ATTEMPTS)
				|| fields.containsKey(RECLAIMS);
	}

	/**
	 * Reads a job from the fields of its hash.
	 * @throws InvalidJobException if RQ 2.10 could not read it either (protocol §3.3)
	 */
	static Job read(String id, Map<String, byte[]> fields, long maxPayload) {
		return new JobHash(id, fields, maxPayload).read();
	}

	private Job read() {
		byte[] data = this.fields.get(DATA);
		if (data == null) {
			throw new InvalidJobException("Job '" + this.id + "' has no field 'data'");
		}
		checkOthers();
		String origin = string(ORIGIN);
		JobOptions options;
		try {
			options = new JobOptions(string(DESCRIPTION), duration(TIMEOUT), duration(TTL), duration(RESULT_TTL),
					duration(FAILURE_TTL), retry());
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidJobException("Options of the job cannot be read: " + ex.getMessage(), ex);
		}
		JobTimes times = new JobTimes(time(CREATED_AT), time(ENQUEUED_AT), time(STARTED_AT), time(ENDED_AT),
				time(LAST_HEARTBEAT));
		JobRun run = new JobRun(string(WORKER_NAME), integer(ATTEMPTS, 0), integer(NUMBER_OF_RETRIES, 0),
				integer(RECLAIMS, 0));
		return new Job(this.id, (origin != null) ? origin : "", status(), options, times, run,
				new JobPayload(inflate(data), this.fields.get(META)));
	}

	private byte[] inflate(byte[] data) {
		byte[] inflated = Zlib.inflate(data, this.maxPayload);
		if (inflated == null) {
			throw new InvalidJobException("The job's data is longer than " + this.maxPayload
					+ " bytes, which 'rq.job.max-payload-size' allows; raise it, or pass less data to the job");
		}
		return inflated;
	}

	private void checkOthers() {
		OTHER_NUMBERS.forEach((field) -> number(field, 0));
		for (String field : NEVER_EMPTY) {
			byte[] value = this.fields.get(field);
			if (value != null && value.length == 0) {
				throw unreadable(field, "", "a whole number");
			}
			number(field, 0);
		}
		for (String field : OTHER_LISTS) {
			String text = string(field);
			if (text != null && !isList(text)) {
				throw unreadable(field, text, "a JSON list");
			}
		}
	}

	private static boolean isList(String text) {
		String list = text.strip();
		return list.startsWith("[") && list.endsWith("]");
	}

	private JobStatus status() {
		String value = string(STATUS);
		if (value == null) {
			return JobStatus.CREATED;
		}
		JobStatus status = JobStatus.find(value);
		if (status == null) {
			throw new InvalidJobException(
					"Field 'status' of the job holds '" + value + "', which RQ 2.10 does not know");
		}
		return status;
	}

	private @Nullable Retry retry() {
		String left = string(RETRIES_LEFT);
		if (left == null) {
			return null;
		}
		return new Retry(Math.max(integer(RETRIES_LEFT, 0), 0), intervals(), integer(FRONT_ON_RETRY, 0) == 1);
	}

	private List<Integer> intervals() {
		String text = string(RETRY_INTERVALS);
		if (text == null) {
			return List.of(0);
		}
		String list = text.strip();
		List<Integer> intervals = new ArrayList<>();
		for (String interval : list.substring(1, list.length() - 1).split(",")) {
			if (!interval.isBlank()) {
				try {
					intervals.add(seconds(new BigDecimal(interval.strip())));
				}
				catch (NumberFormatException ex) {
					throw unreadable(RETRY_INTERVALS, text, "a JSON list of seconds");
				}
			}
		}
		return intervals.isEmpty() ? List.of(0) : intervals;
	}

	/** Cuts before it converts: a number such as 1e999999999 would fill the memory. */
	private static int seconds(BigDecimal interval) {
		if (interval.signum() <= 0) {
			return 0;
		}
		return (interval.compareTo(LONGEST_INTERVAL) > 0) ? Integer.MAX_VALUE : interval.intValue();
	}

	private @Nullable Duration duration(String field) {
		String text = string(field);
		if (text == null) {
			return null;
		}
		long seconds = number(field, 0);
		return (seconds == 0 && (TTL.equals(field) || TIMEOUT.equals(field))) ? null
				: Duration.ofSeconds(Math.min(seconds, JobOptions.LONGEST.toSeconds()));
	}

	private int integer(String field, int absent) {
		return (int) Math.max(Integer.MIN_VALUE, Math.min(number(field, absent), Integer.MAX_VALUE));
	}

	private long number(String field, long absent) {
		String text = string(field);
		if (text == null) {
			return absent;
		}
		try {
			return Long.parseLong(text);
		}
		catch (NumberFormatException ex) {
			// Python's numbers have no end
			if (LONG_NUMBER.matcher(text).matches()) {
				return (text.charAt(0) == '-') ? Long.MIN_VALUE : Long.MAX_VALUE;
			}
			throw unreadable(field, text, "a whole number");
		}
	}

	private @Nullable Instant time(String field) {
		String text = string(field);
		return (text != null) ? Timestamps.parse(field, text) : null;
	}

	private @Nullable String string(String field) {
		byte[] value = this.fields.get(field);
		return (value != null && value.length > 0) ? text(value) : null;
	}

	private static InvalidJobException unreadable(String field, String value, String expected) {
		return new InvalidJobException("Field '" + field + "' of the job holds '" + value + "', not " + expected
				+ "; the process that wrote it must be mended");
	}

	private static String text(byte[] bytes) {
		return new String(bytes, StandardCharsets.UTF_8);
	}

	/**
	 * Gathers the fields that have a value.
	 */
	private static final class Writer {

		private static final Map<String, byte[]> NAMES = new HashMap<>();

		static {
			for (String name : List.of(CREATED_AT, DATA, ORIGIN, DESCRIPTION, TIMEOUT, TTL, RESULT_TTL, FAILURE_TTL,
					RETRIES_LEFT, RETRY_INTERVALS, FRONT_ON_RETRY, META)) {
				NAMES.put(name, ScriptArguments.bytes(name));
			}
		}

		private final List<byte[]> values = new ArrayList<>(24);

		void add(String name, byte @Nullable [] value) {
			if (value != null) {
				this.values.add(NAMES.getOrDefault(name, ScriptArguments.bytes(name)));
				this.values.add(value);
			}
		}

		void add(String name, @Nullable String value) {
			add(name, (value != null) ? ScriptArguments.bytes(value) : null);
		}

		void add(String name, @Nullable Duration value) {
			add(name, (value != null) ? Long.toString(value.isNegative() ? -1 : value.toSeconds()) : null);
		}

		void add(String name, @Nullable Instant value) {
			add(name, (value != null) ? Timestamps.text(value) : null);
		}

		void add(Retry retry) {
			add(RETRIES_LEFT, Integer.toString(retry.retries()));
			add(RETRY_INTERVALS, retry.intervalSeconds().toString());
			if (retry.front()) {
				add(FRONT_ON_RETRY, "1");
			}
		}

	}

}
