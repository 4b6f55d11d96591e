package io.rq.job;

import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * What a job wants to be done when a run of it ends.
 *
 * @param onSuccess called after a success, or {@code null}
 * @param onFailure called after each attempt that failed, or {@code null}
 * @param onStopped called after the job was stopped by a command, or {@code null}
 * @param webhooks the requests that are sent when the job has ended, as RQ writes them in
 * JSON, or {@code null}
 */
public record JobHooks(@Nullable Callback onSuccess, @Nullable Callback onFailure, @Nullable Callback onStopped,
		@Nullable String webhooks) {

	/** Nothing. */
	public static final JobHooks NONE = new JobHooks(null, null, null, null);

	/**
	 * Returns these hooks with what is called after a success.
	 * @param callback the callback
	 * @return new hooks
	 */
	public JobHooks withOnSuccess(Callback callback) {
		return new JobHooks(callback, this.onFailure, this.onStopped, this.webhooks);
	}

	/**
	 * Returns these hooks with what is called after a failed attempt.
	 * @param callback the callback
	 * @return new hooks
	 */
	public JobHooks withOnFailure(Callback callback) {
		return new JobHooks(this.onSuccess, callback, this.onStopped, this.webhooks);
	}

	/**
	 * Returns these hooks with what is called after a stop.
	 * @param callback the callback
	 * @return new hooks
	 */
	public JobHooks withOnStopped(Callback callback) {
		return new JobHooks(this.onSuccess, this.onFailure, callback, this.webhooks);
	}

	/**
	 * Returns these hooks with further webhooks.
	 * @param more the webhooks
	 * @return new hooks
	 */
	public JobHooks withWebhooks(Webhook... more) {
		if (more.length == 0) {
			return this;
		}
		String added = Stream.of(more).map(Webhook::json).collect(Collectors.joining(", ", "", "]"));
		String all = (this.webhooks == null) ? "[" + added
				: this.webhooks.substring(0, this.webhooks.length() - 1) + ", " + added;
		return new JobHooks(this.onSuccess, this.onFailure, this.onStopped, all);
	}

	/**
	 * Returns these hooks with each callback changed.
	 * @param change changes a callback
	 * @return new hooks
	 */
	public JobHooks withCallbacks(UnaryOperator<Callback> change) {
		return new JobHooks(changed(this.onSuccess, change), changed(this.onFailure, change),
				changed(this.onStopped, change), this.webhooks);
	}

	private static @Nullable Callback changed(@Nullable Callback callback, UnaryOperator<Callback> change) {
		return (callback != null) ? change.apply(callback) : null;
	}

	/** Tells only whether there are webhooks: addresses and headers may be secret. */
	@Override
	public String toString() {
		return "JobHooks[onSuccess=" + this.onSuccess + ", onFailure=" + this.onFailure + ", onStopped="
				+ this.onStopped + ", webhooks=" + (this.webhooks != null) + "]";
	}

}
