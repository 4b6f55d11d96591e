package io.rq.template;

import java.lang.reflect.Parameter;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

import io.rq.job.InvalidJobException;
import io.rq.job.JobDefinition;
import io.rq.job.JobRequest;
import io.rq.serializer.JobSerializer;

/**
 * Finds out before a job is stored whether its arguments will bind, as far as its
 * function is known here. Arguments of the parameters' own types pass at once; others are
 * bound for trial from what was serialized, because a map may well become a record.
 */
final class ArgumentCheck {

	private static final List<Class<?>> WIDENING = List.of(Byte.class, Short.class, Integer.class, Long.class,
			Float.class, Double.class);

	private final JobSerializer serializer;

	ArgumentCheck(JobSerializer serializer) {
		this.serializer = serializer;
	}

	void check(JobDefinition definition, JobRequest.Call call, byte[] data) {
		if (isAssignable(definition.parameters(), call)) {
			return;
		}
		try {
			this.serializer.readCall(data).bind(definition.parameters());
		}
		catch (InvalidJobException ex) {
			throw new IllegalArgumentException("The job was not enqueued: " + ex.getMessage(), ex);
		}
	}

	private static boolean isAssignable(List<Parameter> parameters, JobRequest.Call call) {
		List<@Nullable Object> args = call.args();
		Map<String, @Nullable Object> kwargs = call.kwargs();
		if (args.size() != parameters.size() || !kwargs.isEmpty()) {
			return false;
		}
		for (int i = 0; i < args.size(); i++) {
			if (!isAssignable(parameters.get(i).getType(), args.get(i))) {
				return false;
			}
		}
		return true;
	}

	private static boolean isAssignable(Class<?> type, @Nullable Object value) {
		if (value == null) {
			return !type.isPrimitive();
		}
		if (type.isInstance(value)) {
			return true;
		}
		Class<?> boxed = ClassUtils.resolvePrimitiveIfNecessary(type);
		return boxed.isInstance(value) || isWidening(boxed, value.getClass());
	}

	private static boolean isWidening(Class<?> to, Class<?> from) {
		int source = WIDENING.indexOf(from);
		return source >= 0 && source < WIDENING.indexOf(to);
	}

}
