package io.rq.autoconfigure;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.rq.interceptor.JobInterceptor;
import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.serializer.RqJsonMapperBuilderCustomizer;
import io.rq.template.JobTemplate;
import io.rq.template.JobTemplateCustomizer;
import io.rq.test.RedisTest;
import io.rq.test.TestRedis;
import io.rq.worker.WorkerContainer;
import io.rq.worker.WorkerContainerCustomizer;
import io.rq.worker.WorkerContainerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what applications change of the beans they get by themselves.
 */
@RedisTest
class CustomizerTests {

	private final ApplicationContextRunner runner;

	CustomizerTests(TestRedis redis) {
		this.runner = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, JacksonAutoConfiguration.class,
					RqAutoConfiguration.class))
			.withUserConfiguration(Customizers.class)
			.withPropertyValues("spring.data.redis.url=" + redis.url(), "rq.worker.queues=default");
	}

	@Test
	void eachContainerIsCustomizedWhoeverDeclaresIt() {
		this.runner.run((context) -> {
			assertThat(context.getBeansOfType(WorkerContainer.class)).hasSize(2)
				.allSatisfy((name, container) -> assertThat(container.isRunning()).as(name).isFalse());
		});
	}

	@Test
	void theTemplateIsCustomized() {
		this.runner.run((context) -> {
			JobTemplate jobs = context.getBean(JobTemplate.class);
			Job job = jobs.enqueue("tasks.add", 1, 2);
			assertThat(jobs.meta(job.id())).containsEntry("customized", true);
		});
	}

	@Test
	void theMapperOfJobsIsCustomizedAndTheApplicationsIsNot() {
		this.runner.run((context) -> {
			JobTemplate jobs = context.getBean(JobTemplate.class);
			Person person = new Person("Ada", LocalDate.EPOCH);
			Job job = jobs.enqueue("tasks.greet", person);
			assertThat(new String(job.payload().data(), StandardCharsets.UTF_8))
				.contains("\"birth_date\":\"1970-01-01\"");
			assertThat(context.getBean(JsonMapper.class).writeValueAsString(person)).contains("\"birthDate\"");
		});
	}

	record Person(String name, LocalDate birthDate) {

	}

	@Configuration(proxyBeanMethods = false)
	static class Customizers {

		@Bean
		WorkerContainer first(WorkerContainerFactory factory) {
			return factory.create();
		}

		@Bean
		WorkerContainer second(WorkerContainerFactory factory) {
			return factory.create("other");
		}

		@Bean
		WorkerContainerCustomizer byHand() {
			return (container) -> container.setAutoStartup(() -> false);
		}

		@Bean
		JobTemplateCustomizer note() {
			return (template) -> template.setInterceptors(List.of(new JobInterceptor() {
				@Override
				public List<Job> aroundEnqueue(List<JobRequest> requests, EnqueueInvocation invocation) {
					return invocation
						.proceed(requests.stream().map((request) -> request.addMeta("customized", true)).toList());
				}
			}));
		}

		@Bean
		RqJsonMapperBuilderCustomizer likePython() {
			return (builder) -> builder.propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);
		}

	}

}
