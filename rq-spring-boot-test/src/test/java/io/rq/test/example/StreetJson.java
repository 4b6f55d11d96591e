package io.rq.test.example;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;

import org.springframework.boot.jackson.JacksonComponent;

/**
 * Streets in JSON.
 */
@JacksonComponent
class StreetJson {

	static class Writer extends ValueSerializer<Street> {

		@Override
		public void serialize(Street street, JsonGenerator json, SerializationContext context) {
			json.writeString(street.toString());
		}

	}

	static class Reader extends ValueDeserializer<Street> {

		@Override
		public Street deserialize(JsonParser json, DeserializationContext context) {
			return Street.named(json.getString());
		}

	}

}
