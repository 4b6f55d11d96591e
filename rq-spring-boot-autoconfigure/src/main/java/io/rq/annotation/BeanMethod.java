package io.rq.annotation;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;

import org.jspecify.annotations.Nullable;

import org.springframework.core.BridgeMethodResolver;

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
