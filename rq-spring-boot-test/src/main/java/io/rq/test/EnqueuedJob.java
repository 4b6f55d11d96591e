package io.rq.test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.rq.job.Job;
import io.rq.job.NewJob;
import io.rq.job.Retry;
import io.rq.serializer.SerializedCall;

/**
 * A job as it was enqueued, whatever has become of it.
 *
 * @param job the job
 * @param function the name of the function it calls
 * @param args the arguments by position as they were serialized: lists, maps, strings,
 * numbers, booleans or {@code null}
 * @param kwargs the arguments by name, likewise
 * @param due when it is due, or {@code null} for at once
 * @param atFront whether it goes to the front of its queue
 */
public record EnqueuedJob(Job job, String function, List<@Nullable Object> args, Map<String, @Nullable Object> kwargs,
		NewJob.@Nullable Due due, boolean atFront) {

	/**
	 * Creates it of a job with the call that it carries.
	 * @param job the job
	 * @param call its call
	 */
	public EnqueuedJob(NewJob job, SerializedCall call) {
		this(job.job(), call.function(), call.args(), call.kwargs(), job.due(), job.atFront());
	}

	/**
	 * Returns the delay after which it is due.
	 * @return the delay, or {@code null} if none was given
	 */
	public @Nullable Duration delay() {
		return (this.due != null) ? this.due.in() : null;
	}

	/**
	 * Returns the moment at which it is due.
	 * @return the moment, or {@code null} if none was given
	 */
	public @Nullable Instant time() {
		return (this.due != null) ? this.due.at() : null;
	}

	/**
	 * Returns the waits before its retries after exceptions.
	 * @return the waits in seconds, one for each retry
	 */
	public List<Integer> retryWaits() {
		Retry retry = this.job.options().retry();
		return (retry == null) ? List.of()
				: Stream.iterate(0, (soFar) -> soFar + 1).limit(retry.retries()).map(retry::waitSeconds).toList();
	}

	/**
	 * Returns the job as a text for people, with its arguments.
	 */
	@Override
	public String toString() {
		String arguments = Stream
			.concat(this.args.stream().map(EnqueuedJob::text),
					this.kwargs.entrySet().stream().map((entry) -> entry.getKey() + "=" + text(entry.getValue())))
			.collect(Collectors.joining(", ", "(", ")"));
		StringBuilder text = new StringBuilder(this.function).append(arguments)
			.append(" on queue '")
			.append(this.job.queue())
			.append("'");
		if (delay() != null) {
			text.append(" after ").append(delay());
		}
		if (time() != null) {
			text.append(" at ").append(time());
		}
		if (!retryWaits().isEmpty()) {
			text.append(", retried after ").append(retryWaits()).append(" s");
		}
		return text.append(", id ").append(this.job.id()).toString();
	}

	private static String text(@Nullable Object value) {
		return (value instanceof String string) ? '"' + string + '"' : Objects.toString(value);
	}

}
