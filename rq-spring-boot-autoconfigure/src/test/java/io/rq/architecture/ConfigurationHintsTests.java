package io.rq.architecture;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.io.ClassPathResource;
import org.springframework.util.ClassUtils;

import io.rq.autoconfigure.RqProperties;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds the hints for values of properties against the properties.
 */
class ConfigurationHintsTests {

	private final JsonNode metadata = JsonMapper.shared()
		.readTree(new ClassPathResource("META-INF/spring-configuration-metadata.json",
				RqProperties.class.getClassLoader())
			.getContentAsString(StandardCharsets.UTF_8));

	ConfigurationHintsTests() throws IOException {
	}

	@Test
	void everyHintIsOfAProperty() {
		assertThat(hints()).isNotEmpty();
		assertThat(hints().keySet().stream().map((name) -> name.replaceAll("\\.keys$", "")))
			.isSubsetOf(types().keySet());
	}

	@Test
	void everyValueOfAnEnumOfOursIsExplained() throws Exception {
		Map<String, String> ofOurs = types();
		ofOurs.values().removeIf((type) -> !type.startsWith("io.rq."));
		assertThat(ofOurs).containsKeys("rq.serializer", "rq.worker.dequeue-strategy");
		for (Map.Entry<String, String> property : ofOurs.entrySet()) {
			Object[] constants = ClassUtils.forName(property.getValue(), null).getEnumConstants();
			assertThat(hints().get(property.getKey())
				.valueStream()
				.filter((value) -> !value.path("description").asString("").isBlank())
				.map((value) -> value.path("value").asString()))
				.as(property.getKey())
				.containsExactlyElementsOf(Stream.of(constants)
					.map((constant) -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-'))
					.toList());
		}
	}

	private Map<String, String> types() {
		Map<String, String> types = new TreeMap<>();
		this.metadata.path("properties")
			.forEach((property) -> types.put(property.path("name").asString(), property.path("type").asString()));
		return types;
	}

	private Map<String, JsonNode> hints() {
		Map<String, JsonNode> hints = new TreeMap<>();
		this.metadata.path("hints").forEach((hint) -> hints.put(hint.path("name").asString(), hint.path("values")));
		return hints;
	}

}
