package io.rq.serializer;

import java.lang.reflect.Type;
import java.util.Map;

import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.ConcurrentReferenceHashMap;

/**
 * The writers of the types that were declared so far.
 */
final class DeclaredWriters {

	private final JsonMapper mapper;

	private final Map<Type, DeclaredWriter> writers = new ConcurrentReferenceHashMap<>();

	DeclaredWriters(JsonMapper mapper) {
		this.mapper = mapper;
	}

	DeclaredWriter writer(Type type) {
		DeclaredWriter writer = this.writers.get(type);
		if (writer == null) {
			writer = new DeclaredWriter(this.mapper, this.mapper.constructType(type));
			this.writers.put(type, writer);
		}
		return writer;
	}

}
