package io.rq.annotation;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import org.springframework.core.BridgeMethodResolver;
import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;
import org.springframework.util.StringValueResolver;

/**
 * The callbacks that {@link RqCallback @RqCallback} methods are, of beans here and of
 * other classes. Safe for use by many threads.
 */
final class CallbackDefinitions {

	private final Map<String, CallbackMethod> methods = new ConcurrentHashMap<>();

	private final StringValueResolver resolver;

	CallbackDefinitions(StringValueResolver resolver) {
		this.resolver = resolver;
	}

	/**
	 * Adds the method of a bean.
	 * @throws RqJobDefinitionException if it cannot be a callback, or another one has its
	 * name
	 */
	CallbackMethod register(String beanName, Class<?> type, Method method, RqCallback annotation) {
		CallbackMethod source = read(beanName, type, method, annotation).checked();
		CallbackMethod other = this.methods.putIfAbsent(source.name(), source);
		if (other != null) {
			throw source.failure("its name '" + source.name() + "' is that of " + other,
					"Give one of them another @RqCallback(name = …)");
		}
		return source;
	}

	/**
	 * Returns the name of a callback.
	 * @throws IllegalArgumentException if the method is none
	 */
	String name(Class<?> named, Method method) {
		Class<?> type = ClassUtils.getUserClass(named);
		List<CallbackMethod> found = this.methods.values()
			.stream()
			.filter((source) -> source.isNamedBy(type, method))
			.toList();
		if (found.size() > 1) {
			List<CallbackMethod> exact = found.stream().filter((source) -> source.type() == type).toList();
			Assert.isTrue(exact.size() == 1,
					() -> "The method reference stands for several callbacks: "
							+ found.stream().map(CallbackMethod::name).sorted().toList()
							+ ". Name the class that is meant before '::'");
			return exact.get(0).name();
		}
		return found.isEmpty() ? declared(type, method) : found.get(0).name();
	}

	private String declared(Class<?> type, Method method) {
		Method specific = BridgeMethodResolver.getMostSpecificMethod(method, type);
		RqCallback annotation = CallbackMethod.findAnnotation(specific);
		if (annotation == null) {
			throw new IllegalArgumentException("Method " + RqJobDefinitionException.describe(specific)
					+ " is no callback: annotate it with @RqCallback");
		}
		return read(null, type, specific, annotation).checked().name();
	}

	private CallbackMethod read(@Nullable String beanName, Class<?> type, Method method, RqCallback annotation) {
		String byDefault = type.getName() + "." + method.getName();
		String name = this.resolver.resolveStringValue(annotation.name());
		return new CallbackMethod(beanName, type, method,
				(name != null && StringUtils.hasText(name)) ? name.strip() : byDefault);
	}

}
