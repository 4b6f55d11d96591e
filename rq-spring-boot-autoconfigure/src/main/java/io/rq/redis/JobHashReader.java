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

import org.springframework.util.StringUtils;

import io.rq.job.Callback;
import io.rq.job.InvalidJobException;
import io.rq.job.Job;
import io.rq.job.JobHooks;
import io.rq.job.JobLinks;
import io.rq.job.JobOptions;
import io.rq.job.JobPayload;
import io.rq.job.JobRun;
import io.rq.job.JobStatus;
import io.rq.job.JobTimes;
import io.rq.job.RateLimit;
import io.rq.job.Repeat;
import io.rq.job.Retry;

/**
 * Reads the fields of a job's hash as RQ does: what RQ could not read is no job.
 */
final class JobHashReader {

	/** Numbers we have no use for, but at which RQ's readers quit if they are none. */
	private static final List<JobField> OTHER_NUMBERS = List.of(JobField.ALLOW_DEPENDENCY_FAILURES);

	/**
	 * The same, but RQ does not take an empty value for an absent one (protocol §3.3).
	 */
	private static final List<JobField> NEVER_EMPTY = List.of(JobField.ENQUEUE_AT_FRONT,
			JobField.SUCCESS_CALLBACK_TIMEOUT, JobField.FAILURE_CALLBACK_TIMEOUT, JobField.STOPPED_CALLBACK_TIMEOUT);

	private static final List<JobField> OTHER_LISTS = List.of(JobField.RETRY_INTERVALS, JobField.DEPENDENCY_IDS,
			JobField.REPEAT_INTERVALS);

	private static final Pattern LONG_NUMBER = Pattern.compile("[+-]?[0-9]{19,}");

	/** Ids need no escapes. */
	private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"");

	/** The length of an empty list. */
	private static final int NO_WEBHOOKS = 2;

	/** Java takes long to read numbers of very many digits. */
	private static final int MOST_DIGITS = 100;

	private static final BigDecimal LONGEST_INTERVAL = BigDecimal.valueOf(Integer.MAX_VALUE);

	private final String id;

	private final Map<String, byte[]> fields;

	private final long maxPayload;

	private JobHashReader(String id, Map<String, byte[]> fields, long maxPayload) {
		this.id = id;
		this.fields = fields;
		this.maxPayload = maxPayload;
	}

	/** Returns the fields of a hash from names and values in turn. */
	static Map<String, byte[]> fields(List<?> namesAndValues) {
		Map<String, byte[]> fields = new HashMap<>(namesAndValues.size());
		for (int i = 0; i + 1 < namesAndValues.size(); i += 2) {
			fields.put(Replies.text((byte[]) namesAndValues.get(i)), (byte[]) namesAndValues.get(i + 1));
		}
		return fields;
	}

	/**
	 * Whether the job depends on others, is in a group, has a rate limit, is to be
	 * repeated or has had attempts.
	 */
	static boolean isLinked(Map<String, byte[]> fields) {
		for (int i = 0; i < JobField.LINKS.size(); i++) {
			byte[] value = fields.get(JobField.LINKS.get(i).text());
			if (value != null && value.length > 0) {
				return true;
			}
		}
		return false;
	}

	/** When the job was enqueued, as it stands there. */
	static String enqueuedAt(Map<String, byte[]> fields) {
		byte[] value = fields.get(JobField.ENQUEUED_AT.text());
		return (value != null) ? new String(value, StandardCharsets.UTF_8) : "";
	}

	/**
	 * Reads a job from the fields of its hash.
	 * @throws InvalidJobException if RQ 2.10 could not read it either (protocol §3.3)
	 */
	static Job read(String id, Map<String, byte[]> fields, long maxPayload) {
		return new JobHashReader(id, fields, maxPayload).read();
	}

	private Job read() {
		byte[] data = this.fields.get(JobField.DATA.text());
		if (data == null) {
			throw new InvalidJobException("Job '" + this.id + "' has no field 'data'");
		}
		checkOthers();
		String origin = string(JobField.ORIGIN);
		JobOptions options;
		try {
			options = new JobOptions(string(JobField.DESCRIPTION), duration(JobField.TIMEOUT), duration(JobField.TTL),
					duration(JobField.RESULT_TTL), duration(JobField.FAILURE_TTL), retry(), repeat(), links(), hooks());
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidJobException("Options of the job cannot be read: " + ex.getMessage(), ex);
		}
		JobTimes times = new JobTimes(time(JobField.CREATED_AT), time(JobField.ENQUEUED_AT), time(JobField.STARTED_AT),
				time(JobField.ENDED_AT), time(JobField.LAST_HEARTBEAT));
		JobRun run = new JobRun(string(JobField.WORKER_NAME), count(JobField.ATTEMPTS),
				count(JobField.NUMBER_OF_RETRIES), count(JobField.RECLAIMS));
		return new Job(this.id, (origin != null) ? origin : "", status(), options, times, run,
				new JobPayload(inflate(data, this.maxPayload), this.fields.get(JobField.META.text())));
	}

	/** Returns the call in a field of a job. */
	static byte[] inflate(byte[] data, long maxPayload) {
		byte[] inflated = Zlib.inflate(data, maxPayload);
		if (inflated == null) {
			throw new InvalidJobException("The job's data is longer than " + maxPayload
					+ " bytes, which 'rq.job.max-payload-size' allows; raise it, or pass less data to the job");
		}
		return inflated;
	}

	private void checkOthers() {
		OTHER_NUMBERS.forEach((field) -> number(field, 0));
		for (JobField field : NEVER_EMPTY) {
			byte[] value = this.fields.get(field.text());
			if (value != null && value.length == 0) {
				throw unreadable(field, "", "a whole number");
			}
			number(field, 0);
		}
		for (JobField field : OTHER_LISTS) {
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
		String value = string(JobField.STATUS);
		if (value == null) {
			return JobStatus.CREATED;
		}
		JobStatus status = JobStatus.find(value);
		if (status == null) {
			throw new InvalidJobException(
					"Field 'status' of the job holds '" + StringUtils.truncate(value) + "', which RQ 3 does not know");
		}
		return status;
	}

	private @Nullable Retry retry() {
		String left = string(JobField.RETRIES_LEFT);
		if (left == null) {
			return null;
		}
		return new Retry(Math.max(integer(JobField.RETRIES_LEFT, 0), 0), intervals(JobField.RETRY_INTERVALS),
				integer(JobField.ENQUEUE_AT_FRONT_ON_RETRY, 0) == 1);
	}

	private JobLinks links() {
		String ids = string(JobField.DEPENDENCY_IDS);
		boolean front = integer(JobField.ENQUEUE_AT_FRONT, 0) == 1;
		String group = string(JobField.GROUP_ID);
		RateLimit limit = rateLimit();
		String againOf = string(JobField.AGAIN_OF);
		if (ids == null && !front && group == null && limit == null && againOf == null) {
			return JobLinks.NONE;
		}
		List<String> dependencies = (ids != null) ? QUOTED.matcher(ids).results().map((id) -> id.group(1)).toList()
				: List.of();
		return new JobLinks(dependencies, integer(JobField.ALLOW_DEPENDENCY_FAILURES, 0) == 1, front, group, limit,
				againOf);
	}

	private @Nullable RateLimit rateLimit() {
		int concurrency = integer(JobField.RATE_LIMIT_CONCURRENCY, 0);
		String key = string(JobField.RATE_LIMIT_KEY);
		RateLimit window = (key != null) ? RateWindow.find(key) : null;
		return (window != null || key == null || concurrency <= 0) ? window
				: new RateLimit(key, concurrency, null, null);
	}

	private JobHooks hooks() {
		Callback success = callback(JobField.SUCCESS_CALLBACK_NAME, JobField.SUCCESS_CALLBACK_TIMEOUT);
		Callback failure = callback(JobField.FAILURE_CALLBACK_NAME, JobField.FAILURE_CALLBACK_TIMEOUT);
		Callback stopped = callback(JobField.STOPPED_CALLBACK_NAME, JobField.STOPPED_CALLBACK_TIMEOUT);
		String webhooks = string(JobField.WEBHOOKS);
		webhooks = (webhooks != null && webhooks.length() > NO_WEBHOOKS) ? webhooks : null;
		return (success == null && failure == null && stopped == null && webhooks == null) ? JobHooks.NONE
				: new JobHooks(success, failure, stopped, webhooks);
	}

	private @Nullable Callback callback(JobField field, JobField timeout) {
		String name = string(field);
		if (name == null || name.isBlank()) {
			return null;
		}
		long seconds = number(timeout, Callback.DEFAULT_TIMEOUT.toSeconds());
		return new Callback(name, null, (seconds <= 0) ? JobOptions.UNLIMITED
				: Duration.ofSeconds(Math.min(seconds, JobOptions.LONGEST.toSeconds())));
	}

	private @Nullable Repeat repeat() {
		String left = string(JobField.REPEATS_LEFT);
		if (left == null) {
			return null;
		}
		return new Repeat(Math.max(integer(JobField.REPEATS_LEFT, 0), 0), intervals(JobField.REPEAT_INTERVALS));
	}

	private List<Integer> intervals(JobField field) {
		String text = string(field);
		if (text == null) {
			return List.of(0);
		}
		String list = text.strip();
		List<Integer> intervals = new ArrayList<>();
		for (String interval : list.substring(1, list.length() - 1).split(",")) {
			if (interval.length() > MOST_DIGITS) {
				throw unreadable(field, text, "a JSON list of seconds");
			}
			if (!interval.isBlank()) {
				try {
					intervals.add(seconds(new BigDecimal(interval.strip())));
				}
				catch (NumberFormatException ex) {
					throw unreadable(field, text, "a JSON list of seconds");
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

	private @Nullable Duration duration(JobField field) {
		String text = string(field);
		if (text == null) {
			return null;
		}
		long seconds = number(field, 0);
		return (seconds == 0 && (field == JobField.TTL || field == JobField.TIMEOUT)) ? null
				: Duration.ofSeconds(Math.min(seconds, JobOptions.LONGEST.toSeconds()));
	}

	/** Other programs may have written less than nothing. */
	private int count(JobField field) {
		return Math.max(integer(field, 0), 0);
	}

	private int integer(JobField field, int absent) {
		return (int) Math.max(Integer.MIN_VALUE, Math.min(number(field, absent), Integer.MAX_VALUE));
	}

	private long number(JobField field, long absent) {
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

	private @Nullable Instant time(JobField field) {
		String text = string(field);
		return (text != null) ? Timestamps.parse(field.text(), text) : null;
	}

	private @Nullable String string(JobField field) {
		byte[] value = this.fields.get(field.text());
		return (value != null && value.length > 0) ? Replies.text(value) : null;
	}

	private static InvalidJobException unreadable(JobField field, String value, String expected) {
		return new InvalidJobException("Field '" + field.text() + "' of the job holds '" + StringUtils.truncate(value)
				+ "', not " + expected + "; the process that wrote it must be mended");
	}

}
