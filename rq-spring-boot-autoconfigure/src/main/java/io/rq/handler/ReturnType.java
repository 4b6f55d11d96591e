package io.rq.handler;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.io.Writer;
import java.lang.reflect.Type;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.Spliterator;
import java.util.stream.BaseStream;

import org.jspecify.annotations.Nullable;

import org.springframework.core.ResolvableType;

/**
 * What a job can make of a declared return type.
 */
public final class ReturnType {

	private static final List<Class<?>> NO_DATA = List.of(BaseStream.class, Iterator.class, Spliterator.class,
			Enumeration.class, InputStream.class, OutputStream.class, Reader.class, Writer.class, Thread.class,
			Process.class);

	/** Of web frameworks, which nobody can wait for without a request. */
	private static final Set<String> NO_RESULT = Set.of("org.springframework.web.context.request.async.DeferredResult",
			"org.springframework.web.context.request.async.WebAsyncTask",
			"org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter",
			"org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody", "kotlin.sequences.Sequence");

	private ReturnType() {
	}

	/**
	 * Returns the type of the result: of what is waited for where the method returns
	 * before its work is done, as with a future.
	 * @param declared the declared return type
	 * @return the type by which the result is written
	 */
	public static Type result(Type declared) {
		Type value = DeferredValue.valueType(ResolvableType.forType(declared));
		return (value != null) ? result(value) : declared;
	}

	/**
	 * Says why a method with a return type cannot be a job.
	 * @param declared the declared return type
	 * @return the end of a sentence, or {@code null} if it can
	 */
	public static @Nullable String problem(Type declared) {
		ResolvableType result = ResolvableType.forType(result(declared));
		Class<?> raw = result.resolve(Object.class);
		if (isNoData(raw)) {
			return "it returns " + raw.getName() + ", which can be neither waited for nor stored";
		}
		Class<?> part = hidden(result, new HashSet<>());
		return (part != null)
				? "what it returns contains " + part.getName() + ", which is not waited for inside of " + raw.getName()
				: null;
	}

	private static @Nullable Class<?> hidden(ResolvableType type, Set<Type> seen) {
		ResolvableType[] parts = type.isArray() ? new ResolvableType[] { type.getComponentType() } : type.getGenerics();
		for (ResolvableType part : parts) {
			Class<?> raw = part.resolve(Object.class);
			if (isNoData(raw) || DeferredValue.valueType(part) != null) {
				return raw;
			}
			// a bound may contain itself
			Class<?> deeper = seen.add(part.getType()) ? hidden(part, seen) : null;
			if (deeper != null) {
				return deeper;
			}
		}
		return null;
	}

	/**
	 * Returns whether a value is nothing that could be stored.
	 * @param type the class of the value
	 * @return {@code true} for streams, threads and the like
	 */
	public static boolean isNoData(Class<?> type) {
		if (type == Runnable.class || NO_DATA.stream().anyMatch((base) -> base.isAssignableFrom(type))) {
			return true;
		}
		for (Class<?> current = type; current != null; current = current.getSuperclass()) {
			if (NO_RESULT.contains(current.getName()) || List.of(current.getInterfaces())
				.stream()
				.anyMatch((implemented) -> NO_RESULT.contains(implemented.getName()))) {
				return true;
			}
		}
		return false;
	}

}
