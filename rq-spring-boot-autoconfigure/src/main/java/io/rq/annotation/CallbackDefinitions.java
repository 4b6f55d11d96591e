package io.rq.annotation;

import java.lang.reflect.Method;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import org.springframework.core.BridgeMethodResolver;
import org.springframework.util.ClassUtils;
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
		String meant = BeanMethod.meant(this.methods, type, method, "callbacks");
		return (meant != null) ? meant : declared(type, method);
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
		CallbackMethod byDefault = new CallbackMethod(beanName, type, method, type.getName() + "." + method.getName());
		String name = new AnnotationTexts(byDefault, this.resolver).resolve("name", annotation.name());
		return (name != null) ? new CallbackMethod(beanName, type, method, name) : byDefault;
	}

}
