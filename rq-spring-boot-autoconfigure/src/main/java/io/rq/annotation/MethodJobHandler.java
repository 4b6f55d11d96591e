package io.rq.annotation;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.Type;
import java.lang.reflect.UndeclaredThrowableException;

import org.jspecify.annotations.Nullable;

import io.rq.handler.JobContext;
import io.rq.handler.JobHandler;
import io.rq.job.JobDefinition;
import io.rq.job.JobOptions;
import io.rq.serializer.SerializedCall;

/**
 * Runs jobs by calling an annotated method of a bean.
 */
final class MethodJobHandler implements JobHandler {

	private final JobDefinition definition;

	private final JobBean bean;

	private final Type resultType;

	private final RetryableFailures retryable;

	private final Parameter[] parameters;

	private volatile @Nullable Invocable invocable;

	MethodJobHandler(JobDefinition definition, JobBean bean, Type resultType, RetryableFailures retryable) {
		this.definition = definition;
		this.bean = bean;
		this.resultType = resultType;
		this.retryable = retryable;
		this.parameters = definition.method().getParameters();
	}

	@Override
	public String name() {
		return this.definition.name();
	}

	@Override
	public JobOptions defaults() {
		return this.definition.options();
	}

	@Override
	public @Nullable String queue() {
		return this.definition.queue();
	}

	@Override
	public Type resultType() {
		return this.resultType;
	}

	@Override
	public boolean isRetryable(Throwable failure) {
		return this.retryable.match(failure);
	}

	@Override
	public @Nullable Object handle(JobContext context, SerializedCall call) throws Exception {
		@Nullable Object[] arguments = arguments(context, call.bind(this.definition.parameters()));
		Object target = this.bean.get();
		try {
			return method(target.getClass()).invoke(target, arguments);
		}
		catch (InvocationTargetException ex) {
			throw unwrap(ex);
		}
	}

	private @Nullable Object[] arguments(JobContext context, @Nullable Object[] bound) {
		if (bound.length == this.parameters.length) {
			return bound;
		}
		@Nullable Object[] arguments = new @Nullable Object[this.parameters.length];
		int next = 0;
		for (int i = 0; i < arguments.length; i++) {
			arguments[i] = (this.parameters[i].getType() == JobContext.class) ? context : bound[next++];
		}
		return arguments;
	}

	private Method method(Class<?> type) {
		Invocable known = this.invocable;
		if (known == null || known.type() != type) {
			known = new Invocable(type, JobBean.invocableMethod(this.definition.method(), type));
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

	@Override
	public String toString() {
		return RqJobDefinitionException.describe(this.definition.method()) + " of " + this.bean;
	}

	private record Invocable(Class<?> type, Method method) {

	}

}
