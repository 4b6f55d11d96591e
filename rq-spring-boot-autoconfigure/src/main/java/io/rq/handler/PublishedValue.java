package io.rq.handler;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.util.ClassUtils;

/**
 * What a publisher publishes: all values of one that may have several, or the value of
 * one that has at most one. Knows the reactive libraries on the class path.
 */
final class PublishedValue {

	private static final boolean REACTIVE = ClassUtils.isPresent("org.reactivestreams.Publisher",
			PublishedValue.class.getClassLoader());

	private final List<Object> values = new ArrayList<>();

	private final CompletableFuture<List<Object>> end = new CompletableFuture<>();

	private final boolean multiple;

	private final Subscribing source;

	private volatile @Nullable Runnable cancel;

	private PublishedValue(boolean multiple, Subscribing source) {
		this.multiple = multiple;
		this.source = source;
	}

	/** Returns {@code null} if the value publishes nothing. */
	static @Nullable PublishedValue of(Object value) {
		if (value instanceof Flow.Publisher<?> publisher) {
			return new PublishedValue(true, (target) -> publisher.subscribe(target.flow()));
		}
		return isForeign(value.getClass()) ? Streams.of(value) : null;
	}

	/** Returns {@code null} if values of the type publish nothing. */
	static @Nullable Boolean isMultiple(Class<?> type) {
		if (Flow.Publisher.class.isAssignableFrom(type)) {
			return true;
		}
		return isForeign(type) ? Streams.isMultiple(type) : null;
	}

	/** Java itself publishes with {@link Flow} only; the rest takes long to load. */
	private static boolean isForeign(Class<?> type) {
		return REACTIVE && type.getClassLoader() != null;
	}

	@Nullable Object await() throws Exception {
		this.source.subscribe(this);
		try {
			DeferredValue.get(this.end);
		}
		catch (InterruptedException ex) {
			Runnable cancellation = this.cancel;
			if (cancellation != null) {
				cancellation.run();
			}
			throw ex;
		}
		return this.multiple ? this.values : (this.values.isEmpty() ? null : this.values.get(0));
	}

	private void begin(Runnable cancellation, Runnable request) {
		this.cancel = cancellation;
		request.run();
	}

	private Flow.Subscriber<Object> flow() {
		return new Flow.Subscriber<>() {

			@Override
			public void onSubscribe(Flow.Subscription subscription) {
				begin(subscription::cancel, () -> subscription.request(Long.MAX_VALUE));
			}

			@Override
			public void onNext(Object value) {
				PublishedValue.this.values.add(value);
			}

			@Override
			public void onError(Throwable failure) {
				PublishedValue.this.end.completeExceptionally(failure);
			}

			@Override
			public void onComplete() {
				PublishedValue.this.end.complete(PublishedValue.this.values);
			}

		};
	}

	@FunctionalInterface
	private interface Subscribing {

		void subscribe(PublishedValue target);

	}

	/**
	 * Loaded only where Reactive Streams are.
	 */
	private static final class Streams {

		static @Nullable PublishedValue of(Object value) {
			ReactiveAdapter adapter = ReactiveAdapterRegistry.getSharedInstance().getAdapter(value.getClass());
			if (adapter != null) {
				Publisher<Object> publisher = adapter.toPublisher(value);
				return new PublishedValue(adapter.isMultiValue(),
						(target) -> publisher.subscribe(new Receiver(target.flow())));
			}
			return (value instanceof Publisher<?> publisher)
					? new PublishedValue(true, (target) -> publisher.subscribe(new Receiver(target.flow()))) : null;
		}

		static @Nullable Boolean isMultiple(Class<?> type) {
			ReactiveAdapter adapter = ReactiveAdapterRegistry.getSharedInstance().getAdapter(type);
			return (adapter != null) ? (Boolean) adapter.isMultiValue()
					: Publisher.class.isAssignableFrom(type) ? Boolean.TRUE : null;
		}

		/**
		 * Passes everything on.
		 *
		 * @param target who receives it
		 */
		private record Receiver(Flow.Subscriber<Object> target) implements Subscriber<Object> {

			@Override
			public void onSubscribe(Subscription subscription) {
				this.target.onSubscribe(new Flow.Subscription() {

					@Override
					public void request(long count) {
						subscription.request(count);
					}

					@Override
					public void cancel() {
						subscription.cancel();
					}

				});
			}

			@Override
			public void onNext(Object value) {
				this.target.onNext(value);
			}

			@Override
			public void onError(Throwable failure) {
				this.target.onError(failure);
			}

			@Override
			public void onComplete() {
				this.target.onComplete();
			}

		}

	}

}
