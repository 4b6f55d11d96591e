package io.rq.annotation;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.UndeclaredThrowableException;

import org.jspecify.annotations.Nullable;

/**
 * Calls a method of a bean, through its proxy if it has one. What the method throws is
 * thrown.
 */
final class BeanInvocation {

	private final JobBean bean;

	private final BeanMethod source;

	private volatile @Nullable Invocable invocable;

	BeanInvocation(JobBean bean, BeanMethod source) {
		this.bean = bean;
		this.source = source;
	}

	@Nullable Object invoke(@Nullable Object[] arguments) throws Exception {
		Object target = this.bean.get();
		try {
			return method(target.getClass()).invoke(target, arguments);
		}
		catch (InvocationTargetException ex) {
			throw unwrap(ex);
		}
	}

	private Method method(Class<?> type) {
		Invocable known = this.invocable;
		if (known == null || known.type() != type) {
			// of a lazy bean nobody has seen the proxy before
			JobBean.check(this.source, type);
			known = new Invocable(type, JobBean.invocableMethod(this.source, type));
			this.invocable = known;
		}
		return known.method();
	}

	private static Exception unwrap(InvocationTargetException ex) {
		Throwable target = ex.getTargetException();
		if (target instanceof Error error) {
			throw error;
		}
		return (target instanceof Exception exception) ? exception : new UndeclaredThrowableException(target);
	}

	private record Invocable(Class<?> type, Method method) {

	}

}
