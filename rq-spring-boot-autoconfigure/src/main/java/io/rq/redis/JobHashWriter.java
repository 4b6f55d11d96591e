package io.rq.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.rq.job.Callback;
import io.rq.job.Job;
import io.rq.job.JobHooks;
import io.rq.job.JobLinks;
import io.rq.job.JobOptions;
import io.rq.job.RateLimit;
import io.rq.job.Repeat;
import io.rq.job.Retry;

/**
 * Writes the fields of a job's hash, names and values in turn. Only fields with a value
 * are written, as every RQ version reads an absent field as it reads an empty one; but RQ
 * takes a job without a sign of life for deleted when it writes the first one.
 */
final class JobHashWriter {

	private final List<byte[]> fields = new ArrayList<>(24);

	private JobHashWriter() {
	}

	/** Returns the fields of a new job without those that say where it is put. */
	static List<byte[]> write(Job job) {
		return write(job, Zlib.deflate(job.payload().data()));
	}

	/**
	 * Returns the fields of a job that follows from an outcome: without line breaks in
	 * any value, as its call must be.
	 */
	static List<byte[]> writeFollowing(Job job) {
		return write(job, job.payload().data());
	}

	private static List<byte[]> write(Job job, byte @Nullable [] data) {
		JobHashWriter writer = new JobHashWriter();
		writer.add(JobField.CREATED_AT, job.createdAt());
		writer.add(JobField.LAST_HEARTBEAT, "");
		writer.add(JobField.DATA, data);
		writer.add(JobField.ORIGIN, job.queue());
		JobOptions options = job.options();
		writer.add(JobField.DESCRIPTION, options.description());
		writer.add(JobField.TIMEOUT, options.timeout());
		writer.add(JobField.TTL, options.ttl());
		writer.add(JobField.RESULT_TTL, options.resultTtl());
		writer.add(JobField.FAILURE_TTL, options.failureTtl());
		writer.add(options.retry());
		writer.add(options.repeat());
		writer.add(options.links());
		if (options.hooks() != JobHooks.NONE) {
			writer.add(options.hooks());
		}
		writer.add(JobField.META, job.payload().meta());
		return writer.fields;
	}

	/** Returns the fields of a new job whose id the caller of an enqueue chose. */
	static List<byte[]> write(Job job, String nonce) {
		List<byte[]> fields = write(job);
		fields.add(JobField.NONCE.bytes());
		fields.add(ScriptArguments.bytes(nonce));
		return fields;
	}

	/** Returns the same without the call. */
	static List<byte[]> writeWithoutData(Job job) {
		return write(job, (byte[]) null);
	}

	/** Returns the fields that change with another attempt. */
	static List<byte[]> write(Outcome.Retried again) {
		JobHashWriter writer = new JobHashWriter();
		writer.add(JobField.ATTEMPTS, Integer.toString(again.attempts()));
		writer.add(again.left());
		Integer returned = again.numberOfRetries();
		writer.add(JobField.NUMBER_OF_RETRIES, (returned != null) ? returned.toString() : null);
		return writer.fields;
	}

	private void add(JobField field, byte @Nullable [] value) {
		if (value != null) {
			this.fields.add(field.bytes());
			this.fields.add(value);
		}
	}

	private void add(JobField field, @Nullable String value) {
		add(field, (value != null) ? ScriptArguments.bytes(value) : null);
	}

	private void add(JobField field, @Nullable Duration value) {
		add(field, (value != null) ? Long.toString(JobOptions.seconds(value)) : null);
	}

	private void add(JobField field, @Nullable Instant value) {
		add(field, (value != null) ? Timestamps.text(value) : null);
	}

	private void add(@Nullable Repeat repeat) {
		if (repeat != null) {
			add(JobField.REPEATS_LEFT, Integer.toString(repeat.times()));
			add(JobField.REPEAT_INTERVALS, repeat.intervalSeconds().toString());
		}
	}

	private void add(JobLinks links) {
		if (links.hasDependencies()) {
			add(JobField.DEPENDENCY_IDS, "[\"" + String.join("\", \"", links.dependencyIds()) + "\"]");
			add(JobField.DEPENDENCY_ID, links.dependencyIds().get(0));
			add(JobField.ALLOW_DEPENDENCY_FAILURES, links.failureAllowed() ? "1" : null);
			add(JobField.ENQUEUE_AT_FRONT, links.front() ? "1" : null);
		}
		add(JobField.GROUP_ID, links.group());
		add(JobField.AGAIN_OF, links.againOf());
		RateLimit limit = links.rateLimit();
		if (limit != null) {
			add(JobField.RATE_LIMIT_KEY, RateWindow.name(limit));
			add(JobField.RATE_LIMIT_CONCURRENCY, (limit.window() == null) ? Integer.toString(limit.jobs()) : null);
		}
	}

	private void add(JobHooks hooks) {
		add(JobField.SUCCESS_CALLBACK_NAME, JobField.SUCCESS_CALLBACK_TIMEOUT, hooks.onSuccess());
		add(JobField.FAILURE_CALLBACK_NAME, JobField.FAILURE_CALLBACK_TIMEOUT, hooks.onFailure());
		add(JobField.STOPPED_CALLBACK_NAME, JobField.STOPPED_CALLBACK_TIMEOUT, hooks.onStopped());
		add(JobField.WEBHOOKS, hooks.webhooks());
	}

	private void add(JobField name, JobField timeout, @Nullable Callback callback) {
		if (callback != null) {
			add(name, callback.name());
			add(timeout, callback.timeout());
		}
	}

	private void add(@Nullable Retry retry) {
		if (retry != null) {
			add(JobField.RETRIES_LEFT, Integer.toString(retry.retries()));
			add(JobField.RETRY_INTERVALS, retry.intervalSeconds().toString());
			add(JobField.ENQUEUE_AT_FRONT_ON_RETRY, retry.front() ? "1" : null);
		}
	}

}
