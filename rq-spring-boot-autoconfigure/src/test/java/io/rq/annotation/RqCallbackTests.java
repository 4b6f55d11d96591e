package io.rq.annotation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.MapPropertySource;

import io.rq.handler.CallbackEvent;
import io.rq.handler.JobContext;
import io.rq.handler.JobHandlerRegistry;
import io.rq.handler.RunInfo;
import io.rq.handler.RunOutcome;
import io.rq.job.Job;
import io.rq.job.JobOptions;
import io.rq.job.JobPayload;
import io.rq.job.JobRun;
import io.rq.job.JobStatus;
import io.rq.job.JobTimes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link RqCallback} and {@link MethodCallbackHandler}.
 */
class RqCallbackTests {

	private static final Job JOB = new Job("a", "default", JobStatus.STARTED, JobOptions.NONE, JobTimes.createdAt(null),
			JobRun.NONE, new JobPayload(new byte[0], null));

	private final AnnotationConfigApplicationContext context = AnnotationContext.create();

	private final List<@Nullable Object> told = new ArrayList<>();

	@BeforeEach
	void register() {
		this.context.getEnvironment()
			.getPropertySources()
			.addFirst(new MapPropertySource("test", Map.of("callback", "by.property")));
	}

	@AfterEach
	void close() {
		this.context.close();
	}

	private void refresh(Object bean) {
		this.context.registerBean("bean", Object.class, () -> bean);
		this.context.refresh();
	}

	private static CallbackEvent event(RunOutcome outcome, @Nullable Object result, @Nullable Throwable failure) {
		return new CallbackEvent(new RunInfo(JOB, "f", "1", 1, "worker"), outcome, result, failure);
	}

	private void call(String name, CallbackEvent event) throws Exception {
		Objects.requireNonNull(this.context.getBean(JobHandlerRegistry.class).findCallback(name), name).handle(event);
	}

	@Test
	void parametersSayWhatACallbackGets() throws Exception {
		refresh(new Callbacks());
		CallbackEvent success = event(RunOutcome.FINISHED, 3, null);
		IllegalStateException failure = new IllegalStateException("oh");
		String all = Callbacks.class.getName() + ".all";
		call(all, success);
		call(all, event(RunOutcome.FAILED, null, failure));
		call("by.property", success);
		assertThat(this.told).isEqualTo(Arrays.asList(JOB, 3, null, JOB, null, failure, success));
	}

	@Test
	void aResultOfAnotherTypeIsTold() {
		refresh(new Callbacks());
		assertThatIllegalArgumentException().isThrownBy(() -> call("number", event(RunOutcome.FINISHED, "text", null)))
			.withMessageContaining("The job's result is a java.lang.String, but parameter");
		assertThatIllegalArgumentException().isThrownBy(() -> call("number", event(RunOutcome.FINISHED, null, null)))
			.withMessageContaining("The job's result is null");
	}

	@Test
	void whatACallbackThrowsIsThrownAlsoLater() {
		refresh(new Callbacks());
		assertThatIllegalArgumentException().isThrownBy(() -> call("later", event(RunOutcome.FINISHED, null, null)))
			.withMessage("later");
	}

	@Test
	void aMethodIsFoundByItsReferenceWhetherItsBeanIsHereOrNot() throws Exception {
		RqJobDefinitions definitions = new RqJobDefinitions();
		assertThat(definitions.callback(Callbacks.class,
				Callbacks.class.getDeclaredMethod("all", Job.class, Integer.class, Throwable.class)))
			.isEqualTo(Callbacks.class.getName() + ".all");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> definitions.callback(Callbacks.class, Callbacks.class.getDeclaredMethod("none")))
			.withMessageContaining("none() is no callback: annotate it with @RqCallback");
		refresh(new SpecialCallbacks());
		assertThat(this.context.getBean(RqJobDefinitions.class)
			.callback(Callbacks.class,
					Callbacks.class.getDeclaredMethod("all", Job.class, Integer.class, Throwable.class)))
			.isEqualTo(SpecialCallbacks.class.getName() + ".all");
	}

	@ParameterizedTest
	@ValueSource(classes = { WithContext.class, WithIoException.class, WithTwoResults.class, WithStatic.class,
			WithPrivate.class, WithDuplicate.class })
	void whatCannotBeACallbackEndsTheStart(Class<?> type) throws Exception {
		Object bean = type.getDeclaredConstructor().newInstance();
		assertThatExceptionOfType(RqJobDefinitionException.class).isThrownBy(() -> refresh(bean))
			.withMessageContaining("cannot be a callback: ")
			.satisfies((ex) -> assertThat(ex.getRemedy()).isNotBlank());
	}

	@Test
	void aNameThatCannotBeResolvedEndsTheStart() {
		assertThatExceptionOfType(RqJobDefinitionException.class).isThrownBy(() -> refresh(new WithMissingProperty()))
			.withMessage(
					"Method " + WithMissingProperty.class.getName() + ".call() of bean 'bean' cannot be a callback: "
							+ "name '${missing}' contains a placeholder that cannot be resolved. "
							+ "Define the property or give a default, as in ${name:default}.");
	}

	class Callbacks {

		@RqCallback
		void all(Job job, @Nullable Integer result, @Nullable Throwable failure) {
			RqCallbackTests.this.told.addAll(Arrays.asList(job, result, failure));
		}

		@RqCallback(name = "${callback}")
		void event(CallbackEvent event) {
			RqCallbackTests.this.told.add(event);
		}

		@RqCallback(name = "number")
		void number(int result) {
			RqCallbackTests.this.told.add(result);
		}

		@RqCallback(name = "later")
		CompletableFuture<Void> later() {
			return CompletableFuture.failedFuture(new IllegalArgumentException("later"));
		}

		void none() {
		}

	}

	class SpecialCallbacks extends Callbacks {

	}

	static class WithContext {

		@RqCallback
		void call(JobContext context) {
		}

	}

	static class WithIoException {

		@RqCallback
		void call(IOException failure) {
		}

	}

	static class WithTwoResults {

		@RqCallback
		void call(String a, String b) {
		}

	}

	static class WithStatic {

		@RqCallback
		static void call() {
		}

	}

	static class WithPrivate {

		@RqCallback
		private void call() {
		}

	}

	static class WithMissingProperty {

		@RqCallback(name = "${missing}")
		void call() {
		}

	}

	static class WithDuplicate {

		@RqCallback(name = "a")
		void one() {
		}

		@RqCallback(name = "a")
		void two() {
		}

	}

}
