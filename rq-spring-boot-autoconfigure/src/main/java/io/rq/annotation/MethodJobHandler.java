package io.rq.annotation;

import java.lang.reflect.Type;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.rq.handler.JobContext;
import io.rq.handler.JobHandler;
import io.rq.handler.ReturnType;
import io.rq.job.JobDefinition;
import io.rq.job.JobOptions;
import io.rq.job.JobParameter;
import io.rq.serializer.SerializedCall;

/**
 * Runs jobs by calling an annotated method of a bean.
 */
final class MethodJobHandler implements JobHandler {

	private final JobDefinition definition;

	private final RqJobMethod source;

	private final Type resultType;

	private final RetryableFailures retryable;

	private final List<JobParameter> parameters;

	private final BeanInvocation invocation;

	MethodJobHandler(JobDefinition definition, RqJobMethod source, JobBean bean) {
		this.definition = definition;
		this.source = source;
		this.resultType = ReturnType.result(source.returnType());
		this.retryable = RetryableFailures.of(source.annotation());
		this.parameters = JobParameter.of(source.method(), source.type()).toList();
		this.invocation = new BeanInvocation(bean, source);
	}

	@Override
	public String name() {
		return this.definition.name();
	}

	@Override
	public List<String> aliases() {
		return this.definition.aliases();
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
		return this.invocation.invoke(arguments);
	}

	private @Nullable Object[] arguments(JobContext context, @Nullable Object[] bound) {
		if (bound.length == this.parameters.size()) {
			return bound;
		}
		@Nullable Object[] arguments = new @Nullable Object[this.parameters.size()];
		int next = 0;
		for (int i = 0; i < arguments.length; i++) {
			arguments[i] = RqJobMethod.isContext(this.parameters.get(i)) ? context : bound[next++];
		}
		return arguments;
	}

	@Override
	public String toString() {
		return this.source.toString();
	}

}
