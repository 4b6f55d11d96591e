package io.rq.handler;

import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.core.ResolvableType;

/**
 * Waits for what a method returned before its work was done: a future, a callable, a
 * publisher. The job is over when its value is there or its failure.
 */
public final class DeferredValue {

	private static final int DEEPEST = 50;

	private DeferredValue() {
	}

	/**
	 * Returns the value that a method means by what it returned.
	 * @param returned what the method returned
	 * @return the value, waited for if need be
	 * @throws Exception the failure of the work, without what wraps it, or
	 * {@code InterruptedException} after the work has been cancelled
	 */
	public static @Nullable Object await(@Nullable Object returned) throws Exception {
		Object value = returned;
		while (value != null) {
			if (value instanceof CompletionStage<?> stage) {
				value = get(future(stage));
			}
			else if (value instanceof Future<?> future) {
				value = get(future);
			}
			else if (value instanceof Callable<?> callable) {
				value = callable.call();
			}
			else if (value instanceof Supplier<?> supplier && !isCollection(value.getClass())) {
				value = supplier.get();
			}
			else {
				PublishedValue published = PublishedValue.of(value);
				if (published == null) {
					return value;
				}
				value = published.await();
			}
		}
		return null;
	}

	private static CompletableFuture<?> future(CompletionStage<?> stage) {
		try {
			return stage.toCompletableFuture();
		}
		catch (UnsupportedOperationException ex) {
			CompletableFuture<Object> future = new CompletableFuture<>();
			stage.whenComplete((value, failure) -> {
				if (failure != null) {
					future.completeExceptionally(failure);
				}
				else {
					future.complete(value);
				}
			});
			return future;
		}
	}

	static @Nullable Object get(Future<?> future) throws Exception {
		try {
			return future.get();
		}
		catch (InterruptedException ex) {
			future.cancel(true);
			throw ex;
		}
		catch (ExecutionException ex) {
			throw unwrap(ex);
		}
	}

	private static Exception unwrap(Throwable wrapper) {
		Throwable failure = wrapper;
		// they may wrap each other
		for (int depth = 0; depth < DEEPEST
				&& (failure instanceof ExecutionException || failure instanceof CompletionException)
				&& failure.getCause() != null; depth++) {
			failure = failure.getCause();
		}
		if (failure instanceof Error error) {
			throw error;
		}
		return (failure instanceof Exception exception) ? exception : new UndeclaredThrowableException(failure);
	}

	/** Those of Spring Data, such as its pages, supply streams of their elements. */
	private static boolean isCollection(Class<?> supplier) {
		return Iterable.class.isAssignableFrom(supplier);
	}

	/** Returns the type of the value that is waited for, or {@code null} if none is. */
	static @Nullable Type valueType(ResolvableType declared) {
		Class<?> raw = declared.resolve(Object.class);
		for (Class<?> type : new Class<?>[] { CompletionStage.class, Future.class, Callable.class, Supplier.class }) {
			if (type.isAssignableFrom(raw) && !(type == Supplier.class && isCollection(raw))) {
				return known(declared.as(type).getGeneric(0), new HashSet<>());
			}
		}
		Boolean multiple = PublishedValue.isMultiple(raw);
		if (multiple == null) {
			return null;
		}
		ResolvableType element = declared.as(Flow.Publisher.class);
		Type type = known(((element != ResolvableType.NONE) ? element : declared).getGeneric(0), new HashSet<>());
		return multiple ? ResolvableType.forClassWithGenerics(List.class, ResolvableType.forType(type)).getType()
				: type;
	}

	private static Type known(ResolvableType type, Set<Type> seen) {
		Class<?> raw = type.resolve();
		if (raw == null) {
			return Object.class;
		}
		if (!(type.getType() instanceof TypeVariable<?>)) {
			return type.getType();
		}
		// a bound may contain itself
		ResolvableType[] arguments = seen.add(type.getType()) ? Stream.of(type.getGenerics())
			.map((argument) -> ResolvableType.forType(known(argument, seen)))
			.toArray(ResolvableType[]::new) : new ResolvableType[0];
		return (arguments.length > 0) ? ResolvableType.forClassWithGenerics(raw, arguments).getType() : raw;
	}

}
