package io.rq.annotation;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.SpringProxy;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * The bean a job's method is called on: asked of the bean factory for every run unless it
 * is a singleton, so that scopes and proxies count.
 */
final class JobBean {

	private final BeanFactory beanFactory;

	private final String name;

	private volatile @Nullable Object singleton;

	JobBean(BeanFactory beanFactory, String name) {
		this.beanFactory = beanFactory;
		this.name = name;
	}

	Object get() {
		Object bean = this.singleton;
		if (bean == null) {
			bean = this.beanFactory.getBean(this.name);
			if (this.beanFactory.isSingleton(this.name)) {
				this.singleton = bean;
			}
		}
		return bean;
	}

	/**
	 * Fails if a proxy hides the method, as far as the bean's class is known already.
	 */
	void check(BeanMethod source) {
		Class<?> type = this.beanFactory.getType(this.name, false);
		if (type != null) {
			check(source, type);
		}
	}

	/** Fails if the class of the bean is a proxy's that hides the method. */
	static void check(BeanMethod source, Class<?> type) {
		if (!SpringProxy.class.isAssignableFrom(type)) {
			return;
		}
		try {
			invocableMethod(source, type);
		}
		catch (IllegalStateException ex) {
			throw source.failure("the bean's proxy implements only interfaces and none of them has it",
					"Declare it in an interface of the bean or proxy the class (proxyTargetClass = true)", ex);
		}
		if (source.method().getDeclaringClass().isAssignableFrom(type)) {
			checkOverridable(source, type);
		}
	}

	private static void checkOverridable(BeanMethod source, Class<?> proxy) {
		Method method = source.method();
		if (Modifier.isFinal(method.getModifiers())) {
			throw source.failure("it is final and would run on the bean's proxy instead of the bean", "Remove 'final'");
		}
		Class<?> declaring = method.getDeclaringClass();
		if (isPackagePrivate(method) && !(declaring.getPackageName().equals(proxy.getPackageName())
				&& declaring.getClassLoader() == proxy.getClassLoader())) {
			throw source.failure("it is package-private, and would run on the bean's proxy, which is of package "
					+ proxy.getPackageName() + ", instead of the bean", "Make it protected or public");
		}
	}

	private static boolean isPackagePrivate(Method method) {
		return (method.getModifiers() & (Modifier.PUBLIC | Modifier.PROTECTED | Modifier.PRIVATE)) == 0;
	}

	static Method invocableMethod(BeanMethod source, Class<?> type) {
		Method invocable = select(source, type);
		ReflectionUtils.makeAccessible(invocable);
		return invocable;
	}

	/** A generic interface has the method with other types of parameters. */
	private static Method select(BeanMethod source, Class<?> type) {
		try {
			return AopUtils.selectInvocableMethod(source.method(), type);
		}
		catch (IllegalStateException ex) {
			return Stream.of(ClassUtils.getAllInterfacesForClass(type))
				.flatMap((implemented) -> Stream.of(implemented.getMethods()))
				.filter((method) -> source.isNamedBy(method.getDeclaringClass(), method))
				.findFirst()
				.orElseThrow(() -> ex);
		}
	}

}
