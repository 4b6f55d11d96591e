package io.rq.test;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

/**
 * Holds the layout of this module: which of its packages may use which.
 */
class RqTestArchitectureTests {

	private static final String ROOT = "io.rq.test";

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.importPackages(ROOT);

	/** A package and those of this module that it may use, besides the root. */
	private static final Map<String, List<String>> ROOMS = new LinkedHashMap<>();

	static {
		ROOMS.put("run", List.of());
		ROOMS.put("recording", List.of("run"));
		ROOMS.put("redis", List.of("run"));
		ROOMS.put("autoconfigure", List.of("run", "recording", "redis"));
	}

	static Stream<Arguments> rooms() {
		return ROOMS.entrySet().stream().map((room) -> Arguments.of(room.getKey(), room.getValue()));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("rooms")
	void packageUsesOnlyWhatItsRowNames(String room, List<String> allowed) {
		String[] permitted = Stream
			.concat(Stream.of(ROOT, ROOT + "." + room), allowed.stream().map((other) -> ROOT + "." + other))
			.toArray(String[]::new);
		noClasses().that()
			.resideInAPackage(ROOT + "." + room)
			.should()
			.dependOnClassesThat(JavaClass.Predicates.resideInAPackage(ROOT + "..")
				.and(JavaClass.Predicates.resideOutsideOfPackages(permitted)))
			.check(CLASSES);
	}

	@Test
	void everyPackageHasARow() {
		String[] known = Stream.concat(Stream.of(ROOT), ROOMS.keySet().stream().map((room) -> ROOT + "." + room))
			.toArray(String[]::new);
		classes().should().resideInAnyPackage(known).check(CLASSES);
	}

	@Test
	void whatUsersWriteNamesNothingOfTheRest() {
		noClasses().that()
			.resideInAPackage(ROOT)
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage(ROOMS.keySet().stream().map((room) -> ROOT + "." + room).toArray(String[]::new))
			.check(CLASSES);
	}

}
