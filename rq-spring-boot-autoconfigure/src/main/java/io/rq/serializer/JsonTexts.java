package io.rq.serializer;

import java.util.LinkedHashMap;
import java.util.Map;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads what RQ writes as JSON whatever the serializer of its jobs is: objects of texts.
 */
public final class JsonTexts {

	private static final JsonMapper MAPPER = JsonMapper.shared();

	private static final int LONGEST = 10_000;

	private JsonTexts() {
	}

	/**
	 * Reads the texts in an object.
	 * @param json the object
	 * @return those of its values that are texts, by their names
	 * @throws IllegalArgumentException if it is no JSON object or is too long to be one
	 * of RQ's
	 */
	public static Map<String, String> read(String json) {
		if (json.length() > LONGEST) {
			throw new IllegalArgumentException("it has " + json.length() + " characters");
		}
		JsonNode object = parse(json);
		if (!object.isObject()) {
			throw new IllegalArgumentException("it is no JSON object");
		}
		Map<String, String> texts = new LinkedHashMap<>();
		object.properties().forEach((property) -> {
			if (property.getValue().isString()) {
				texts.put(property.getKey(), property.getValue().stringValue());
			}
		});
		return texts;
	}

	private static JsonNode parse(String json) {
		try {
			return MAPPER.readTree(json);
		}
		catch (JacksonException ex) {
			throw new IllegalArgumentException("it is no JSON", ex);
		}
	}

}
