package io.rq.annotation;

import java.lang.reflect.Parameter;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;

import io.rq.handler.CallbackEvent;
import io.rq.handler.CallbackHandler;
import io.rq.handler.DeferredValue;
import io.rq.job.Job;

/**
 * Calls an annotated method of a bean at the end of a run.
 */
final class MethodCallbackHandler implements CallbackHandler {

	private final CallbackMethod source;

	private final BeanInvocation invocation;

	private final Parameter[] parameters;

	MethodCallbackHandler(CallbackMethod source, JobBean bean) {
		this.source = source;
		this.invocation = new BeanInvocation(bean, source);
		this.parameters = source.method().getParameters();
	}

	@Override
	public String name() {
		return this.source.name();
	}

	@Override
	public void handle(CallbackEvent event) throws Exception {
		@Nullable Object[] arguments = new @Nullable Object[this.parameters.length];
		for (int i = 0; i < arguments.length; i++) {
			arguments[i] = argument(this.parameters[i], event);
		}
		DeferredValue.await(this.invocation.invoke(arguments));
	}

	private @Nullable Object argument(Parameter parameter, CallbackEvent event) {
		Class<?> type = parameter.getType();
		if (type == Job.class) {
			return event.job();
		}
		if (type == CallbackEvent.class) {
			return event;
		}
		return (type == Throwable.class) ? event.failure() : result(parameter, event.result());
	}

	private @Nullable Object result(Parameter parameter, @Nullable Object result) {
		Class<?> type = parameter.getType();
		Assert.isTrue((result != null) ? ClassUtils.isAssignableValue(type, result) : !type.isPrimitive(),
				() -> "The job's result is " + ((result != null) ? "a " + result.getClass().getName() : "null")
						+ ", but parameter '" + parameter.getName() + "' of " + this + " is a " + type.getName());
		return result;
	}

	@Override
	public String toString() {
		return this.source.toString();
	}

}
