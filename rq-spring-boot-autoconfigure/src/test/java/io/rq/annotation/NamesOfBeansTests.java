package io.rq.annotation;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.aopalliance.intercept.MethodInterceptor;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.AbstractFactoryBean;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.ReflectionUtils;

import io.rq.autoconfigure.RqAutoConfiguration;
import io.rq.cron.CronJobs;
import io.rq.handler.JobHandlerRegistry;
import io.rq.job.Job;
import io.rq.job.JobMethod;
import io.rq.job.JobRequest;
import io.rq.job.JobStatus;
import io.rq.template.JobTemplate;
import io.rq.test.RedisTest;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Functions have the names that their producers expect, whatever the class of the bean is
 * and whenever the bean is created.
 */
@RedisTest
class NamesOfBeansTests {

	private static final Queue<String> calls = new ConcurrentLinkedQueue<>();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, JacksonAutoConfiguration.class,
				RqAutoConfiguration.class))
		.withPropertyValues("spring.data.redis.url=" + TestRedis.shared().url());

	@BeforeEach
	void forget() {
		calls.clear();
	}

	@ParameterizedTest
	@ValueSource(classes = { OfProxyFactory.class, OfLambda.class, OfJdkProxy.class, OfFactoryBean.class })
	void aBeanWithoutAClassOfItsOwnHasTheNamesOfItsInterface(Class<?> configuration) {
		this.runner.withUserConfiguration(configuration).run((context) -> {
			String name = Weather.class.getName() + ".refresh";
			assertThat(context.getBean(JobHandlerRegistry.class).names()).containsExactly(name);
			finish(context.getBean(JobTemplate.class), Weather::refresh);
			assertThat(calls).containsExactly("refresh");
		});
	}

	@Test
	void aCallbackAndAScheduleOfALambdaHaveTheNamesOfItsInterface() {
		this.runner.withUserConfiguration(Others.class).run((context) -> {
			assertThat(context.getBean(CronJobs.class).all()).extracting((prepared) -> prepared.job().name())
				.containsExactly(Nightly.class.getName() + ".clean");
			JobTemplate jobs = context.getBean(JobTemplate.class);
			jobs.enqueue(JobRequest.of(Weather::refresh).onSuccess(Done::done));
			Awaitility.await()
				.atMost(Duration.ofSeconds(30))
				.untilAsserted(() -> assertThat(calls).containsExactly("refresh", "done"));
		});
	}

	@Test
	void allInterfacesOfAProxyCount() {
		this.runner.withBean("both", Object.class, () -> proxy(Weather.class, Nightly.class))
			.run((context) -> assertThat(context.getBean(JobHandlerRegistry.class).names())
				.containsExactlyInAnyOrder(Weather.class.getName() + ".refresh", Nightly.class.getName() + ".clean"));
	}

	@Test
	void lazyInitializationChangesNoName() {
		String work = Works.class.getName() + ".work";
		String other = Works.class.getName() + ".other";
		this.runner.withUserConfiguration(OfInterface.class)
			.run((context) -> assertThat(context.getBean(JobHandlerRegistry.class).names())
				.containsExactlyInAnyOrder(work, other));
		this.runner.withUserConfiguration(OfInterface.class)
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> {
				assertThat(context.getBean(JobHandlerRegistry.class).names()).containsExactlyInAnyOrder(work, other);
				finish(context.getBean(JobTemplate.class), Work::work);
				finish(context.getBean(JobTemplate.class), Works::other);
				assertThat(calls).containsExactly("work", "other");
			});
	}

	private static <T> void finish(JobTemplate jobs, JobMethod.Of0<T> method) {
		String id = jobs.enqueue(method).id();
		Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.until(() -> List.of(JobStatus.FINISHED, JobStatus.FAILED).contains(jobs.find(id).orElseThrow().status()));
		assertThat(jobs.find(id).orElseThrow().status()).isEqualTo(JobStatus.FINISHED);
	}

	private static Object proxy(Class<?>... interfaces) {
		return Proxy.newProxyInstance(NamesOfBeansTests.class.getClassLoader(), interfaces, (proxy, method, args) -> {
			if (method.getDeclaringClass() == Object.class) {
				return ReflectionUtils.invokeMethod(method, calls, args);
			}
			calls.add(method.getName());
			return null;
		});
	}

	interface Weather {

		@RqJob
		void refresh();

	}

	interface Nightly {

		@RqJob
		@RqCron(every = "1d")
		void clean();

	}

	interface Done {

		@RqCallback
		void done(Job job);

	}

	interface Work {

		@RqJob
		void work();

	}

	static class Works implements Work {

		@Override
		public void work() {
			calls.add("work");
		}

		@RqJob
		void other() {
			calls.add("other");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OfProxyFactory {

		@Bean
		Weather weather() {
			return ProxyFactory.getProxy(Weather.class, (MethodInterceptor) (invocation) -> {
				calls.add(invocation.getMethod().getName());
				return null;
			});
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OfLambda {

		@Bean
		Weather weather() {
			return () -> calls.add("refresh");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OfJdkProxy {

		@Bean
		Weather weather() {
			return (Weather) proxy(Weather.class);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OfFactoryBean {

		@Bean
		AbstractFactoryBean<Object> weather() {
			return new AbstractFactoryBean<>() {

				@Override
				public @Nullable Class<?> getObjectType() {
					return null;
				}

				@Override
				protected Object createInstance() {
					return proxy(Weather.class);
				}

			};
		}

		@Bean
		String usesTheWeather(BeanFactory beans) {
			return beans.getBean("weather").getClass().getName();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Others {

		@Bean
		Weather weather() {
			return () -> calls.add("refresh");
		}

		@Bean
		Nightly nightly() {
			return () -> calls.add("clean");
		}

		@Bean
		Done done() {
			return (job) -> calls.add("done");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OfInterface {

		@Bean
		Work work() {
			return new Works();
		}

	}

}
