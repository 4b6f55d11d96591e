package io.rq.docs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.env.PropertiesPropertySourceLoader;
import org.springframework.boot.env.PropertySourceLoader;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.util.ClassUtils;

import io.rq.autoconfigure.RqProperties;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the properties in the documentation: they exist and their values fit.
 */
class DocumentedPropertiesTests {

	private static final Pattern MANIFEST = Pattern.compile("(?m)^(apiVersion|services):");

	private static final Pattern VARIABLE = Pattern.compile("\\b(RQ|SPRING|MANAGEMENT|SERVER)_[A-Z_0-9]+\\b");

	/** Known to the command line and to Python RQ. */
	private static final Set<String> OTHER_VARIABLES = Set.of("RQ_REDIS_URL");

	private static final Metadata METADATA = Metadata.read();

	static Stream<CodeBlock> ours() {
		return CodeBlock.in("yaml", "properties").stream().filter((block) -> !MANIFEST.matcher(block.code()).find());
	}

	static Stream<CodeBlock> manifests() {
		return CodeBlock.in("yaml").stream().filter((block) -> MANIFEST.matcher(block.code()).find());
	}

	@ParameterizedTest
	@MethodSource("ours")
	void propertiesExistAndTheirValuesFit(CodeBlock block) throws IOException {
		PropertySourceLoader loader = block.language().equals("yaml") ? new YamlPropertySourceLoader()
				: new PropertiesPropertySourceLoader();
		Iterable<ConfigurationPropertySource> sources = ConfigurationPropertySources
			.from(loader.load(block.page(), new ByteArrayResource(block.code().getBytes(StandardCharsets.UTF_8))));
		Binder binder = new Binder(sources);
		for (ConfigurationPropertySource source : sources) {
			assertThat((IterableConfigurationPropertySource) source).isNotEmpty()
				.allSatisfy((name) -> binder.bind(name, Bindable.of(type(name))));
		}
		binder.bindOrCreate("rq", Bindable.of(RqProperties.class));
	}

	/** A property of a list or a map is bound as one of its values. */
	private static Class<?> type(ConfigurationPropertyName name) {
		for (ConfigurationPropertyName known = name; !known.isEmpty(); known = known.getParent()) {
			String property = known.toString();
			if (METADATA.properties().containsKey(property)) {
				String type = METADATA.type(property);
				assertThat(known.equals(name) || type.contains("<")).as(name + " is known").isTrue();
				return type.contains("<") ? Object.class : ClassUtils.resolveClassName(type, null);
			}
		}
		throw new AssertionError("Unknown property " + name);
	}

	@ParameterizedTest
	@MethodSource("manifests")
	void manifestsAreYamlAndTheirVariablesAreProperties(CodeBlock block) {
		new Yaml().loadAll(block.code()).forEach((document) -> assertThat(document).isInstanceOf(Map.class));
		Set<String> known = METADATA.properties()
			.keySet()
			.stream()
			.map((name) -> name.toUpperCase(Locale.ROOT).replace("-", "").replace('.', '_'))
			.collect(Collectors.toSet());
		List<String> variables = VARIABLE.matcher(block.code())
			.results()
			.map((variable) -> variable.group())
			.filter((variable) -> !OTHER_VARIABLES.contains(variable))
			.toList();
		assertThat(known).containsAll(variables);
	}

}
