package io.rq.annotation;

import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

import org.springframework.core.annotation.AnnotatedElementUtils;

import io.rq.handler.CallbackEvent;
import io.rq.handler.JobContext;
import io.rq.job.Job;

/**
 * A method with {@link RqCallback @RqCallback}.
 *
 * @param beanName the bean's name, or {@code null} if it is not one of a bean here
 * @param type the class that was looked at, never a proxy's
 * @param method the method, declared there or in a supertype
 * @param name its name in jobs
 */
record CallbackMethod(@Nullable String beanName, Class<?> type, Method method, String name) implements BeanMethod {

	static @Nullable RqCallback findAnnotation(Method method) {
		return AnnotatedElementUtils.findMergedAnnotation(method, RqCallback.class);
	}

	CallbackMethod checked() {
		checkModifiers("callbacks");
		long results = 0;
		for (Parameter parameter : this.method.getParameters()) {
			Class<?> kind = parameter.getType();
			if (kind == JobContext.class) {
				throw failure("its parameter '" + parameter.getName() + "' is a JobContext, and the run is over",
						"Declare a Job or a CallbackEvent");
			}
			if (Throwable.class.isAssignableFrom(kind) && kind != Throwable.class) {
				throw failure("its parameter '" + parameter.getName() + "' is a " + kind.getName()
						+ ", and jobs fail with whatever they throw", "Declare a Throwable");
			}
			results += isResult(parameter) ? 1 : 0;
		}
		if (results > 1) {
			throw failure("more than one of its parameters would be the job's result",
					"Declare one beside a Job, a Throwable and a CallbackEvent");
		}
		return this;
	}

	static boolean isResult(Parameter parameter) {
		return Arrays.asList(Job.class, Throwable.class, CallbackEvent.class).indexOf(parameter.getType()) < 0;
	}

	@Override
	public RqJobDefinitionException failure(String problem, String remedy, @Nullable Throwable cause) {
		return new RqJobDefinitionException(this.beanName, this.method, "a callback", problem, remedy, cause);
	}

	@Override
	public String toString() {
		return RqJobDefinitionException.describe(this.method)
				+ ((this.beanName != null) ? " of bean '" + this.beanName + "'" : "");
	}

}
