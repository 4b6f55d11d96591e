package io.rq.annotation;

import java.lang.reflect.Method;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.util.ReflectionUtils;

import io.rq.job.JobDefinition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link RqJobDefinitions}.
 */
class RqJobDefinitionsTests {

	private final RqJobDefinitions definitions = new RqJobDefinitions();

	@BeforeEach
	void resolvePlaceholders() {
		this.definitions.setEmbeddedValueResolver((value) -> value.replace("${queue}", "mail"));
	}

	@Test
	void aBeansMethodIsKnownByNameAndByMethod() {
		JobDefinition definition = register("jobs", MailJobs.class);
		assertThat(this.definitions.find(MailJobs.class.getName() + ".send")).isSameAs(definition);
		assertThat(this.definitions.get(MailJobs.class, send(MailJobs.class))).isSameAs(definition);
	}

	@Test
	void anInterfaceOrSuperclassStandsForTheBeansMethod() {
		JobDefinition definition = register("jobs", MailJobs.class);
		assertThat(this.definitions.get(Sender.class, send(Sender.class))).isSameAs(definition);
		JobDefinition sub = register("sub", SubJobs.class);
		assertThat(sub.name()).isEqualTo(SubJobs.class.getName() + ".send");
		assertThat(this.definitions.get(SubJobs.class, send(MailJobs.class))).isSameAs(sub);
		assertThat(this.definitions.get(MailJobs.class, send(MailJobs.class))).isSameAs(definition);
	}

	@Test
	void anInterfaceOfSeveralBeansIsAmbiguous() {
		register("jobs", MailJobs.class);
		register("sub", SubJobs.class);
		assertThatIllegalArgumentException().isThrownBy(() -> this.definitions.get(Sender.class, send(Sender.class)))
			.withMessageContaining(MailJobs.class.getName() + ".send")
			.withMessageContaining(SubJobs.class.getName() + ".send");
	}

	@Test
	void aMethodOfAClassThatIsNoBeanHereIsKnownByItsAnnotation() {
		JobDefinition definition = this.definitions.get(SubJobs.class, send(MailJobs.class));
		assertThat(definition.name()).isEqualTo(SubJobs.class.getName() + ".send");
		assertThat(this.definitions.get(SubJobs.class, send(MailJobs.class))).isSameAs(definition);
		assertThat(this.definitions.find(definition.name())).isNull();
	}

	@Test
	void aBeanRegisteredLaterReplacesWhatWasKnownOfItsInterface() {
		String declared = this.definitions.get(Declared.class, send(Declared.class)).name();
		assertThat(declared).isEqualTo(Declared.class.getName() + ".send");
		JobDefinition definition = register("jobs", DeclaredJobs.class);
		assertThat(this.definitions.get(Declared.class, send(Declared.class))).isSameAs(definition);
	}

	@Test
	void aMethodWithoutAnnotationIsNoJob() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.definitions.get(Sender.class, send(Sender.class)))
			.withMessageContaining("Sender.send(long) is not a job: annotate it with @RqJob");
	}

	@Test
	void twoMethodsWithOneNameAreReported() {
		register("jobs", MailJobs.class);
		assertThatExceptionOfType(RqJobDefinitionException.class).isThrownBy(() -> register("again", MailJobs.class))
			.withMessageContaining("of bean 'again'")
			.withMessageContaining("is that of " + MailJobs.class.getName() + ".send(long) of bean 'jobs'");
	}

	@Test
	void placeholdersAreResolvedForOtherClassesToo() {
		assertThat(this.definitions.get(MailJobs.class, send(MailJobs.class)).queue()).isEqualTo("mail");
	}

	private JobDefinition register(String beanName, Class<?> type) {
		Method method = send(type);
		RqJob annotation = RqJobMethod.findAnnotation(method);
		assertThat(annotation).isNotNull();
		return this.definitions.register(new RqJobMethod(beanName, type, method, annotation));
	}

	private static Method send(Class<?> type) {
		Method method = ReflectionUtils.findMethod(type, "send", long.class);
		assertThat(method).isNotNull();
		return method;
	}

	interface Sender {

		void send(long id);

	}

	static class MailJobs implements Sender {

		@Override
		@RqJob(queue = "${queue}")
		public void send(long id) {
		}

	}

	static class SubJobs extends MailJobs {

		@Override
		public void send(long id) {
		}

	}

	interface Declared {

		@RqJob
		void send(long id);

	}

	static class DeclaredJobs implements Declared {

		@Override
		public void send(long id) {
		}

	}

}
