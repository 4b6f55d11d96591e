package io.rq.docs;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The configuration metadata of everything on the class path, Spring Boot's included.
 *
 * @param properties the properties by name
 * @param hints the hints by the name of their property
 */
record Metadata(Map<String, JsonNode> properties, Map<String, JsonNode> hints) {

	static Metadata read() {
		Metadata metadata = new Metadata(new TreeMap<>(), new TreeMap<>());
		try {
			for (URL file : Collections
				.list(Metadata.class.getClassLoader().getResources("META-INF/spring-configuration-metadata.json"))) {
				try (InputStream content = file.openStream()) {
					JsonNode root = JsonMapper.shared().readTree(content);
					collect(root.path("properties"), metadata.properties);
					collect(root.path("hints"), metadata.hints);
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return metadata;
	}

	private static void collect(JsonNode entries, Map<String, JsonNode> target) {
		entries.forEach((entry) -> target.put(entry.path("name").asString(), entry));
	}

	String type(String name) {
		return this.properties.get(name).path("type").asString();
	}

}
