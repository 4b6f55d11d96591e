package io.rq.serializer;

import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;

import io.rq.job.InvalidJobException;
import io.rq.job.JobParameter;

/**
 * The pickles of RQ's {@code DefaultSerializer}, as far as they are of plain values. What
 * is said there goes through JSON, so that values are bound and written by its rules.
 */
final class PickleJobSerializer implements JobSerializer {

	private final JacksonJobSerializer json;

	private final long maxSize;

	PickleJobSerializer(JacksonJobSerializer json, long maxSize) {
		this.json = json;
		this.maxSize = maxSize;
	}

	@Override
	public byte[] writeCall(String function, List<? extends @Nullable Object> args,
			Map<String, ? extends @Nullable Object> kwargs) {
		return writeCall(function, List.of(), args, kwargs);
	}

	@Override
	public byte[] writeCall(String function, List<JobParameter> parameters, List<? extends @Nullable Object> args,
			Map<String, ? extends @Nullable Object> kwargs) {
		byte[] call = this.json.writeCall(function, parameters, args, kwargs);
		try (JsonParser parser = this.json.parser(call)) {
			return PickleWriter.call(parser);
		}
		catch (RuntimeException ex) {
			throw new JobSerializationException(
					"The arguments of '" + function + "' cannot be pickled: " + ex.getMessage(), ex);
		}
	}

	@Override
	public byte[] writeValue(@Nullable Object value) {
		return writeValue(value, Object.class);
	}

	@Override
	public byte[] writeValue(@Nullable Object value, Type type) {
		try (JsonParser parser = this.json.parser(this.json.writeValue(value, type))) {
			return PickleWriter.value(parser);
		}
		catch (JobSerializationException ex) {
			throw ex;
		}
		catch (RuntimeException ex) {
			throw new JobSerializationException(
					"A value of type " + Failures.typeName(value) + " cannot be pickled: " + ex.getMessage(), ex);
		}
	}

	@Override
	public SerializedCall readCall(byte[] data) {
		byte[] call;
		try {
			call = toJson(data);
		}
		catch (JobSerializationException ex) {
			throw new InvalidJobException("The job's data cannot be read: " + ex.getMessage());
		}
		return this.json.readCall(call);
	}

	@Override
	public @Nullable Object readValue(byte[] value, Type type) {
		byte[] json;
		try {
			json = toJson(value);
		}
		catch (JobSerializationException ex) {
			throw new JobSerializationException(
					"A value cannot be read as " + type.getTypeName() + ": " + ex.getMessage(), null);
		}
		return this.json.readValue(json, type);
	}

	private byte[] toJson(byte[] bytes) {
		if (bytes.length > 0 && "[{\"".indexOf(bytes[0]) >= 0) {
			throw new JobSerializationException("it is JSON and no pickle; set 'rq.serializer' to 'auto', which reads "
					+ "both, or have every process that shares the queue write pickles", null);
		}
		return PickleJson.of(bytes, this.maxSize);
	}

}
