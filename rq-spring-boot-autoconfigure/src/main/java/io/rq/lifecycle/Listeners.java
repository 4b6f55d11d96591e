package io.rq.lifecycle;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

import io.rq.log.FailureText;
import io.rq.log.SafeLog;
import io.rq.log.Told;

/**
 * All who hear of something. None of them can disturb the others or who tells them: what
 * one throws is logged, once a minute for each kind of it. Safe for use by many threads.
 *
 * @param <T> the type of listener
 */
public final class Listeners<T> {

	private static final SafeLog log = SafeLog.of(Listeners.class);

	private final Iterable<? extends T> listeners;

	private final Told failures;

	private final @Nullable Executor executor;

	/**
	 * Creates the listeners.
	 * @param listeners each of them, asked for at every event
	 */
	public Listeners(Iterable<? extends T> listeners) {
		this(listeners, System::nanoTime);
	}

	Listeners(Iterable<? extends T> listeners, LongSupplier nanoTime) {
		this(listeners, new Told(nanoTime), null);
	}

	private Listeners(Iterable<? extends T> listeners, Told failures, @Nullable Executor executor) {
		this.listeners = listeners;
		this.failures = failures;
		this.executor = executor;
	}

	/**
	 * Returns nobody.
	 * @param <T> the type of listener
	 * @return listeners of which there are none
	 */
	public static <T> Listeners<T> none() {
		return new Listeners<>(List.of());
	}

	/**
	 * Returns the same listeners for a thread that has no time for them.
	 * @param other who tells them instead
	 * @return these listeners, told by another
	 */
	public Listeners<T> by(Executor other) {
		return new Listeners<>(this.listeners, this.failures, other);
	}

	/**
	 * Tells all of something, on the calling thread unless another {@linkplain #by does
	 * it}.
	 * @param event what one of them is told
	 */
	public void tell(Consumer<? super T> event) {
		if (this.executor == null) {
			tellAll(event);
		}
		else {
			this.executor.execute(() -> tellAll(event));
		}
	}

	private void tellAll(Consumer<? super T> event) {
		try {
			for (T listener : this.listeners) {
				tell(listener, event);
			}
		}
		catch (Throwable ex) {
			failed("Not all listeners could be told", "", ex);
		}
	}

	private void tell(T listener, Consumer<? super T> event) {
		try {
			event.accept(listener);
		}
		catch (Throwable ex) {
			String name = listener.getClass().getName();
			failed("Listener " + name + " failed", name, ex);
		}
	}

	private void failed(String what, String scope, Throwable failure) {
		if (this.failures.isNews(scope + " " + failure.getClass().getName())) {
			log.warn("{}; whoever told it goes on", what, FailureText.printable(failure));
		}
		else {
			log.debug("{} again", what, FailureText.printable(failure));
		}
	}

}
