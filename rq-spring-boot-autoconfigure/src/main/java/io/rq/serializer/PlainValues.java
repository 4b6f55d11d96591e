package io.rq.serializer;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Values read from JSON without a type: texts, numbers, booleans, lists and maps.
 */
public final class PlainValues {

	private static final JsonMapper MAPPER = JsonMapper.builder()
		.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
		.enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
		.build();

	private PlainValues() {
	}

	/**
	 * Reads a list of {@linkplain #exact exact} values.
	 * @param json a JSON array
	 * @return the list
	 * @throws IllegalArgumentException if it is something else
	 */
	public static List<@Nullable Object> list(String json) {
		return read(json, new TypeReference<>() {
		});
	}

	/**
	 * Reads a map of {@linkplain #exact exact} values.
	 * @param json a JSON object
	 * @return the map
	 * @throws IllegalArgumentException if it is something else
	 */
	public static Map<String, @Nullable Object> map(String json) {
		return read(json, new TypeReference<>() {
		});
	}

	private static <T> T read(String json, TypeReference<T> type) {
		try {
			T value = MAPPER.readValue(json, type);
			if (value != null) {
				return exact(value);
			}
		}
		catch (JacksonException ex) {
			throw new IllegalArgumentException("it is no such JSON", ex);
		}
		throw new IllegalArgumentException("it is null");
	}

	/**
	 * Makes values of those that were read with a {@code BigDecimal} for each number with
	 * a fraction, so that writing them again changes none: it becomes a {@code Double}
	 * where that is the same number with the same digits, and stays a {@code BigDecimal}
	 * else.
	 * @param value the value; lists and maps are changed
	 * @param <T> its type
	 * @return the value
	 */
	@SuppressWarnings("unchecked")
	public static <T extends @Nullable Object> T exact(T value) {
		if (value instanceof BigDecimal number) {
			return (T) exact(number);
		}
		if (value instanceof List<?> list) {
			((List<@Nullable Object>) list).replaceAll(PlainValues::exact);
		}
		else if (value instanceof Map<?, ?> map) {
			((Map<Object, @Nullable Object>) map).replaceAll((key, part) -> exact(part));
		}
		return value;
	}

	private static Number exact(BigDecimal number) {
		double nearest = number.doubleValue();
		if (Double.isFinite(nearest) && new BigDecimal(Double.toString(nearest)).equals(number)) {
			return nearest;
		}
		// without a fraction it would be written as a whole number
		return (number.scale() == 0) ? number.setScale(1) : number;
	}

}
