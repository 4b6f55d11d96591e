package io.rq.outbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import com.jayway.jsonpath.JsonPath;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.core.io.ClassPathResource;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.CanBeAnnotated.Predicates.annotatedWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds the layout of this module: the outbox and its wiring, of which only the wiring
 * knows Spring Boot, and what they use of ours.
 */
class OutboxArchitectureTests {

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.importPackages("io.rq.outbox");

	@Test
	void theOutboxUsesThePortAndTheJobsOnly() {
		noClasses().that()
			.resideInAPackage("io.rq.outbox")
			.should()
			.dependOnClassesThat(resideInAPackage("io.rq..").and(JavaClass.Predicates
				.resideOutsideOfPackages("io.rq.outbox", "io.rq.job", "io.rq.template", "io.rq.log")))
			.orShould()
			.dependOnClassesThat(
					resideInAnyPackage("org.springframework.boot..", "com.github.kagkarlsson.scheduler.boot.."))
			.check(CLASSES);
	}

	@Test
	void whatNobodyElseNeedsIsHidden() {
		classes().that()
			.resideInAPackage("io.rq.outbox.autoconfigure")
			.and()
			.areNotAnnotatedWith(AutoConfiguration.class)
			.and()
			.doNotHaveSimpleName("OutboxProperties")
			.should()
			.notBePublic()
			.check(CLASSES);
	}

	@Test
	void theAutoConfigurationIsListed() throws IOException {
		assertThat(text("META-INF/spring/org.springframework.boot.autoconfigure.AutoConfiguration.imports").lines())
			.containsExactlyElementsOf(
					CLASSES.that(annotatedWith(AutoConfiguration.class)).stream().map(JavaClass::getName).toList());
	}

	@Test
	void everyPropertyHasADescription() throws IOException {
		String metadata = text("META-INF/spring-configuration-metadata.json");
		List<String> names = JsonPath.read(metadata, "$.properties[*].name");
		assertThat(names).contains("rq.outbox.enabled", "rq.outbox.marker-ttl", "rq.outbox.initialize-schema");
		assertThat(JsonPath.<List<String>>read(metadata, "$.properties[*].description")).hasSameSizeAs(names)
			.noneMatch((description) -> description.isBlank() || description.startsWith("The "));
	}

	private static String text(String name) throws IOException {
		return new ClassPathResource(name, DbSchedulerOutbox.class.getClassLoader())
			.getContentAsString(StandardCharsets.UTF_8);
	}

}
