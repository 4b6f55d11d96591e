package io.rq.template;

import java.util.Objects;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.rq.job.JobMethod;
import io.rq.job.JobRequest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link MethodReference}.
 */
class MethodReferenceTests {

	@Test
	void findsMethodsWithAndWithoutAResult() {
		assertThat(zero(Jobs::nothing)).isEqualTo(new MethodReference(Jobs.class, method(Jobs.class, "nothing")));
		assertThat(one(Jobs::send, 1L)).isEqualTo(new MethodReference(Jobs.class, method(Jobs.class, "send")));
	}

	@Test
	void findsMethodsThatThrowCheckedExceptions() {
		assertThat(zero(Jobs::fail).method()).isEqualTo(method(Jobs.class, "fail"));
	}

	@Test
	void findsPrivateMethodsAndMethodsOfPrivateClasses() {
		assertThat(zero(Jobs::hidden).method()).isEqualTo(method(Jobs.class, "hidden"));
		assertThat(zero(Hidden::run).method()).isEqualTo(method(Hidden.class, "run"));
	}

	@Test
	void namesTheTypeBeforeTheColonsForAnInheritedMethod() {
		assertThat(zero(SubJobs::nothing)).isEqualTo(new MethodReference(SubJobs.class, method(Jobs.class, "nothing")));
	}

	@Test
	void findsMethodsOfInterfaces() {
		assertThat(one(Sender::deliver, "a"))
			.isEqualTo(new MethodReference(Sender.class, method(Sender.class, "deliver")));
		assertThat(zero(Sender::ping)).isEqualTo(new MethodReference(Sender.class, method(Sender.class, "ping")));
		assertThat(one(AbstractSender::deliver, "a").method()).isEqualTo(method(Sender.class, "deliver"));
	}

	@Test
	void findsTheMethodBehindABridge() {
		assertThat(one(OrderJobs::handle, "order").method()).satisfies((method) -> {
			assertThat(method.isBridge()).isFalse();
			assertThat(method.getParameterTypes()).containsExactly(String.class);
		});
	}

	@Test
	void findsVarargsMethodsByTheirArray() {
		JobMethod.Of1<Jobs, String[]> reference = Jobs::many;
		assertThat(MethodReference.of(reference).method()).isEqualTo(method(Jobs.class, "many"));
	}

	@Test
	void refusesALambdaExpression() {
		assertThatIllegalArgumentException().isThrownBy(() -> zero((Jobs jobs) -> jobs.nothing()))
			.withMessageContaining("lambda expression in " + MethodReferenceTests.class.getName())
			.withMessageContaining("pass a method reference such as");
	}

	@Test
	void refusesAReferenceThatTheCompilerHadToAdapt() {
		JobMethod.Of1<Jobs, String> reference = Jobs::many;
		assertThatIllegalArgumentException().isThrownBy(() -> MethodReference.of(reference))
			.withMessageContaining("a reference that the compiler had to adapt (as for varargs), cannot be a job");
	}

	@Test
	void refusesAReferenceBoundToAnInstance() {
		Jobs jobs = new Jobs();
		assertThatIllegalArgumentException().isThrownBy(() -> zero(jobs::send))
			.withMessageContaining("Jobs.send is bound to an instance");
	}

	@Test
	void refusesAStaticMethodAndAConstructor() {
		assertThatIllegalArgumentException().isThrownBy(() -> zero(Jobs::statically))
			.withMessageContaining("Jobs.statically cannot be a job");
		assertThatIllegalArgumentException().isThrownBy(() -> zero(Wrapper::new))
			.withMessageContaining("not constructors");
	}

	@Test
	void refusesAnObjectThatIsNoReference() {
		assertThatIllegalArgumentException().isThrownBy(() -> MethodReference.of(new NoReference()))
			.withMessageContaining("pass a method reference");
	}

	private static <T> MethodReference zero(JobMethod.Of0<T> method) {
		return MethodReference.of(method);
	}

	private static <T, A> MethodReference one(JobMethod.Of1<T, A> method, A argument) {
		assertThat(argument).isNotNull();
		return MethodReference.of(method);
	}

	private static Method method(Class<?> type, String name) {
		return Arrays.stream(type.getDeclaredMethods())
			.filter((method) -> method.getName().equals(name) && !method.isBridge())
			.findFirst()
			.orElseThrow();
	}

	static class Jobs {

		void nothing() {
		}

		String send(long id) {
			return "sent " + id;
		}

		void fail() throws Exception {
			throw new Exception("checked");
		}

		private void hidden() {
		}

		void many(String... names) {
			List.of(names);
		}

		static void statically(Jobs jobs) {
			jobs.nothing();
		}

	}

	static class SubJobs extends Jobs {

	}

	private static final class Hidden {

		private void run() {
		}

	}

	interface Sender {

		void deliver(String to);

		default void ping() {
		}

	}

	abstract static class AbstractSender implements Sender {

	}

	abstract static class Handler<T> {

		abstract void handle(T value);

	}

	static class OrderJobs extends Handler<String> {

		@Override
		void handle(String value) {
		}

	}

	static class Wrapper {

		Wrapper(Jobs jobs) {
			jobs.nothing();
		}

	}

	static class NoReference implements JobMethod.Of0<Jobs> {

		private static final long serialVersionUID = 1L;

		@Override
		public void call(Jobs bean) {
		}

	}

	@ParameterizedTest
	@CsvSource({ "withResult,send", "withoutResult,none", "ofInterface,go" })
	void referencesOfKotlinAreThoseOfTheirMethods(String request, String method) throws ReflectiveOperationException {
		MethodReference reference = MethodReference.of(kotlin(request));
		assertThat(reference.method().getName()).isEqualTo(method);
		assertThat(reference.type().getPackageName()).isEqualTo("io.rq.template.kotlin");
	}

	@Test
	void lambdaOfKotlinIsRefusedAsOneOfJava() throws ReflectiveOperationException {
		JobMethod lambda = kotlin("lambda");
		assertThatIllegalArgumentException().isThrownBy(() -> MethodReference.of(lambda))
			.withMessageContaining("lambda expression");
	}

	/** Calls what Kotlin's compiler made of References.kt, which stands beside it. */
	private static JobMethod kotlin(String method) throws ReflectiveOperationException {
		Class<?> references = Class.forName("io.rq.template.kotlin.References");
		Object instance = references.getDeclaredConstructor().newInstance();
		JobRequest request = (JobRequest) references.getMethod(method).invoke(instance);
		return Objects.requireNonNull(request.call().method());
	}

}
