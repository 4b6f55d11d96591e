package io.rq.lifecycle;

import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.PermissionDeniedDataAccessException;
import org.springframework.dao.QueryTimeoutException;

import io.rq.log.FailureText;
import io.rq.log.SafeLog;
import io.rq.log.Told;

/**
 * What keeps several loops of one owner from working at the same time, mostly that Redis
 * is away. Each trouble, told apart by class and message, is told once a minute by the
 * first loop that meets it, and the end of all by the last that works again. Safe for use
 * by many threads.
 */
public final class Outage {

	/** Redis begins an error with its kind in capitals. */
	private static final Pattern REFUSAL = Pattern.compile("(?s)[A-Z]{2,}( .*)?");

	private final LongSupplier nanoTime;

	private final Supplier<Recovery> recovery;

	private final Told told;

	private int loops;

	private boolean begun;

	/**
	 * Creates an outage that is not there yet.
	 */
	public Outage() {
		this(System::nanoTime);
	}

	/**
	 * Creates an outage that is not there yet.
	 * @param nanoTime the nanoseconds since some moment, also for the loops that share it
	 */
	public Outage(LongSupplier nanoTime) {
		this(nanoTime, () -> Recovery.DEFAULT);
	}

	/**
	 * Creates an outage that is not there yet.
	 * @param nanoTime the nanoseconds since some moment, also for the loops that share it
	 * @param recovery how long these pause while it lasts; asked when one starts
	 */
	public Outage(LongSupplier nanoTime, Supplier<Recovery> recovery) {
		this.nanoTime = nanoTime;
		this.recovery = recovery;
		this.told = new Told(nanoTime);
	}

	Recovery recovery() {
		return this.recovery.get();
	}

	long nanoTime() {
		return this.nanoTime.getAsLong();
	}

	/** A loop has begun to fail. */
	synchronized void begins() {
		this.loops++;
	}

	/**
	 * A loop works again.
	 * @return whether none fails any more, and some trouble was told since one did
	 */
	synchronized boolean ends() {
		this.loops--;
		if (this.loops > 0 || !this.begun) {
			return false;
		}
		this.begun = false;
		return true;
	}

	/**
	 * Tells of a failure, unless it has been told within the last minute.
	 * @param log where to tell
	 * @param name who has failed
	 * @param scope what the failure is about, or {@code null} if it concerns all alike
	 * @param failure the failure
	 */
	public void tell(SafeLog log, String name, @Nullable String scope, Throwable failure) {
		Throwable root = FailureText.root(failure);
		String text = FailureText.of(root);
		if (!isNews(isUnreachable(failure) ? text : scope + text)) {
			log.debug("{} failed too", name, FailureText.printable(failure));
		}
		else if (failure instanceof DataAccessException) {
			log.warn("{} {}; trying again until it works: {}", name, reason(failure, root), text);
			log.debug("{} failed", name, failure);
		}
		else {
			log.warn("{} failed; trying again until it works", name, FailureText.printable(failure));
		}
	}

	private synchronized boolean isNews(String text) {
		boolean news = this.told.isNews(text);
		this.begun |= news;
		return news;
	}

	/**
	 * Returns whether the failure says something about the way to Redis, not about what
	 * was asked.
	 * @param failure the failure
	 * @return whether Redis cannot be reached or does not answer
	 */
	public static boolean isUnreachable(Throwable failure) {
		return failure instanceof DataAccessResourceFailureException || failure instanceof QueryTimeoutException;
	}

	private static String reason(Throwable failure, Throwable root) {
		String message = FailureText.message(root);
		if (root instanceof PermissionDeniedDataAccessException
				|| message != null && REFUSAL.matcher(message).matches()) {
			return "was refused by Redis";
		}
		if (failure instanceof QueryTimeoutException) {
			return "got no answer from Redis";
		}
		return isUnreachable(failure) ? "cannot reach Redis" : "failed at Redis";
	}

}
