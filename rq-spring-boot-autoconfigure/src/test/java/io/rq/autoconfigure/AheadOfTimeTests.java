package io.rq.autoconfigure;

import java.util.List;

import org.junit.jupiter.api.Test;

import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.GeneratedFiles.Kind;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.javapoet.ClassName;

import io.rq.annotation.RqJob;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application processed ahead of time, as for {@code spring.aot.enabled} or a native
 * image. The sample is run so, by {@code .ci/run}.
 */
class AheadOfTimeTests {

	private final InMemoryGeneratedFiles files = new InMemoryGeneratedFiles();

	@Test
	void everythingOfRqIsGenerated() {
		RuntimeHints hints = process("rq.webhooks.enabled=true");
		assertThat(this.files.getGeneratedFiles(Kind.SOURCE).keySet()).contains(
				"io/rq/autoconfigure/RqAutoConfiguration__BeanDefinitions.java",
				"io/rq/autoconfigure/RqWorkerConfiguration__BeanDefinitions.java",
				"io/rq/autoconfigure/RqSchedulerConfiguration__BeanDefinitions.java",
				"io/rq/autoconfigure/RqWebhookConfiguration__BeanDefinitions.java");
		assertThat(RuntimeHintsPredicates.resource().forResource("io/rq/redis/claim.lua")).accepts(hints);
		assertThat(RuntimeHintsPredicates.reflection()
			.onMethodInvocation(Parcel.class.getRecordComponents()[0].getAccessor())).accepts(hints);
	}

	@Test
	void whatIsSwitchedOffIsNotGenerated() {
		process("rq.enabled=false");
		assertThat(this.files.getGeneratedFiles(Kind.SOURCE).keySet())
			.noneMatch((name) -> name.startsWith("io/rq/autoconfigure/Rq"));
	}

	private RuntimeHints process(String... properties) {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			TestPropertyValues.of(properties).applyTo(context);
			context.register(AutoConfigurations.getClasses(AutoConfigurations.of(DataRedisAutoConfiguration.class,
					JacksonAutoConfiguration.class, RqAutoConfiguration.class)));
			context.register(Jobs.class);
			DefaultGenerationContext generation = new DefaultGenerationContext(
					new ClassNameGenerator(ClassName.get(AheadOfTimeTests.class)), this.files);
			new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
			generation.writeGeneratedContent();
			return generation.getRuntimeHints();
		}
	}

	static class Jobs {

		@RqJob
		int send(List<Parcel> parcels) {
			return parcels.size();
		}

	}

	record Parcel(String receiver) {

	}

}
