package io.rq.annotation;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.core.BridgeMethodResolver;
import org.springframework.util.Assert;

/**
 * A method of a bean that an annotation makes something of.
 */
interface BeanMethod {

	/** The class that was looked at, never a proxy's. */
	Class<?> type();

	/** The method, declared there or in a supertype. */
	Method method();

	RqJobDefinitionException failure(String problem, String remedy, @Nullable Throwable cause);

	default RqJobDefinitionException failure(String problem, String remedy) {
		return failure(problem, remedy, null);
	}

	/**
	 * Returns which method a reference means: the one that it names; of several, the one
	 * of exactly its class.
	 * @param methods the methods by their names
	 * @param type the class that the reference names, not a proxy's
	 * @param method the method that it names
	 * @param what what the methods are, in the plural
	 * @return the method's name, or {@code null} if the reference names none of them
	 * @throws IllegalArgumentException if it may mean several
	 */
	static <M extends BeanMethod> @Nullable String meant(Map<String, M> methods, Class<?> type, Method method,
			String what) {
		List<Map.Entry<String, M>> named = methods.entrySet()
			.stream()
			.filter((entry) -> entry.getValue().isNamedBy(type, method))
			.toList();
		List<Map.Entry<String, M>> exact = (named.size() < 2) ? named
				: named.stream().filter((entry) -> entry.getValue().type() == type).toList();
		Assert.isTrue(named.isEmpty() || exact.size() == 1,
				() -> "The method reference stands for several " + what + ": "
						+ named.stream().map(Map.Entry::getKey).sorted().toList()
						+ ". Name the class that is meant before '::'");
		return named.isEmpty() ? null : exact.get(0).getKey();
	}

	default boolean isNamedBy(Class<?> namedType, Method namedMethod) {
		return namedType.isAssignableFrom(type())
				&& BridgeMethodResolver.getMostSpecificMethod(namedMethod, type()).equals(method());
	}

	/** Fails if nobody could call it. */
	default void checkModifiers(String what) {
		if (Modifier.isStatic(method().getModifiers())) {
			throw failure("it is static", "Remove 'static': " + what + " are methods of beans");
		}
		if (Modifier.isPrivate(method().getModifiers())) {
			throw failure("it is private", "Make it package-private or wider, so that proxies can call it");
		}
	}

}
