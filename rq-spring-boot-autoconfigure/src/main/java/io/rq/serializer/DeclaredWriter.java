package io.rq.serializer;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes values by their declared type where their class alone does not tell enough: the
 * elements of a {@code List<Shape>} get the type information of {@code Shape}. Where no
 * type information is asked for, the class of the value decides, so that a subclass keeps
 * its properties. Made once per type and kept.
 */
final class DeclaredWriter {

	private final JsonMapper mapper;

	private final JavaType type;

	private final @Nullable ObjectWriter declared;

	private final Map<Class<?>, ObjectWriter> specialized = new ConcurrentHashMap<>();

	DeclaredWriter(JsonMapper mapper, JavaType type) {
		this.mapper = mapper;
		this.type = type;
		this.declared = decides(mapper, type) ? mapper.writerFor(type) : null;
	}

	private static boolean decides(JsonMapper mapper, JavaType type) {
		if (type.isPrimitive() || type.isJavaLangObject()) {
			return false;
		}
		return type.isContainerType() || type.isReferenceType()
				|| mapper._serializationContext().findTypeSerializer(type) != null;
	}

	void write(JsonGenerator generator, @Nullable Object value) {
		ObjectWriter writer = writer(value);
		if (writer != null) {
			writer.writeValue(generator, value);
		}
		else {
			generator.writePOJO(value);
		}
	}

	byte[] write(@Nullable Object value) {
		ObjectWriter writer = writer(value);
		return (writer != null) ? writer.writeValueAsBytes(value) : this.mapper.writeValueAsBytes(value);
	}

	private @Nullable ObjectWriter writer(@Nullable Object value) {
		if (value == null || !this.type.getRawClass().isInstance(value)) {
			return null;
		}
		if (this.declared != null || !this.type.hasGenericTypes()) {
			return this.declared;
		}
		return this.specialized.computeIfAbsent(value.getClass(), this::specialize);
	}

	private ObjectWriter specialize(Class<?> valueType) {
		return this.mapper.writerFor(this.mapper.getTypeFactory().constructSpecializedType(this.type, valueType, true));
	}

}
