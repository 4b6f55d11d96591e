package io.rq.template;

import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.rq.job.Call;
import io.rq.job.JobDefinition;

/**
 * Takes out of a call what the worker will supply: the compiler wants an argument for
 * every parameter of a method reference, the job has none for those.
 */
final class SuppliedParameters {

	private SuppliedParameters() {
	}

	static Call remove(JobDefinition definition, Call call) {
		int count = definition.method().getParameterCount();
		if (definition.parameters().size() == count || call.args().size() != count) {
			return call;
		}
		Parameter[] parameters = definition.method().getParameters();
		List<@Nullable Object> args = new ArrayList<>(count);
		for (int i = 0; i < count; i++) {
			if (isArgument(definition, parameters[i])) {
				args.add(call.args().get(i));
			}
		}
		return call.withArgs(args);
	}

	private static boolean isArgument(JobDefinition definition, Parameter parameter) {
		return definition.parameters().stream().anyMatch((argument) -> argument.declaration().equals(parameter));
	}

}
