package io.rq.serializer;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.Nullness;

import io.rq.job.InvalidJobException;
import io.rq.job.JobParameter;

/**
 * Reads the argument of one parameter. Made once per parameter and kept.
 */
final class ParameterReader {

	private static final Map<Class<?>, Object> EMPTY = Map.of(Optional.class, Optional.empty(), OptionalInt.class,
			OptionalInt.empty(), OptionalLong.class, OptionalLong.empty(), OptionalDouble.class,
			OptionalDouble.empty());

	private final JobParameter parameter;

	private final ObjectReader reader;

	private final JsonShape shape;

	private final @Nullable Object empty;

	private final boolean mayBeMissing;

	private ParameterReader(JobParameter parameter, ObjectReader reader) {
		this.parameter = parameter;
		this.reader = reader;
		this.shape = JsonShape.of(parameter.rawType());
		this.empty = EMPTY.get(parameter.rawType());
		this.mayBeMissing = this.empty != null || (!parameter.rawType().isPrimitive()
				&& Nullness.forParameter(parameter.declaration()) == Nullness.NULLABLE);
	}

	static ParameterReader of(JobParameter parameter, JsonMapper mapper) {
		return new ParameterReader(parameter, mapper.readerFor(mapper.constructType(parameter.type()))
			.without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS));
	}

	static ObjectReader lenientReader(JsonMapper mapper, Class<?> type) {
		return mapper.readerFor(type).without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
	}

	@Nullable Object read(JsonParser json, String function, int index) {
		JsonToken token = json.currentToken();
		if ((token == JsonToken.VALUE_NULL) ? this.parameter.rawType().isPrimitive() : !this.shape.accepts(token)) {
			throw failure(function, index, "the job has " + Failures.kind(token));
		}
		try {
			return this.reader.readValue(json);
		}
		catch (RuntimeException ex) {
			throw failure(function, index, "the job has " + Failures.kind(token) + ": " + Failures.reason(ex));
		}
	}

	@Nullable Object missing(String function, int index) {
		if (!this.mayBeMissing) {
			throw failure(function, index, "the job has no such argument");
		}
		return this.empty;
	}

	private InvalidJobException failure(String function, int index, String found) {
		return new InvalidJobException("Argument " + (index + 1) + " '" + this.parameter.name() + "' of '" + function
				+ "' must be " + this.parameter.type().getTypeName() + " but " + found);
	}

}
