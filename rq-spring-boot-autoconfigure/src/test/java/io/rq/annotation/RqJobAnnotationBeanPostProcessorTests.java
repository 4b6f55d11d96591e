package io.rq.annotation;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import org.aopalliance.intercept.MethodInterceptor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.aop.framework.autoproxy.BeanNameAutoProxyCreator;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanDefinitionCustomizer;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.context.support.SimpleThreadScope;
import org.springframework.samples.petclinic.VisitJobs;

import io.rq.handler.JobContext;
import io.rq.handler.JobHandler;
import io.rq.handler.JobHandlerRegistry;
import io.rq.job.InvalidJobException;
import io.rq.job.JobOptions;
import io.rq.job.Retry;
import io.rq.serializer.JacksonJobSerializer;
import io.rq.serializer.SerializedCall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link RqJobAnnotationBeanPostProcessor} and {@link MethodJobHandler}.
 */
@ExtendWith(OutputCaptureExtension.class)
class RqJobAnnotationBeanPostProcessorTests {

	private static final AtomicInteger created = new AtomicInteger();

	private final JacksonJobSerializer serializer = new JacksonJobSerializer(JsonMapper.builder().build());

	private final AnnotationConfigApplicationContext context = AnnotationContext.create();

	private final AtomicInteger intercepted = new AtomicInteger();

	@BeforeEach
	void register() {
		created.set(0);
	}

	@AfterEach
	void close() {
		this.context.close();
	}

	@Test
	void anAnnotatedMethodBecomesADefinitionAndAHandler() throws Exception {
		refresh(MailJobs.class);
		JobHandler handler = handler("mail.send");
		assertThat(handler.defaults()).isEqualTo(JobOptions.NONE.withRetry(Retry.max(2)));
		assertThat(run("mail.send", List.of("ada", 42), Map.of())).isEqualTo("ada/42/id");
		assertThat(run("mail.send", List.of("ada"), Map.of("id", 42))).isEqualTo("ada/42/id");
		assertThat(this.context.getBean(RqJobDefinitions.class).find("mail.send")).isNotNull();
		assertThat(handler)
			.hasToString(MailJobs.class.getName() + ".send(String, JobContext, long) of bean 'mailJobs'");
	}

	@Test
	void aTypeVariableMayBeTheContext() throws Exception {
		refresh(ContextJobs.class);
		assertThat(run("generic", List.of("ada"), Map.of())).isEqualTo("id/ada");
	}

	@Test
	void whatTheMethodThrowsIsThrown() {
		refresh(MailJobs.class);
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> run("mail.fail", List.of("io"), Map.of()));
		assertThatExceptionOfType(StackOverflowError.class)
			.isThrownBy(() -> run("mail.fail", List.of("error"), Map.of()));
	}

	@Test
	void argumentsThatDoNotBindFailBeforeTheMethodIsCalled() {
		refresh(MailJobs.class);
		assertThatExceptionOfType(InvalidJobException.class)
			.isThrownBy(() -> run("mail.send", List.of("ada", "x"), Map.of()))
			.withMessageContaining("Argument 2 'id' of 'mail.send' must be long");
	}

	@Test
	void anApplicationWithoutHandlersGetsDefinitionsOnly() {
		this.context.removeBeanDefinition("handlers");
		refresh(MailJobs.class);
		assertThat(this.context.getBean(RqJobDefinitions.class).find("mail.send")).isNotNull();
	}

	@Test
	void otherBeansRegisterNothing() {
		refresh(Object.class);
		assertThat(this.context.getBean(JobHandlerRegistry.class).names()).isEmpty();
	}

	@Test
	void aLazyBeanIsCreatedByItsFirstJob() throws Exception {
		refresh(CountedJobs.class, (definition) -> definition.setLazyInit(true));
		assertThat(created).hasValue(0);
		run("counted", List.of(), Map.of());
		run("counted", List.of(), Map.of());
		assertThat(created).hasValue(1);
	}

	@Test
	void aPrototypeIsCreatedForEveryJob() throws Exception {
		refresh(CountedJobs.class, (definition) -> definition.setScope(BeanDefinition.SCOPE_PROTOTYPE));
		assertThat(created).hasValue(0);
		run("counted", List.of(), Map.of());
		run("counted", List.of(), Map.of());
		assertThat(created).hasValue(2);
	}

	@Test
	void aScopedBeanIsCalledThroughItsProxy() throws Exception {
		this.context.getBeanFactory().registerScope("thread", new SimpleThreadScope());
		refresh(ScopedConfiguration.class);
		assertThat(this.context.getBean(JobHandlerRegistry.class).names()).containsExactly("counted");
		run("counted", List.of(), Map.of());
		run("counted", List.of(), Map.of());
		assertThat(created).hasValue(1);
	}

	@Test
	void aLazyBeanBehindAnInterfaceIsRegisteredWhenItIsCreated() throws Exception {
		refresh(HiddenConfiguration.class);
		JobHandlerRegistry registry = this.context.getBean(JobHandlerRegistry.class);
		assertThat(registry.names()).isEmpty();
		this.context.getBean(Runner.class);
		assertThat(registry.names()).containsExactly("counted");
		run("counted", List.of(), Map.of());
	}

	@Test
	void aProxiedClassIsCalledThroughItsProxy() throws Exception {
		proxy(true);
		refresh(MailJobs.class);
		assertThat(run("mail.send", List.of("ada", 42), Map.of())).isEqualTo("ada/42/id");
		assertThat(this.intercepted).hasValue(1);
	}

	@Test
	void aProxiedInterfaceIsCalledThroughItsProxy() throws Exception {
		proxy(false);
		refresh(ReportJobs.class);
		assertThat(run(ReportJobs.class.getName() + ".report", List.of(1), Map.of())).isEqualTo("report 1");
		assertThat(this.intercepted).hasValue(1);
	}

	@Test
	void aProxiedGenericInterfaceIsCalledThroughItsProxy() throws Exception {
		proxy(false);
		refresh(ProxiedGenericJobs.class);
		assertThat(run(ProxiedGenericJobs.class.getName() + ".report", List.of(1), Map.of())).isEqualTo("report 1");
		assertThat(this.intercepted).hasValue(1);
	}

	@Test
	void aProxyThatHidesTheMethodIsReported() {
		proxy(false);
		assertThatExceptionOfType(RqJobDefinitionException.class).isThrownBy(() -> refresh(HidingJobs.class))
			.satisfies((ex) -> {
				assertThat(ex.getBeanName()).isEqualTo("hidingJobs");
				assertThat(ex.getMethod()).contains("HidingJobs.report(int)");
				assertThat(ex.getRemedy()).contains("proxyTargetClass = true");
			});
	}

	@Test
	void aFinalMethodOfAProxiedClassIsReported() {
		proxy(true);
		assertThatExceptionOfType(RqJobDefinitionException.class).isThrownBy(() -> refresh(FinalJobs.class))
			.withMessageContaining("it is final");
	}

	@Test
	void aFinalMethodOfALazyProxiedClassIsNotCalled() {
		proxy(true);
		refresh(FinalJobs.class, (definition) -> definition.setLazyInit(true));
		for (int i = 0; i < 2; i++) {
			assertThatExceptionOfType(RqJobDefinitionException.class)
				.isThrownBy(() -> run("final", List.of(), Map.of()))
				.withMessageContaining("of bean 'finalJobs' cannot be a job: it is final");
		}
	}

	@Test
	void aLazyProxiedClassIsCalledThroughItsProxy() throws Exception {
		proxy(true);
		refresh(MailJobs.class, (definition) -> definition.setLazyInit(true));
		assertThat(run("mail.send", List.of("ada", 42), Map.of())).isEqualTo("ada/42/id");
		assertThat(this.intercepted).hasValue(1);
	}

	@Test
	void aFinalMethodOfABeanWithoutProxyRuns() throws Exception {
		refresh(FinalJobs.class);
		assertThat(run("final", List.of(), Map.of())).isEqualTo("run");
	}

	@Test
	void aMethodThatTheProxyCannotOverrideIsReported() {
		proxy(true);
		assertThatExceptionOfType(RqJobDefinitionException.class).isThrownBy(() -> refresh(FarVisitJobs.class))
			.withMessageContaining("it is package-private, and would run on the bean's proxy, which is of package "
					+ "io.rq.annotation, instead of the bean. Make it protected or public.");
	}

	@Test
	void aMethodOfAnotherPackageRunsOnABeanWithoutProxy() throws Exception {
		refresh(FarVisitJobs.class);
		assertThat(run("visit.remind", List.of("ada"), Map.of())).isEqualTo("ada");
	}

	@Test
	void anErrorNamesTheBean() {
		assertThatExceptionOfType(RqJobDefinitionException.class).isThrownBy(() -> refresh(NegativeJobs.class))
			.withMessageContaining("of bean 'negativeJobs' cannot be a job: retries is -2");
	}

	@Test
	void anUnresolvablePlaceholderIsReported() {
		assertThatExceptionOfType(RqJobDefinitionException.class).isThrownBy(() -> refresh(PlaceholderJobs.class))
			.withMessageContaining("queue '${no.such.queue}'");
	}

	@Test
	void twoBeansOfOneClassAreReported() {
		this.context.registerBean("first", MailJobs.class, MailJobs::new);
		assertThatExceptionOfType(RqJobDefinitionException.class).isThrownBy(() -> refresh(MailJobs.class))
			.withMessageContaining("of bean 'first'")
			.withMessageContaining("of bean 'mailJobs'");
	}

	@Test
	void theNameOfAHandlerOfTheApplicationIsReported() {
		this.context.registerBean("own", JobHandlerRegistry.class, () -> {
			JobHandlerRegistry registry = new JobHandlerRegistry("default");
			registry.register(new OwnHandler());
			return registry;
		}, (definition) -> definition.setPrimary(true));
		assertThatExceptionOfType(RqJobDefinitionException.class).isThrownBy(() -> refresh(MailJobs.class))
			.withMessageContaining("its name 'mail.send' is that of the handler the application's own");
	}

	@Test
	void waitsThatRepeatAreSpelledOut(CapturedOutput output) {
		refresh(RetryingJobs.class);
		assertThat(output).contains("WARN")
			.contains("Job 'odd' has 3 retries but 2 intervals: it waits [10, 10, 60] seconds. Give one interval or 3")
			.contains("Job 'endless' has 2147483647 retries but 2 intervals: it waits [10 (2147483646 times), 60] ")
			.doesNotContain("Job 'one' has")
			.doesNotContain("Job 'all' has")
			.doesNotContain("Job 'none' has");
	}

	@Test
	void aComponentBelowThePackagesOfSpringHasJobs() throws Exception {
		proxy(true);
		refresh(VisitJobs.class);
		assertThat(run("visit.remind", List.of("ada"), Map.of())).isEqualTo("ada");
		assertThat(this.intercepted).hasValue(1);
	}

	private void proxy(boolean targetClass) {
		this.context.registerBean(BeanNameAutoProxyCreator.class, () -> {
			BeanNameAutoProxyCreator creator = new BeanNameAutoProxyCreator();
			creator.setBeanNames("*Jobs");
			creator.setProxyTargetClass(targetClass);
			creator.setInterceptorNames("counting");
			return creator;
		});
		this.context.registerBean("counting", MethodInterceptor.class, () -> (invocation) -> {
			this.intercepted.incrementAndGet();
			return invocation.proceed();
		});
	}

	private void refresh(Class<?> beanClass, BeanDefinitionCustomizer... customizers) {
		String name = Character.toLowerCase(beanClass.getSimpleName().charAt(0))
				+ beanClass.getSimpleName().substring(1);
		this.context.registerBean(name, beanClass, customizers);
		this.context.refresh();
	}

	private JobHandler handler(String name) {
		JobHandler handler = this.context.getBean(JobHandlerRegistry.class).find(name);
		assertThat(handler).isNotNull();
		return handler;
	}

	private @Nullable Object run(String name, List<?> args, Map<String, ?> kwargs) throws Exception {
		SerializedCall call = this.serializer.readCall(this.serializer.writeCall(name, args, kwargs));
		return handler(name).handle(new StubContext(), call);
	}

	static class FarVisitJobs extends VisitJobs {

	}

	static class MailJobs {

		@RqJob(name = "mail.send", retries = 2)
		String send(String address, JobContext context, long id) {
			return address + "/" + id + "/" + context.job().id();
		}

		@RqJob(name = "mail.fail")
		void fail(String kind) throws IOException {
			if (kind.equals("io")) {
				throw new IOException("io");
			}
			throw new StackOverflowError();
		}

	}

	abstract static class GenericJobs<C> {

		@RqJob(name = "generic")
		String run(C context, String name) {
			return ((JobContext) context).job().id() + "/" + name;
		}

	}

	static class ContextJobs extends GenericJobs<JobContext> {

	}

	interface Runner {

	}

	static class CountedJobs implements Runner {

		CountedJobs() {
			created.incrementAndGet();
		}

		@RqJob(name = "counted")
		void run() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ScopedConfiguration {

		@Bean
		@Scope(scopeName = "thread", proxyMode = ScopedProxyMode.TARGET_CLASS)
		Supplied supplied() {
			return new Supplied();
		}

		static class Supplied extends CountedJobs {

		}

	}

	@Configuration(proxyBeanMethods = false)
	static class HiddenConfiguration {

		@Bean
		@Lazy
		Runner runner() {
			return new CountedJobs();
		}

	}

	interface Reports {

		String report(int id);

	}

	interface GenericReports<T> {

		String report(T id);

	}

	static class ProxiedGenericJobs implements GenericReports<Integer> {

		@Override
		@RqJob
		public String report(Integer id) {
			return "report " + id;
		}

	}

	static class ReportJobs implements Reports {

		@Override
		@RqJob
		public String report(int id) {
			return "report " + id;
		}

	}

	static class HidingJobs implements Supplier<String> {

		@Override
		public String get() {
			return "";
		}

		@RqJob
		public String report(int id) {
			return "report " + id;
		}

	}

	static class FinalJobs {

		private final String value = "run";

		@RqJob(name = "final")
		public final String run() {
			return this.value;
		}

	}

	static class NegativeJobs {

		@RqJob(retries = -2)
		void run() {
		}

	}

	static class PlaceholderJobs {

		@RqJob(queue = "${no.such.queue}")
		void run() {
		}

	}

	static class RetryingJobs {

		@RqJob(name = "odd", retries = 3, intervals = { 10, 60 })
		void odd() {
		}

		@RqJob(name = "endless", retries = Integer.MAX_VALUE, intervals = { 10, 60 })
		void endless() {
		}

		@RqJob(name = "one", retries = 3, intervals = 10)
		void one() {
		}

		@RqJob(name = "all", retries = 2, intervals = { 10, 60 })
		void all() {
		}

		@RqJob(name = "none", retries = 2)
		void none() {
		}

	}

	static class OwnHandler implements JobHandler {

		@Override
		public String name() {
			return "mail.send";
		}

		@Override
		public @Nullable Object handle(JobContext context, SerializedCall call) {
			return null;
		}

		@Override
		public String toString() {
			return "the application's own";
		}

	}

}
