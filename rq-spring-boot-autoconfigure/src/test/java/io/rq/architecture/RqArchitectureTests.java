package io.rq.architecture;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.properties.CanBeAnnotated;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ClassPathResource;

import io.rq.log.SafeLog;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds the layout: which package may use which, who may use which library, and how
 * configuration looks. The two tables at the top are the place to change the layout.
 */
class RqArchitectureTests {

	private static final String ROOT = "io.rq";

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.importPackages(ROOT);

	/** A package and those of ours that it may use, besides itself and the root. */
	private static final Map<String, List<String>> ROOMS = new LinkedHashMap<>();

	static {
		ROOMS.put("job", List.of());
		ROOMS.put("serializer", List.of("job"));
		ROOMS.put("log", List.of());
		ROOMS.put("lifecycle", List.of("log"));
		ROOMS.put("queue", List.of());
		ROOMS.put("redis.connection", List.of("lifecycle", "log"));
		ROOMS.put("redis", List.of("job", "queue", "lifecycle", "log", "redis.connection"));
		ROOMS.put("handler", List.of("job", "serializer", "queue"));
		ROOMS.put("interceptor", List.of("job", "serializer", "handler", "log"));
		ROOMS.put("webhook", List.of("job", "serializer", "redis", "handler"));
		ROOMS.put("worker", List.of("job", "serializer", "redis", "queue", "handler", "interceptor", "lifecycle", "log",
				"webhook"));
		ROOMS.put("scheduler", List.of("job", "redis", "lifecycle", "log"));
		ROOMS.put("cron", List.of("job", "redis", "lifecycle", "log", "scheduler"));
		ROOMS.put("template",
				List.of("job", "serializer", "redis", "queue", "handler", "interceptor", "lifecycle", "log"));
		ROOMS.put("explain", List.of("job", "serializer", "redis", "queue"));
		ROOMS.put("history", List.of("job", "queue", "redis", "handler", "lifecycle", "log", "scheduler"));
		ROOMS.put("annotation", List.of("job", "serializer", "handler", "cron", "log"));
		ROOMS.put("monitor", List.of("job", "queue", "redis", "handler", "worker", "scheduler"));
		ROOMS.put("doctor", List.of("serializer", "redis", "queue", "lifecycle", "log", "worker", "monitor"));
		ROOMS.put("operations", List.of("explain", "doctor", "history", "job", "queue", "redis", "lifecycle", "log",
				"worker", "scheduler", "cron", "template", "monitor", "webhook"));
		ROOMS.put("observation", List.of("job", "handler", "interceptor", "log"));
		ROOMS.put("security", List.of("job", "handler", "interceptor", "log"));
		ROOMS.put("modulith", List.of("job", "template"));
		ROOMS.put("event", List.of("job", "queue", "handler", "lifecycle", "log", "scheduler"));
		// the meters of the scheduler come from its listener, as those of the worker do
		ROOMS.put("metrics", List.of("job", "queue", "monitor", "handler", "worker", "scheduler", "cron", "history"));
		ROOMS.put("health", List.of("queue", "monitor", "worker", "scheduler"));
		ROOMS.put("actuate.info", List.of("handler", "monitor", "worker"));
		ROOMS.put("actuate.endpoint", List.of("serializer", "history", "queue", "operations", "log"));
	}

	/** Packages of libraries and the only ones of ours that may use them. */
	private static final Map<String, List<String>> LIBRARIES = new LinkedHashMap<>();

	static {
		LIBRARIES.put("org.springframework.data..", List.of("redis..", "autoconfigure.."));
		LIBRARIES.put("io.lettuce..", List.of("redis..", "autoconfigure.ssl.."));
		LIBRARIES.put("tools.jackson..", List.of("serializer..", "autoconfigure.."));
		LIBRARIES.put("io.micrometer.core..", List.of("metrics..", "autoconfigure.metrics.."));
		LIBRARIES.put("io.micrometer.observation..", List.of("observation..", "autoconfigure.observation.."));
		LIBRARIES.put("io.micrometer.tracing..", List.of("observation..", "autoconfigure.observation.."));
		LIBRARIES.put("org.springframework.security..", List.of("security..", "autoconfigure.security.."));
		LIBRARIES.put("org.springframework.modulith..", List.of("modulith..", "autoconfigure.modulith.."));
		LIBRARIES.put("org.springframework.boot..", List.of("health..", "actuate..", "autoconfigure.."));
		LIBRARIES.put("org.apache.hc..", List.of("webhook.."));
		LIBRARIES.put("org.springframework.web..", List.of());
		LIBRARIES.put("org.springframework.http..", List.of());
		LIBRARIES.put("jakarta.servlet..", List.of());
		LIBRARIES.put("com.fasterxml.jackson.databind..", List.of());
	}

	static Stream<Arguments> rooms() {
		return ROOMS.entrySet().stream().map((room) -> Arguments.of(room.getKey(), room.getValue()));
	}

	static Stream<Arguments> libraries() {
		return LIBRARIES.entrySet().stream().map((library) -> Arguments.of(library.getKey(), library.getValue()));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("rooms")
	void packageUsesOnlyWhatItsRowNames(String room, List<String> allowed) {
		String[] permitted = Stream
			.concat(Stream.of(ROOT, inRoot(room)), allowed.stream().map(RqArchitectureTests::inRoot))
			.toArray(String[]::new);
		check(noClasses().that()
			.resideInAPackage(inRoot(room))
			.should()
			.dependOnClassesThat(resideInAPackage(ROOT + "..").and(not(resideInAnyPackage(permitted)))));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("rooms")
	void packageUsesAllThatItsRowNames(String room, List<String> allowed) {
		assertThat(allowed.stream().filter((target) -> uses(inRoot(room), inRoot(target))))
			.as("what '%s' uses of what its row names", room)
			.containsExactlyElementsOf(allowed);
	}

	@Test
	void everyRowIsOfAPackage() {
		assertThat(ROOMS.keySet())
			.allSatisfy((room) -> assertThat(CLASSES.that(resideInAPackage(inRoot(room)))).isNotEmpty());
	}

	@Test
	void everyPackageHasARow() {
		String[] known = Stream
			.concat(Stream.of(ROOT, inRoot("autoconfigure")), ROOMS.keySet().stream().map(RqArchitectureTests::inRoot))
			.toArray(String[]::new);
		check(classes().should().resideInAnyPackage(known));
	}

	@Test
	void rootUsesNothingOfOurs() {
		check(noClasses().that()
			.resideInAPackage(ROOT)
			.should()
			.dependOnClassesThat(resideInAPackage(ROOT + "..").and(not(resideInAPackage(ROOT)))));
	}

	@Test
	void nobodyUsesTheWiring() {
		check(noClasses().that()
			.resideOutsideOfPackage(inRoot("autoconfigure"))
			.should()
			.dependOnClassesThat()
			.resideInAPackage(inRoot("autoconfigure")));
	}

	@Test
	void packagesAreFreeOfCycles() {
		check(slices().matching(ROOT + ".(**)").should().beFreeOfCycles());
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("libraries")
	void libraryIsUsedOnlyWhereItsRowSays(String library, List<String> users) {
		String[] permitted = users.stream().map((user) -> ROOT + "." + user).toArray(String[]::new);
		check(noClasses().that(resideOutsideOfPackages(permitted))
			.should()
			.dependOnClassesThat()
			.resideInAPackage(library));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("libraries")
	void libraryIsUsedByAllThatItsRowNames(String library, List<String> users) {
		assertThat(users.stream().filter((user) -> uses(ROOT + "." + user, library)))
			.as("who uses %s of those its row names", library)
			.containsExactlyElementsOf(users);
	}

	@Test
	void autoConfigurationsArePublicFinalAndShowNothing() {
		check(classes().that()
			.areAnnotatedWith(AutoConfiguration.class)
			.should()
			.bePublic()
			.andShould()
			.haveModifier(JavaModifier.FINAL));
		check(noMethods().that()
			.areDeclaredInClassesThat()
			.areAnnotatedWith(AutoConfiguration.class)
			.should()
			.bePublic());
		check(noFields().that()
			.areDeclaredInClassesThat()
			.areAnnotatedWith(AutoConfiguration.class)
			.should()
			.bePublic());
	}

	@Test
	void otherConfigurationsArePackagePrivateAndWithoutProxies() {
		check(classes().that()
			.areAnnotatedWith(Configuration.class)
			.should()
			.bePackagePrivate()
			.andShould()
			.beAnnotatedWith(DescribedPredicate.<JavaAnnotation<?>>describe("@Configuration(proxyBeanMethods = false)",
					(annotation) -> annotation.getRawType().isEquivalentTo(Configuration.class)
							&& Boolean.FALSE.equals(annotation.get("proxyBeanMethods").orElse(true)))));
	}

	@Test
	void postProcessorsComeFromStaticBeanMethods() {
		check(methods().that()
			.areAnnotatedWith(Bean.class)
			.and()
			.haveRawReturnType(assignableTo(BeanPostProcessor.class).or(assignableTo(BeanFactoryPostProcessor.class)))
			.should()
			.beStatic());
	}

	@Test
	void beanMethodsAreNotConditionalOnClasses() {
		check(noMethods().should().beAnnotatedWith(ConditionalOnClass.class));
	}

	@Test
	void beansAreNeitherScannedForNorInjectedIntoFields() {
		check(noClasses().should().beAnnotatedWith(ComponentScan.class));
		check(noFields().should().beAnnotatedWith(Autowired.class).orShould().beAnnotatedWith(Value.class));
		check(noMethods().should()
			.beAnnotatedWith("jakarta.annotation.PostConstruct")
			.orShould()
			.beAnnotatedWith(Value.class));
	}

	@Test
	void everyPackageIsNullMarked() {
		check(classes().should(beInANullMarkedPackage()));
	}

	@ParameterizedTest
	@ValueSource(strings = { "Impl", "Utils", "Util", "Helper", "Manager" })
	void noNameEndsIn(String suffix) {
		check(noClasses().should().haveSimpleNameEndingWith(suffix));
	}

	@ParameterizedTest
	@ValueSource(strings = { "common", "support", "util", "utils", "internal" })
	void noPackageIsNamed(String name) {
		check(noClasses().should().resideInAPackage(ROOT + ".." + name + ".."));
	}

	@Test
	void theTimeComesFromAClock() {
		check(noClasses().that()
			.resideOutsideOfPackage(inRoot("autoconfigure"))
			.should()
			.callMethod(Instant.class, "now")
			.orShould()
			.callMethod(System.class, "currentTimeMillis"));
	}

	/** What measures is told by whom, so that tests can move the time. */
	@ParameterizedTest
	@ValueSource(strings = { "worker", "scheduler", "cron" })
	void actorsMeasureWithATickerThatTheyAreGiven(String room) {
		check(noClasses().that().resideInAPackage(inRoot(room)).should().callMethod(System.class, "nanoTime"));
	}

	@Test
	void fieldsOfLogsArePrivate() {
		check(fields().that().haveRawType(SafeLog.class).should().bePrivate());
	}

	/** Names, ids and messages in logs come from elsewhere, and a log may throw. */
	@Test
	void everythingIsLoggedThroughTheSafeLog() {
		check(noClasses().that()
			.doNotHaveFullyQualifiedName(SafeLog.class.getName())
			.should()
			.dependOnClassesThat()
			.haveFullyQualifiedName("org.slf4j.Logger")
			.orShould()
			.dependOnClassesThat()
			.haveFullyQualifiedName("org.slf4j.LoggerFactory"));
	}

	@Test
	void onlySlf4jIsUsedForLogs() {
		check(noClasses().should().dependOnClassesThat().resideInAPackage("org.apache.commons.logging.."));
	}

	@Test
	void importsFileListsEveryAutoConfigurationAndNothingElse() throws IOException {
		ClassPathResource imports = new ClassPathResource(
				"META-INF/spring/org.springframework.boot.autoconfigure.AutoConfiguration.imports");
		List<String> listed = imports.exists()
				? imports.getContentAsString(StandardCharsets.UTF_8).lines().filter((line) -> !line.isBlank()).toList()
				: List.of();
		assertThat(listed).isSorted()
			.containsExactlyInAnyOrderElementsOf(
					CLASSES.that(annotatedWith(AutoConfiguration.class)).stream().map(JavaClass::getName).toList());
	}

	@Test
	void everyPropertyHasADescription() throws IOException {
		ClassPathResource metadata = new ClassPathResource("META-INF/spring-configuration-metadata.json",
				RqArchitectureTests.class.getClassLoader());
		assertThat(metadata.exists()).as("metadata has been generated").isTrue();
		JsonNode properties = JsonMapper.shared()
			.readTree(metadata.getContentAsString(StandardCharsets.UTF_8))
			.path("properties");
		assertThat(properties.size()).isPositive();
		TreeSet<String> bare = new TreeSet<>();
		TreeSet<String> illPhrased = new TreeSet<>();
		for (JsonNode property : properties) {
			String name = property.path("name").asString();
			String description = property.path("description").asString("");
			if (description.isBlank()) {
				bare.add(name);
			}
			boolean flag = property.path("type").asString("").equals("java.lang.Boolean");
			if (description.startsWith("The ") || flag && !description.startsWith("Whether")) {
				illPhrased.add(name);
			}
		}
		assertThat(bare).as("properties without a description").isEmpty();
		assertThat(illPhrased).as("descriptions begin with 'The', or say of a boolean not 'Whether'").isEmpty();
	}

	private static boolean uses(String user, String used) {
		return CLASSES.that(resideInAPackage(user))
			.stream()
			.flatMap((type) -> type.getDirectDependenciesFromSelf().stream())
			.anyMatch((dependency) -> resideInAPackage(used).test(dependency.getTargetClass()));
	}

	private static String inRoot(String room) {
		return ROOT + "." + room + "..";
	}

	private static void check(ArchRule rule) {
		rule.allowEmptyShould(true).check(CLASSES);
	}

	private static DescribedPredicate<CanBeAnnotated> annotatedWith(
			Class<? extends java.lang.annotation.Annotation> type) {
		return CanBeAnnotated.Predicates.annotatedWith(type);
	}

	private static ArchCondition<JavaClass> beInANullMarkedPackage() {
		return new ArchCondition<>("be in a @NullMarked package") {

			@Override
			public void check(JavaClass type, ConditionEvents events) {
				boolean marked = type.getPackage()
					.tryGetPackageInfo()
					.map((info) -> info.isAnnotatedWith(NullMarked.class))
					.orElse(false);
				events
					.add(new SimpleConditionEvent(type, marked, type.getPackageName() + " is @NullMarked: " + marked));
			}

		};
	}

}
