package io.rq.serializer;

import java.lang.reflect.Type;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Meta data of jobs by their names.
 */
public final class MetaData {

	private MetaData() {
	}

	/**
	 * Reads meta data.
	 * @param serializer reads the bytes
	 * @param bytes the serialized meta data, or {@code null} if there are none
	 * @return the meta data, to be changed at will
	 * @throws JobSerializationException if the bytes are none
	 */
	public static Map<String, @Nullable Object> read(JobSerializer serializer, byte @Nullable [] bytes) {
		Map<String, @Nullable Object> meta = new LinkedHashMap<>();
		if (bytes != null) {
			Object value = serializer.readValue(bytes, (Type) Map.class);
			if (!(value instanceof Map<?, ?> map)) {
				throw new JobSerializationException("The meta data of the job are no object", null);
			}
			map.forEach((name, item) -> meta.put(String.valueOf(name), item));
		}
		return meta;
	}

	/**
	 * Writes meta data.
	 * @param serializer writes the bytes
	 * @param meta the meta data
	 * @return the serialized meta data, or {@code null} if there are none
	 * @throws JobSerializationException if they cannot be written
	 */
	public static byte @Nullable [] write(JobSerializer serializer, Map<String, ? extends @Nullable Object> meta) {
		return meta.isEmpty() ? null : serializer.writeValue(meta);
	}

}
