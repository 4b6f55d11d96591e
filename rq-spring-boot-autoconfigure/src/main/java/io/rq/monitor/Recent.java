package io.rq.monitor;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * An answer of Redis for observers that ask often and must not wait: however many ask,
 * Redis is asked at most once in a while, and nobody waits longer for an answer than a
 * moment, whatever the command timeout.
 *
 * @param <T> the type of the answer
 */
public class Recent<T> {

	private final Supplier<T> question;

	private final Duration maxAge;

	private final Duration patience;

	private @Nullable Look<T> latest;

	/**
	 * Creates it without asking.
	 * @param question asks Redis
	 * @param maxAge for how long an answer is good
	 * @param patience how long to wait for an answer
	 */
	public Recent(Supplier<T> question, Duration maxAge, Duration patience) {
		this.question = question;
		this.maxAge = maxAge;
		this.patience = patience;
	}

	/**
	 * Asks if the answer is old, and waits for nothing.
	 * @return waits for the answer, as {@link #get()} does
	 */
	Supplier<T> begin() {
		Look<T> look = current();
		return () -> await(look);
	}

	/**
	 * Returns the answer of now or a moment ago.
	 * @return the answer
	 * @throws NoAnswerException if Redis does not answer in time
	 * @throws RuntimeException if Redis cannot be asked
	 */
	public T get() {
		return await(current());
	}

	private T await(Look<T> look) {
		long left = this.patience.toNanos() - (System.nanoTime() - look.start());
		try {
			return look.answer().get(Math.max(0, left), TimeUnit.NANOSECONDS);
		}
		catch (TimeoutException ex) {
			throw new NoAnswerException("Redis has not answered for "
					+ Duration.ofNanos(System.nanoTime() - look.start()).toMillis() + " ms", ex);
		}
		catch (ExecutionException ex) {
			throw (ex.getCause() instanceof RuntimeException cause) ? cause
					: new NoAnswerException("Redis could not be asked", ex.getCause());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new NoAnswerException("Interrupted while Redis was asked", ex);
		}
	}

	private synchronized Look<T> current() {
		Look<T> current = this.latest;
		if (current == null
				|| current.answer().isDone() && System.nanoTime() - current.start() > this.maxAge.toNanos()) {
			Look<T> next = new Look<>(new CompletableFuture<>(), System.nanoTime());
			this.latest = next;
			Thread asker = new Thread(() -> ask(next), "rq-monitor");
			asker.setDaemon(true);
			try {
				asker.start();
			}
			catch (OutOfMemoryError ex) {
				next.answer().completeExceptionally(ex);
			}
			return next;
		}
		return current;
	}

	private void ask(Look<T> look) {
		try {
			look.answer().complete(this.question.get());
		}
		catch (Throwable ex) {
			look.answer().completeExceptionally(ex);
		}
	}

	/**
	 * A question to Redis.
	 *
	 * @param answer its answer
	 * @param start when it was asked, as a value of the nano time
	 */
	private record Look<T>(CompletableFuture<T> answer, long start) {

	}

}
