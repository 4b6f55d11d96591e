package io.rq.serializer;

import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.KeyDeserializer;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.module.SimpleModule;

/**
 * Keeps what stands in Redis from naming a class that is then loaded.
 */
final class NamedTypes {

	private static final String REASON = "a job cannot name a class";

	private NamedTypes() {
	}

	static JacksonModule refused() {
		return new SimpleModule("rq").addDeserializer(Class.class, new Refusal<>(Class.class))
			.addDeserializer(JavaType.class, new Refusal<>(JavaType.class))
			.addKeyDeserializer(Class.class, new KeyRefusal());
	}

	private static final class Refusal<T> extends StdDeserializer<T> {

		Refusal(Class<T> type) {
			super(type);
		}

		@Override
		public T deserialize(JsonParser json, DeserializationContext context) {
			return context.reportInputMismatch(this, REASON);
		}

	}

	private static final class KeyRefusal extends KeyDeserializer {

		@Override
		public Object deserializeKey(String key, DeserializationContext context) {
			return context.reportInputMismatch(Class.class, REASON);
		}

	}

}
