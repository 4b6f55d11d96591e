package io.rq.template;

import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

import io.rq.job.Call;
import io.rq.job.InvalidJobException;
import io.rq.job.JobDefinition;
import io.rq.job.JobParameter;
import io.rq.serializer.JobSerializer;
import io.rq.serializer.RoundTrip;

/**
 * Finds out before a job is stored whether its arguments will bind and be the same then,
 * as far as its function is known here, by binding them for trial from what was
 * serialized. Texts, numbers and booleans are tried once per function.
 */
final class ArgumentCheck {

	private final JobSerializer serializer;

	private final Map<String, JobDefinition> proven = new ConcurrentHashMap<>();

	ArgumentCheck(JobSerializer serializer) {
		this.serializer = serializer;
	}

	/**
	 * Checks the arguments of a call.
	 * @param undone what was not done if they do not fit
	 */
	void check(JobDefinition definition, Call call, byte[] data, String undone) {
		check(definition, call, data, undone, RoundTrip::difference);
	}

	/** Checks the arguments of a call that was made of a stored one. */
	void checkEdited(JobDefinition definition, Call call, byte[] data, String undone) {
		check(definition, call, data, undone, RoundTrip::differenceOfEdited);
	}

	private void check(JobDefinition definition, Call call, byte[] data, String undone, Comparison comparison) {
		boolean plain = isPlain(definition.parameters(), call);
		if (plain && this.proven.get(definition.name()) == definition) {
			return;
		}
		try {
			compare(definition, call, this.serializer.readCall(data).bind(definition.parameters()), comparison);
		}
		catch (InvalidJobException ex) {
			throw new IllegalArgumentException(undone + ": " + ex.getMessage(), ex);
		}
		if (plain) {
			this.proven.put(definition.name(), definition);
		}
	}

	private static boolean isPlain(List<JobParameter> parameters, Call call) {
		List<@Nullable Object> args = call.args();
		if (args.size() != parameters.size() || !call.kwargs().isEmpty()) {
			return false;
		}
		for (int i = 0; i < args.size(); i++) {
			Object arg = args.get(i);
			if (arg == null || !RoundTrip.isPlain(arg)
					|| arg.getClass() != ClassUtils.resolvePrimitiveIfNecessary(parameters.get(i).rawType())) {
				return false;
			}
		}
		return true;
	}

	private static void compare(JobDefinition definition, Call call, @Nullable Object[] back, Comparison comparison) {
		for (int i = 0; i < back.length; i++) {
			JobParameter parameter = definition.parameters().get(i);
			boolean positional = i < call.args().size();
			if (positional || call.kwargs().containsKey(parameter.name())) {
				Object given = positional ? call.args().get(i) : call.kwargs().get(parameter.name());
				String difference = comparison.difference(parameter.type(), given, back[i]);
				if (difference != null) {
					throw new InvalidJobException("Argument " + (i + 1) + " '" + parameter.name() + "' of '"
							+ definition.name() + "' would not arrive as it is: " + difference + ". "
							+ "Declare the type that is meant instead of " + parameter.type().getTypeName()
							+ ", or pass a value that JSON can carry");
				}
			}
		}
	}

	@FunctionalInterface
	private interface Comparison {

		@Nullable String difference(Type declared, @Nullable Object given, @Nullable Object back);

	}

}
