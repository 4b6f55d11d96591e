package io.rq.autoconfigure;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.data.redis.connection.RedisConnectionFactory;

import io.rq.annotation.RqCallback;
import io.rq.annotation.RqJob;
import io.rq.cron.CronJob;
import io.rq.cron.Schedule;
import io.rq.handler.JobHandler;
import io.rq.handler.JobHandlerRegistry;
import io.rq.job.JobRequest;
import io.rq.serializer.JacksonJobSerializer;
import io.rq.test.RedisTest;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * What is taken where the application has several beans, or has them elsewhere.
 */
@RedisTest
@ExtendWith(OutputCaptureExtension.class)
class ChoiceOfBeansTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, JacksonAutoConfiguration.class,
				RqAutoConfiguration.class))
		.withPropertyValues("spring.data.redis.url=" + TestRedis.shared().url());

	@Test
	void severalMappersLeaveTheStartAlone(CapturedOutput output) {
		this.runner.withUserConfiguration(TwoMappers.class)
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(JacksonJobSerializer.class));
		assertThat(output).contains("2 JsonMapper beans", "@Primary", "JacksonJobSerializer(mapper)");
	}

	@Test
	void thePrimaryMapperIsTaken(CapturedOutput output) {
		this.runner.withUserConfiguration(TwoMappers.class, PrimaryMapper.class)
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).doesNotContain("JsonMapper beans");
	}

	@Test
	void severalConnectionsNameTheWayOut() {
		this.runner.withUserConfiguration(TwoConnections.class)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(InvalidRqConfigurationException.class, (ex) -> {
					assertThat(ex).hasMessageContaining("2 RedisConnectionFactory beans");
					assertThat(ex.getAction()).contains("@RqRedis", "@Primary");
				}));
	}

	@Test
	void jobsOfAParentContextAreFound() {
		try (AnnotationConfigApplicationContext parent = new AnnotationConfigApplicationContext(Jobs.class)) {
			this.runner.withParent(parent)
				.run((context) -> assertThat(context.getBean(JobHandlerRegistry.class).names())
					.containsExactly("parental"));
		}
	}

	@Test
	void handlersOfAParentContextAreFound() {
		JobHandler handler = mock();
		given(handler.name()).willReturn("parental");
		try (AnnotationConfigApplicationContext parent = new AnnotationConfigApplicationContext()) {
			parent.registerBean(JobHandler.class, () -> handler);
			parent.refresh();
			this.runner.withParent(parent)
				.run((context) -> assertThat(context.getBean(JobHandlerRegistry.class).find("parental"))
					.isSameAs(handler));
		}
	}

	@Test
	void jobsOfAChildContextAreWarnedOf(CapturedOutput output) {
		this.runner.run((context) -> {
			try (AnnotationConfigApplicationContext child = new AnnotationConfigApplicationContext()) {
				child.setParent(context.getSourceApplicationContext());
				child.setDisplayName("the child");
				child.register(Jobs.class);
				child.refresh();
			}
		});
		assertThat(output).containsOnlyOnce("The @RqJob methods of bean")
			.contains(Jobs.class.getName(), "belongs to context 'the child'", "Declare the bean in the parent");
	}

	@Test
	void handlersOfAChildContextAreWarnedOf(CapturedOutput output) {
		this.runner.run((context) -> {
			try (AnnotationConfigApplicationContext child = new AnnotationConfigApplicationContext()) {
				child.setParent(context.getSourceApplicationContext());
				child.registerBean("own", JobHandler.class, () -> mock());
				child.refresh();
			}
		});
		assertThat(output).containsOnlyOnce("The JobHandler that is bean 'own'")
			.contains("Declare the bean in the parent");
	}

	@Test
	void cronJobsAndCallbacksOfAChildContextAreWarnedOf(CapturedOutput output) {
		this.runner.run((context) -> {
			try (AnnotationConfigApplicationContext child = new AnnotationConfigApplicationContext()) {
				child.setParent(context.getSourceApplicationContext());
				child.registerBean("nightly", CronJob.class,
						() -> CronJob.of("nightly", JobRequest.of("work"), Schedule.every(Duration.ofDays(1))));
				child.registerBean("told", Callbacks.class);
				child.refresh();
			}
		});
		assertThat(output).containsOnlyOnce("The cron job that is bean 'nightly'")
			.containsOnlyOnce("The @RqCallback methods of bean 'told'");
	}

	@Test
	void jobsOfAChildContextAreWarnedOfAlsoWhereTheAutoConfigurationIsInBoth(CapturedOutput output) {
		this.runner.run((context) -> this.runner.withParent(context.getSourceApplicationContext())
			.withUserConfiguration(Jobs.class)
			.run((child) -> assertThat(child.getBean(JobHandlerRegistry.class).names()).isEmpty()));
		assertThat(output).containsOnlyOnce("The @RqJob methods of bean").contains(Jobs.class.getName());
	}

	@Test
	void jobsOfAContextWhoseParentHasNothingOfRqAreNotWarnedOf(CapturedOutput output) {
		try (AnnotationConfigApplicationContext parent = new AnnotationConfigApplicationContext()) {
			parent.refresh();
			this.runner.withParent(parent)
				.withUserConfiguration(Jobs.class)
				.run((child) -> assertThat(child.getBean(JobHandlerRegistry.class).names())
					.containsExactly("parental"));
		}
		assertThat(output).doesNotContain("The @RqJob methods of bean");
	}

	@Test
	void twoBeansOfOneClassGetARemedyThatCanBeFollowed() {
		this.runner.withBean("first", Work.class)
			.withBean("second", Work.class)
			.run((context) -> assertThat(context).getFailure()
				.hasMessageContaining("Both beans run the same method")
				.hasMessageContaining("subclass"));
	}

	@Configuration(proxyBeanMethods = false)
	static class TwoMappers {

		@Bean
		JsonMapper firstMapper() {
			return JsonMapper.builder().build();
		}

		@Bean
		JsonMapper secondMapper() {
			return JsonMapper.builder().build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class PrimaryMapper {

		@Bean
		@Primary
		JsonMapper primaryMapper() {
			return JsonMapper.builder().build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TwoConnections {

		@Bean
		RedisConnectionFactory one() {
			return mock();
		}

		@Bean
		RedisConnectionFactory other() {
			return mock();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Jobs {

		@RqJob(name = "parental")
		void work() {
		}

	}

	static class Callbacks {

		@RqCallback(name = "told")
		void told() {
		}

	}

	static class Work {

		@RqJob
		void work() {
		}

	}

}
