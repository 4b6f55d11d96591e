package io.rq.monitor;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.rq.RqException;
import io.rq.queue.QueueSnapshot;
import io.rq.redis.QueueStore;

/**
 * Looks at the queues of this application for observers that ask often and must not wait:
 * however many ask, Redis is asked at most once in a while, and nobody waits longer for
 * an answer than a moment, whatever the command timeout.
 */
public class QueueMonitor {

	private final QueueStore queues;

	private final Supplier<? extends Collection<String>> names;

	private final Duration maxAge;

	private final Duration patience;

	private @Nullable Look latest;

	/**
	 * Creates the monitor.
	 * @param queues the queues
	 * @param names gets the names of the queues to look at
	 * @param maxAge for how long an answer is good
	 * @param patience how long to wait for an answer
	 */
	public QueueMonitor(QueueStore queues, Supplier<? extends Collection<String>> names, Duration maxAge,
			Duration patience) {
		this.queues = queues;
		this.names = names;
		this.maxAge = maxAge;
		this.patience = patience;
	}

	/**
	 * Returns the names of the queues that are looked at.
	 * @return the names
	 */
	public List<String> names() {
		return this.names.get().stream().distinct().sorted().toList();
	}

	/**
	 * Returns what is in the queues, or was a moment ago.
	 * @return the snapshots, in the order of the names
	 * @throws RqException if Redis does not answer in time
	 * @throws RuntimeException if Redis cannot be asked
	 */
	public List<QueueSnapshot> look() {
		Look look = current();
		long left = this.patience.toNanos() - (System.nanoTime() - look.start());
		try {
			return look.answer().get(Math.max(0, left), TimeUnit.NANOSECONDS);
		}
		catch (TimeoutException ex) {
			throw new RqException("Redis has not answered for "
					+ Duration.ofNanos(System.nanoTime() - look.start()).toMillis() + " ms", ex);
		}
		catch (ExecutionException ex) {
			throw (ex.getCause() instanceof RuntimeException cause) ? cause
					: new RqException("Redis could not be asked", ex.getCause());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new RqException("Interrupted while Redis was asked", ex);
		}
	}

	private synchronized Look current() {
		Look current = this.latest;
		if (current == null
				|| current.answer().isDone() && System.nanoTime() - current.start() > this.maxAge.toNanos()) {
			current = new Look(new CompletableFuture<>(), System.nanoTime());
			this.latest = current;
			Thread asker = new Thread(current.asker(this), "rq-monitor");
			asker.setDaemon(true);
			asker.start();
		}
		return current;
	}

	/**
	 * A question to Redis.
	 *
	 * @param answer its answer
	 * @param start when it was asked, as a value of the nano time
	 */
	private record Look(CompletableFuture<List<QueueSnapshot>> answer, long start) {

		Runnable asker(QueueMonitor monitor) {
			return () -> {
				try {
					this.answer.complete(monitor.queues.census(monitor.names()));
				}
				catch (Throwable ex) {
					this.answer.completeExceptionally(ex);
				}
			};
		}

	}

}
