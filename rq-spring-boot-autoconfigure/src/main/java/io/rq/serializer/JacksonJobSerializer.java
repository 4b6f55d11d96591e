package io.rq.serializer;

import java.io.ByteArrayOutputStream;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.Assert;

import io.rq.job.JobParameter;

/**
 * The JSON of RQ's {@code JSONSerializer}, written and read with the application's
 * {@link JsonMapper}.
 *
 * <p>
 * Modules, naming, inclusion and the tolerance for unknown properties are the mapper's.
 * What would lose data in silence is not: a floating-point number is not cut to an
 * integer, enum constants go by their names and neither by number nor by
 * {@code toString}, dates and times keep their zone and offset, and an object without any
 * property is refused. {@code NaN} and the infinities are written and read as Python
 * does. Types named by the payload (default typing, values of type {@code Class}) are
 * never used.
 */
public class JacksonJobSerializer implements JobSerializer {

	private static final int INITIAL_SIZE = 256;

	private final JsonMapper mapper;

	private final CallParser parser;

	private final DeclaredWriters writers;

	/**
	 * Creates a serializer.
	 * @param mapper the mapper to derive from; it is not changed
	 */
	public JacksonJobSerializer(JsonMapper mapper) {
		Assert.notNull(mapper, "'mapper' must not be null");
		this.mapper = derive(mapper);
		this.parser = new CallParser(this.mapper);
		this.writers = new DeclaredWriters(this.mapper);
	}

	private static JsonMapper derive(JsonMapper mapper) {
		return mapper.rebuild()
			.deactivateDefaultTyping()
			.disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT, DeserializationFeature.UNWRAP_ROOT_VALUE)
			.disable(SerializationFeature.WRAP_ROOT_VALUE)
			.enable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
			.enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
			.disable(EnumFeature.WRITE_ENUMS_USING_TO_STRING, EnumFeature.READ_ENUMS_USING_TO_STRING)
			.disable(DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
			.enable(DateTimeFeature.WRITE_DATES_WITH_ZONE_ID)
			.enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
			.disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
			.addModule(NamedTypes.refused())
			.build();
	}

	@Override
	public byte[] writeCall(String function, List<? extends @Nullable Object> args,
			Map<String, ? extends @Nullable Object> kwargs) {
		return write(function, List.of(), args, kwargs);
	}

	@Override
	public byte[] writeCall(String function, List<JobParameter> parameters, List<? extends @Nullable Object> args,
			Map<String, ? extends @Nullable Object> kwargs) {
		try {
			return write(function, parameters, args, kwargs);
		}
		catch (JobSerializationException ex) {
			// values of other types than the declared ones may yet become those when read
			return write(function, List.of(), args, kwargs);
		}
	}

	private byte[] write(String function, List<JobParameter> parameters, List<? extends @Nullable Object> args,
			Map<String, ? extends @Nullable Object> kwargs) {
		ByteArrayOutputStream out = new ByteArrayOutputStream(INITIAL_SIZE);
		CallWriter writer = new CallWriter(function, parameters, this.writers);
		try (JsonGenerator generator = this.mapper.createGenerator(out)) {
			writer.write(generator, args, kwargs);
		}
		catch (RuntimeException ex) {
			throw writer.failure(ex);
		}
		return out.toByteArray();
	}

	JsonParser parser(byte[] json) {
		return this.mapper.createParser(json);
	}

	@Override
	public SerializedCall readCall(byte[] data) {
		return this.parser.parse(data);
	}

	@Override
	public byte[] writeValue(@Nullable Object value) {
		return writeValue(value, Object.class);
	}

	@Override
	public byte[] writeValue(@Nullable Object value, Type type) {
		try {
			return writeDeclared(value, type);
		}
		catch (RuntimeException ex) {
			throw new JobSerializationException("A value of type " + Failures.typeName(value)
					+ " cannot be written as JSON: " + Failures.reason(ex), null);
		}
	}

	private byte[] writeDeclared(@Nullable Object value, Type type) {
		try {
			return this.writers.writer(type).write(value);
		}
		catch (RuntimeException ex) {
			return this.mapper.writeValueAsBytes(value);
		}
	}

	@Override
	public @Nullable Object readValue(byte[] value, Type type) {
		if (SerializerFormat.isPickle(value)) {
			throw new JobSerializationException("A value for " + type.getTypeName()
					+ " was pickled by a Python process; set 'rq.serializer' to 'auto' or 'pickle' to read it, "
					+ "or use JSONSerializer there", null);
		}
		try {
			return this.mapper.readerFor(this.mapper.constructType(type)).readValue(value);
		}
		catch (RuntimeException ex) {
			throw new JobSerializationException(
					"A value cannot be read as " + type.getTypeName() + ": " + Failures.reason(ex), null);
		}
	}

}
