package io.rq.serializer;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

import io.rq.job.InvalidJobException;
import io.rq.job.JobParameter;

/**
 * Checks that bytes are RQ's tuple {@code [name, null, [args], {kwargs}]} and notes where
 * the arguments are. They are read when they are bound, straight into their types.
 */
final class CallParser {

	private final JsonMapper mapper;

	private final Map<JobParameter, ParameterReader> readers = new ConcurrentHashMap<>();

	CallParser(JsonMapper mapper) {
		this.mapper = mapper;
	}

	SerializedCall parse(byte[] data) {
		if (SerializerFormat.isPickle(data)) {
			throw new InvalidJobException("The job's data was pickled by a Python producer; "
					+ "set 'rq.serializer' to 'auto' or 'pickle' to read such jobs, "
					+ "or use JSONSerializer in every process that shares the queue");
		}
		try (JsonParser parser = this.mapper.createParser(data)) {
			return parse(data, parser);
		}
		catch (StreamConstraintsException ex) {
			throw invalid("goes beyond what is read of JSON: " + ex.getOriginalMessage());
		}
		catch (JacksonException ex) {
			throw invalid("is not valid JSON (" + data.length + " bytes)");
		}
	}

	private SerializedCall parse(byte[] data, JsonParser parser) {
		require(parser.nextToken(), JsonToken.START_ARRAY, "is");
		require(element(parser, 0), JsonToken.VALUE_STRING, "has for its function");
		String function = parser.getString();
		require(element(parser, 1), JsonToken.VALUE_NULL, "has for its instance, which only pickle can carry,");
		require(element(parser, 2), JsonToken.START_ARRAY, "has for its positional arguments");
		int argsOffset = offset(parser);
		int argsCount = count(parser);
		require(element(parser, 3), JsonToken.START_OBJECT, "has for its named arguments");
		int kwargsOffset = offset(parser);
		boolean kwargs = count(parser) > 0;
		if (parser.nextToken() != JsonToken.END_ARRAY) {
			throw invalid("has more than four elements");
		}
		if (parser.nextToken() != null) {
			throw invalid("has something after its array");
		}
		return new JacksonCall(this, data, function,
				new JacksonCall.Layout(argsOffset, argsCount, kwargsOffset, kwargs));
	}

	private @Nullable JsonToken element(JsonParser parser, int index) {
		JsonToken token = parser.nextToken();
		if (token == JsonToken.END_ARRAY) {
			throw invalid("has " + index + " of four elements");
		}
		return token;
	}

	private int count(JsonParser parser) {
		int count = 0;
		JsonToken token = parser.nextToken();
		while (token != JsonToken.END_ARRAY && token != JsonToken.END_OBJECT) {
			parser.skipChildren();
			count++;
			token = parser.nextToken();
		}
		return count;
	}

	private int offset(JsonParser parser) {
		long offset = parser.currentTokenLocation().getByteOffset();
		if (offset < 0) {
			throw invalid("is not encoded in UTF-8");
		}
		return (int) offset;
	}

	private void require(@Nullable JsonToken found, JsonToken expected, String what) {
		if (found != expected) {
			throw invalid(what + " " + Failures.kind(found) + " instead of " + Failures.kind(expected));
		}
	}

	private InvalidJobException invalid(String what) {
		return new InvalidJobException("The job's data " + what
				+ ". It must be [\"function\", null, [arguments], {named arguments}] as RQ's serializers write it");
	}

	JsonParser parserAt(byte[] data, int offset) {
		JsonParser parser = this.mapper.createParser(data, offset, data.length - offset);
		parser.nextToken();
		return parser;
	}

	ParameterReader reader(JobParameter parameter) {
		ParameterReader reader = this.readers.get(parameter);
		return (reader != null) ? reader
				: this.readers.computeIfAbsent(parameter, (key) -> ParameterReader.of(key, this.mapper));
	}

	Object plain(byte[] data, int offset, Class<?> type) {
		try (JsonParser parser = parserAt(data, offset)) {
			return ParameterReader.lenientReader(this.mapper, type).readValue(parser);
		}
	}

	/**
	 * The same with a {@code BigDecimal} where a {@code Double} would change a number.
	 */
	Object exact(byte[] data, int offset, Class<?> type) {
		if (this.mapper.isEnabled(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)) {
			return plain(data, offset, type);
		}
		try (JsonParser parser = parserAt(data, offset)) {
			return PlainValues.exact(ParameterReader.lenientReader(this.mapper, type)
				.with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
				.readValue(parser));
		}
	}

}
