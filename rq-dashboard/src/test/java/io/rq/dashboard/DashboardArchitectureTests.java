package io.rq.dashboard;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfiguration;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

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
