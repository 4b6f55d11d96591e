package io.rq.queue;

import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * What a list shows of a job: neither its call nor its results. What the job does not
 * tell, or cannot be read, is {@code null}; of a job that is gone only the id is known.
 *
 * @param id the job's id
 * @param queue the name of its queue
 * @param status its status as it stands in Redis
 * @param description the text for people, cut at 1,000 bytes
 * @param createdAt when it was created
 * @param enqueuedAt when it was last put on its queue
 * @param startedAt when its last run started
 * @param endedAt when its last run ended
 * @param worker who runs or ran it
 * @param dueAt when it is due, in the registry of scheduled jobs
 * @param expiresAt until when it is kept, in a registry of ended jobs
 * @param position how many jobs are before it, on its queue
 */
public record JobRow(String id, @Nullable String queue, @Nullable String status, @Nullable String description,
		@Nullable Instant createdAt, @Nullable Instant enqueuedAt, @Nullable Instant startedAt,
		@Nullable Instant endedAt, @Nullable String worker, @Nullable Instant dueAt, @Nullable Instant expiresAt,
		@Nullable Long position) {

	private static final Pattern CALL = Pattern.compile("([\\w.$:]+)\\(");

	/**
	 * Returns the function, as far as the description tells: it does, unless somebody
	 * chose another text.
	 * @return the name before the parenthesis of a call, or {@code null}
	 */
	public @Nullable String function() {
		Matcher call = CALL.matcher((this.description != null) ? this.description : "");
		return call.lookingAt() ? call.group(1) : null;
	}

	/**
	 * Returns the same without the arguments that the description shows as a rule: what
	 * is before the parenthesis of a call stays, what somebody chose does not.
	 * @return the row
	 */
	public JobRow withoutValues() {
		return new JobRow(this.id, this.queue, this.status, function(), this.createdAt, this.enqueuedAt, this.startedAt,
				this.endedAt, this.worker, this.dueAt, this.expiresAt, this.position);
	}

	/** Tells no description, which has arguments in it. */
	@Override
	public String toString() {
		return "JobRow[id=" + this.id + ", queue=" + this.queue + ", status=" + this.status + "]";
	}

}
