package io.rq.serializer;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * Writes one call as RQ's tuple and knows which argument it was at when one fails.
 */
final class CallWriter {

	private final String function;

	private int position;

	private @Nullable String name;

	private @Nullable Object value;

	CallWriter(String function) {
		this.function = function;
	}

	void write(JsonGenerator generator, List<? extends @Nullable Object> args,
			Map<String, ? extends @Nullable Object> kwargs) {
		generator.writeStartArray();
		generator.writeString(this.function);
		generator.writeNull();
		generator.writeStartArray();
		for (Object arg : args) {
			this.position++;
			write(generator, arg);
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
			write(generator, entry.getValue());
		}
		generator.writeEndObject();
	}

	private void write(JsonGenerator generator, @Nullable Object arg) {
		this.value = arg;
		generator.writePOJO(arg);
	}

	JobSerializationException failure(RuntimeException cause) {
		String argument = (this.name != null) ? "'" + this.name + "'" : String.valueOf(this.position);
		return new JobSerializationException("Argument " + argument + " of '" + this.function + "', of type "
				+ Failures.typeName(this.value) + ", cannot be written as JSON: " + cause.getMessage(), cause);
	}

}
