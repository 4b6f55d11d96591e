package io.rq.serializer;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

import io.rq.job.JobParameter;

/**
 * Writes one call as RQ's tuple and knows which argument it was at when one fails.
 */
final class CallWriter {

	private final String function;

	private final List<JobParameter> parameters;

	private final DeclaredWriters writers;

	private int position;

	private @Nullable String name;

	private @Nullable Object value;

	CallWriter(String function, List<JobParameter> parameters, DeclaredWriters writers) {
		this.function = function;
		this.parameters = parameters;
		this.writers = writers;
	}

	void write(JsonGenerator generator, List<? extends @Nullable Object> args,
			Map<String, ? extends @Nullable Object> kwargs) {
		generator.writeStartArray();
		generator.writeString(this.function);
		generator.writeNull();
		generator.writeStartArray();
		for (Object arg : args) {
			JobParameter parameter = (this.position < this.parameters.size()) ? this.parameters.get(this.position)
					: null;
			this.position++;
			write(generator, parameter, arg);
		}
		generator.writeEndArray();
		writeKwargs(generator, kwargs);
		generator.writeEndArray();
	}

	private void writeKwargs(JsonGenerator generator, Map<String, ? extends @Nullable Object> kwargs) {
		generator.writeStartObject();
		for (Map.Entry<String, ? extends @Nullable Object> entry : kwargs.entrySet()) {
			this.name = entry.getKey();
			generator.writeName(entry.getKey());
			write(generator, parameter(entry.getKey()), entry.getValue());
		}
		generator.writeEndObject();
	}

	private @Nullable JobParameter parameter(String name) {
		for (JobParameter parameter : this.parameters) {
			if (parameter.name().equals(name)) {
				return parameter;
			}
		}
		return null;
	}

	private void write(JsonGenerator generator, @Nullable JobParameter parameter, @Nullable Object arg) {
		this.value = arg;
		if (parameter != null && JsonShape.of(parameter.rawType()) == JsonShape.ANY) {
			this.writers.writer(parameter.type()).write(generator, arg);
		}
		else {
			generator.writePOJO(arg);
		}
	}

	JobSerializationException failure(RuntimeException cause) {
		String argument = (this.name != null) ? "'" + this.name + "'" : String.valueOf(this.position);
		return new JobSerializationException("Argument " + argument + " of '" + this.function + "', of type "
				+ Failures.typeName(this.value) + ", cannot be written as JSON: " + Failures.reason(cause), cause);
	}

}
