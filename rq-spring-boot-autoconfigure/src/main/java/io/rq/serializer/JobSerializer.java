package io.rq.serializer;

import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.rq.job.JobParameter;

/**
 * Turns calls, meta data and results into bytes and back. An application may declare its
 * own as a bean; every process that shares a queue must use a compatible one (protocol
 * §15). Called from many threads.
 */
public interface JobSerializer {

	/**
	 * What RQ stores in place of a return value that cannot be serialized (protocol
	 * §7.1).
	 */
	String UNSERIALIZABLE_RETURN_VALUE = "Unserializable return value";

	/**
	 * Returns the serializer for the answers to a job, its result and its meta data, so
	 * that whoever enqueued it can read them.
	 * @param data the job's call, uncompressed
	 * @return a serializer, this one unless it reads several formats
	 */
	default JobSerializer answering(byte[] data) {
		return this;
	}

	/**
	 * Writes a function call as RQ's four-element tuple (protocol §2.1), uncompressed.
	 * @param function the function's name
	 * @param args the arguments by position
	 * @param kwargs the arguments by name
	 * @return the bytes
	 * @throws JobSerializationException if an argument cannot be written
	 */
	byte[] writeCall(String function, List<? extends @Nullable Object> args,
			Map<String, ? extends @Nullable Object> kwargs);

	/**
	 * Writes a call of a function whose parameters are known, each argument as the type
	 * of its parameter asks for, so that it can be read as that type.
	 * @param function the function's name
	 * @param parameters the parameters of the function
	 * @param args the arguments by position
	 * @param kwargs the arguments by name
	 * @return the bytes
	 * @throws JobSerializationException if an argument cannot be written
	 */
	default byte[] writeCall(String function, List<JobParameter> parameters, List<? extends @Nullable Object> args,
			Map<String, ? extends @Nullable Object> kwargs) {
		return writeCall(function, args, kwargs);
	}

	/**
	 * Reads a function call without binding its arguments yet.
	 * @param data the bytes, uncompressed
	 * @return the call
	 * @throws io.rq.job.InvalidJobException if the bytes are not such a call, for
	 * instance because a Python producer pickled them and this is a serializer for JSON
	 */
	SerializedCall readCall(byte[] data);

	/**
	 * Writes a value: a return value or meta data.
	 * @param value the value, or {@code null}
	 * @return the bytes
	 * @throws JobSerializationException if the value cannot be written
	 */
	byte[] writeValue(@Nullable Object value);

	/**
	 * Writes a value as its declared type asks for, so that it can be read as that type.
	 * @param value the value, or {@code null}
	 * @param type the declared type
	 * @return the bytes
	 * @throws JobSerializationException if the value cannot be written
	 */
	default byte[] writeValue(@Nullable Object value, Type type) {
		return writeValue(value);
	}

	/**
	 * Reads a value.
	 * @param value the bytes
	 * @param type the type to read; for generic types with their arguments
	 * @return the value, or {@code null}
	 * @throws JobSerializationException if the bytes do not fit the type
	 */
	@Nullable Object readValue(byte[] value, Type type);

}
