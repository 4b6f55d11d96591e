package io.rq.serializer;

import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

import io.rq.job.InvalidJobException;
import io.rq.job.JobParameter;

/**
 * Binds the arguments of one call: by position, then by name, then what is missing.
 */
final class CallBinder {

	private final CallParser parser;

	private final String function;

	private final List<JobParameter> parameters;

	private final @Nullable Object[] values;

	private final boolean[] given;

	CallBinder(CallParser parser, String function, List<JobParameter> parameters) {
		this.parser = parser;
		this.function = function;
		this.parameters = parameters;
		this.values = new @Nullable Object[parameters.size()];
		this.given = new boolean[parameters.size()];
	}

	@Nullable Object[] bind(byte[] data, JacksonCall.Layout layout) {
		if (layout.argsCount() > this.values.length) {
			throw new InvalidJobException("'" + this.function + "' takes " + this.values.length
					+ " arguments but the job has " + layout.argsCount() + " positional ones");
		}
		if (layout.argsCount() > 0) {
			bindPositional(data, layout);
		}
		if (layout.kwargs()) {
			bindNamed(data, layout);
		}
		bindMissing(layout.argsCount());
		return this.values;
	}

	private void bindPositional(byte[] data, JacksonCall.Layout layout) {
		try (JsonParser json = this.parser.parserAt(data, layout.argsOffset())) {
			for (int i = 0; i < layout.argsCount(); i++) {
				json.nextToken();
				read(i, json);
			}
		}
	}

	private void bindNamed(byte[] data, JacksonCall.Layout layout) {
		try (JsonParser json = this.parser.parserAt(data, layout.kwargsOffset())) {
			while (json.nextToken() == JsonToken.PROPERTY_NAME) {
				int index = find(json.currentName());
				json.nextToken();
				read(index, json);
			}
		}
	}

	private int find(String name) {
		for (int i = 0; i < this.values.length; i++) {
			JobParameter parameter = this.parameters.get(i);
			if (!parameter.declaration().isNamePresent()) {
				throw new InvalidJobException("'" + this.function + "' cannot take the argument '" + name
						+ "' by name: compile its class with the option -parameters, or pass arguments by position");
			}
			if (parameter.name().equals(name)) {
				return requireNew(i, name);
			}
		}
		throw new InvalidJobException("'" + this.function + "' has no parameter '" + name + "'; it has "
				+ this.parameters.stream().map(JobParameter::name).toList());
	}

	private int requireNew(int index, String name) {
		if (this.given[index]) {
			throw new InvalidJobException("'" + this.function + "' got several values for its parameter '" + name
					+ "' (position " + (index + 1) + "): pass it by position or by name");
		}
		return index;
	}

	private void read(int index, JsonParser json) {
		this.given[index] = true;
		this.values[index] = this.parser.reader(this.parameters.get(index)).read(json, this.function, index);
	}

	private void bindMissing(int from) {
		for (int i = from; i < this.values.length; i++) {
			if (!this.given[i]) {
				this.values[i] = this.parser.reader(this.parameters.get(i)).missing(this.function, i);
			}
		}
	}

}
