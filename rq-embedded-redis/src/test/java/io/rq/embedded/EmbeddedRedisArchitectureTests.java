package io.rq.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import com.jayway.jsonpath.JsonPath;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.properties.CanBeAnnotated;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.core.io.ClassPathResource;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds the layout of this module: one package that uses nothing else of ours.
 */
class EmbeddedRedisArchitectureTests {

	private static final String PACKAGE = "io.rq.embedded";

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.importPackages("io.rq");

	@Test
	void everythingIsInOnePackageThatIsNullMarked() {
		classes().should().resideInAPackage(PACKAGE).check(CLASSES);
		assertThat(CLASSES.get(EmbeddedRedisServer.class).getPackage().tryGetPackageInfo())
			.hasValueSatisfying((info) -> assertThat(info.isAnnotatedWith(NullMarked.class)).isTrue());
	}

	@Test
	void nothingElseOfOursIsUsed() {
		noClasses().should()
			.dependOnClassesThat(JavaClass.Predicates.resideInAPackage("io.rq..")
				.and(JavaClass.Predicates.resideOutsideOfPackage(PACKAGE)))
			.check(CLASSES);
	}

	@Test
	void autoConfigurationsArePublicFinalShowNothingAndAreListed() throws IOException {
		classes().that()
			.areAnnotatedWith(AutoConfiguration.class)
			.should()
			.bePublic()
			.andShould()
			.haveModifier(JavaModifier.FINAL)
			.check(CLASSES);
		methods().that()
			.areDeclaredInClassesThat()
			.areAnnotatedWith(AutoConfiguration.class)
			.should()
			.notBePublic()
			.check(CLASSES);
		List<String> listed = new ClassPathResource(
				"META-INF/spring/org.springframework.boot.autoconfigure.AutoConfiguration.imports",
				EmbeddedRedisServer.class.getClassLoader())
			.getContentAsString(StandardCharsets.UTF_8)
			.lines()
			.toList();
		assertThat(listed)
			.containsExactlyElementsOf(CLASSES.that(CanBeAnnotated.Predicates.annotatedWith(AutoConfiguration.class))
				.stream()
				.map(JavaClass::getName)
				.toList());
	}

	@Test
	void fieldsOfLoggersArePrivate() {
		fields().that().haveRawType("org.slf4j.Logger").should().bePrivate().check(CLASSES);
	}

	@Test
	void everyPropertyHasADescription() throws IOException {
		String metadata = new ClassPathResource("META-INF/spring-configuration-metadata.json",
				EmbeddedRedisServer.class.getClassLoader())
			.getContentAsString(StandardCharsets.UTF_8);
		assertThat(JsonPath.<List<String>>read(metadata, "$.properties[*].name")).hasSize(4);
		assertThat(JsonPath.<List<String>>read(metadata, "$.properties[*].description")).hasSize(4)
			.noneMatch((description) -> description.isBlank() || description.startsWith("The "));
	}

}
