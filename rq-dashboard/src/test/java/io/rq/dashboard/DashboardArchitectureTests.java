package io.rq.dashboard;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import com.jayway.jsonpath.JsonPath;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.core.io.ClassPathResource;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds the layout of this module.
 */
class DashboardArchitectureTests {

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.importPackages("io.rq.dashboard");

	@Test
	void springSecurityIsKnownToWhatIsNamedAfterItOnly() {
		noClasses().that()
			.haveNameNotMatching(".*\\.Security.*")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("org.springframework.security..")
			.check(CLASSES);
	}

	@Test
	void webServersAreKnownToWhatIsNamedAfterThemOnly() {
		noClasses().that()
			.haveNameNotMatching(".*\\.(\\w*(Servlet|Reactive)|DashboardManagementConfiguration).*")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("jakarta.servlet..", "org.springframework.web..", "reactor..")
			.check(CLASSES);
	}

	@Test
	void nothingIsDoneToRedisButThroughOperations() {
		noClasses().should()
			.dependOnClassesThat(JavaClass.Predicates.resideInAnyPackage("io.rq.redis..", "io.rq.template..",
					"io.rq.worker..", "org.springframework.data.redis.."))
			.check(CLASSES);
	}

	@Test
	void whatComesFromElsewhereIsLoggedWithoutHarm() {
		noClasses().should().dependOnClassesThat().haveFullyQualifiedName("org.slf4j.Logger").check(CLASSES);
	}

	@Test
	void everyPropertyHasADescription() throws IOException {
		String metadata = new ClassPathResource("META-INF/spring-configuration-metadata.json",
				RqDashboardProperties.class.getClassLoader())
			.getContentAsString(StandardCharsets.UTF_8);
		assertThat(JsonPath.<List<String>>read(metadata, "$.properties[*].name")).hasSize(3);
		assertThat(JsonPath.<List<String>>read(metadata, "$.properties[*].description")).hasSize(3)
			.noneMatch((description) -> description.isBlank() || description.startsWith("The "));
	}

	@Test
	void onlyConfigurationIsPublic() {
		classes().that()
			.areAnnotatedWith(AutoConfiguration.class)
			.should()
			.bePublic()
			.andShould()
			.haveModifier(JavaModifier.FINAL)
			.check(CLASSES);
		noClasses().that()
			.areTopLevelClasses()
			.and()
			.haveSimpleNameNotStartingWith("RqDashboard")
			.should()
			.bePublic()
			.check(CLASSES);
	}

}
