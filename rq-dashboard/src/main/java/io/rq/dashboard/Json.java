package io.rq.dashboard;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

import io.rq.operations.JobDetails;
import io.rq.serializer.PlainValues;

/**
 * The JSON of the dashboard, whatever the application's own looks like.
 */
final class Json {

	private static final JsonMapper PLAIN = JsonMapper.builder()
		.disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
		.disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS, DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
		.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
		.disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
		.enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
		.build();

	private static final JsonMapper INDENTED = PLAIN.rebuild().enable(SerializationFeature.INDENT_OUTPUT).build();

	/**
	 * Arguments come back when they are edited, and NaN as the text 'NaN' would be one.
	 */
	private static final JsonMapper ARGUMENTS = INDENTED.rebuild()
		.disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
		.build();

	private static final JsonMapper MAPPER = PLAIN.rebuild()
		.addModule(new SimpleModule().addSerializer(JobDetails.Values.class, new ValuesAsTexts()))
		.build();

	private Json() {
	}

	static byte[] bytes(Object value) {
		return MAPPER.writeValueAsBytes(value);
	}

	/**
	 * Reads an object.
	 * @throws IllegalArgumentException if it is none
	 */
	static JsonNode object(byte[] json) {
		if (json.length == 0) {
			return MAPPER.createObjectNode();
		}
		try {
			JsonNode node = MAPPER.readTree(json);
			if (node.isObject()) {
				return node;
			}
		}
		catch (JacksonException ex) {
			throw new IllegalArgumentException("The body is no JSON: " + ex.getOriginalMessage(), ex);
		}
		throw new IllegalArgumentException("The body must be a JSON object");
	}

	/** Returns the values in a list, {@code null} if there is no list. */
	static @Nullable List<@Nullable Object> list(JsonNode list) {
		return list.isArray()
				? PlainValues.exact(MAPPER.convertValue(list, new TypeReference<List<@Nullable Object>>() {
				})) : null;
	}

	/** Returns the values in an object, {@code null} if there is no object. */
	static @Nullable Map<String, @Nullable Object> map(JsonNode object) {
		return object.isObject()
				? PlainValues.exact(MAPPER.convertValue(object, new TypeReference<Map<String, @Nullable Object>>() {
				})) : null;
	}

	/** As texts, since JavaScript would round large numbers when it parses them. */
	private static final class ValuesAsTexts extends ValueSerializer<JobDetails.Values> {

		@Override
		public void serialize(JobDetails.Values values, JsonGenerator generator, SerializationContext context) {
			generator.writeStartObject();
			generator.writeStringProperty("arguments", ARGUMENTS.writeValueAsString(values.arguments()));
			generator.writeStringProperty("namedArguments", ARGUMENTS.writeValueAsString(values.namedArguments()));
			generator.writeStringProperty("meta", text(values.meta()));
			generator.writeStringProperty("result", text(values.result()));
			generator.writeEndObject();
		}

		private static String text(@Nullable Object value) {
			return INDENTED.writeValueAsString(value);
		}

	}

}
