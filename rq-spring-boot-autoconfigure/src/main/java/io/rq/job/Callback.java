package io.rq.job;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * What is called at the end of a run: a callback of the application whose worker runs the
 * job, by its name, or for a Python worker the function of that name. Immutable.
 *
 * @param name the name, or {@code null} as long as only the method is known
 * @param method the method that stands for it where it is enqueued, or {@code null}
 * @param timeout how long it may take: whole seconds, or {@link JobOptions#UNLIMITED}
 */
public record Callback(@Nullable String name, @Nullable JobMethod method, Duration timeout) {

	/** As long as a callback may take that does not say so: RQ's minute. */
	public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(60);

	/**
	 * Validates the values.
	 * @throws IllegalArgumentException if there is no name, or the timeout is zero, not
	 * in whole seconds or longer than {@link JobOptions#LONGEST}
	 */
	public Callback {
		Assert.isTrue(method != null || (name != null && !name.isBlank()), "'name' of a callback must not be empty");
		Assert.notNull(timeout, "'timeout' must not be null");
		Duration given = timeout;
		Assert.isTrue(!timeout.isZero() && timeout.getNano() == 0, () -> "'timeout' of a callback must be a whole "
				+ "number of seconds and not zero but is " + given + "; use JobOptions.UNLIMITED for no limit");
		JobOptions.requireNotTooLong("timeout", timeout);
	}

	/**
	 * Returns the callback of a name.
	 * @param name the name of a callback, or the dotted name of a Python function
	 * @return the callback
	 * @throws IllegalArgumentException if the name has no text
	 */
	public static Callback of(String name) {
		return new Callback(name, null, DEFAULT_TIMEOUT);
	}

	/**
	 * Returns the callback that a bean's method is.
	 * @param method a method that is declared as a callback
	 * @param <T> the bean's type
	 * @param <A> the argument's type
	 * @return the callback
	 */
	public static <T, A extends @Nullable Object> Callback of(JobMethod.Of1<T, A> method) {
		return new Callback(null, method, DEFAULT_TIMEOUT);
	}

	/**
	 * Returns the callback that a bean's method is.
	 * @param method a method that is declared as a callback
	 * @param <T> the bean's type
	 * @param <A> the first argument's type
	 * @param <B> the second argument's type
	 * @return the callback
	 */
	public static <T, A extends @Nullable Object, B extends @Nullable Object> Callback of(
			JobMethod.Of2<T, A, B> method) {
		return new Callback(null, method, DEFAULT_TIMEOUT);
	}

	/**
	 * Limits how long the callback may take.
	 * @param limit whole seconds, or {@link JobOptions#UNLIMITED}
	 * @return a new callback
	 * @throws IllegalArgumentException if it is zero or not in whole seconds
	 */
	public Callback timeout(Duration limit) {
		return new Callback(this.name, this.method, limit);
	}

	/**
	 * Returns this callback by its name alone, as it stands in a job.
	 * @param found the name of the callback that the method is
	 * @return a new callback
	 */
	public Callback named(String found) {
		return new Callback(found, null, this.timeout);
	}

}
