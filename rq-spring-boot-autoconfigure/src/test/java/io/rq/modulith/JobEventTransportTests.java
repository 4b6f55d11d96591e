package io.rq.modulith;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;

import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.modulith.events.Externalized;
import org.springframework.modulith.events.RoutingTarget;
import org.springframework.modulith.events.config.EventExternalizationAutoConfiguration;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.support.TransactionTemplate;

import io.rq.autoconfigure.RqAutoConfiguration;
import io.rq.autoconfigure.modulith.RqModulithAutoConfiguration;
import io.rq.job.Call;
import io.rq.job.JobRequest;
import io.rq.queue.Registry;
import io.rq.template.JobTemplate;
import io.rq.template.QueueOperations;
import io.rq.test.RedisTest;
import io.rq.test.TestRedis;
import io.rq.test.TestTransactionManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for events of Spring Modulith as jobs.
 */
@RedisTest
class JobEventTransportTests {

	private final ApplicationContextRunner runner;

	JobEventTransportTests(TestRedis redis) {
		this.runner = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, JacksonAutoConfiguration.class,
					RqAutoConfiguration.class, EventExternalizationAutoConfiguration.class,
					RqModulithAutoConfiguration.class))
			.withUserConfiguration(Application.class)
			.withPropertyValues("spring.data.redis.url=" + redis.url());
	}

	private void run(BiConsumer<ApplicationContext, TransactionTemplate> test) {
		this.runner.run((context) -> test.accept(context,
				new TransactionTemplate(context.getBean(PlatformTransactionManager.class))));
	}

	@Test
	void anEventIsEnqueuedWhenItsTransactionHasCommitted() {
		run((context, transaction) -> {
			QueueOperations queues = context.getBean(QueueOperations.class);
			transaction.executeWithoutResult((status) -> {
				context.publishEvent(new OrderPlaced("o-1"));
				assertThat(queues.count("mail")).isZero();
			});
			assertThat(queues.count("mail")).isOne();
			Call call = context.getBean(JobTemplate.class).call("OrderPlaced-o-1").orElseThrow();
			assertThat(call.function()).isEqualTo(OrderPlaced.class.getName());
			assertThat(call.args()).singleElement().hasToString("{orderId=o-1}");
		});
	}

	@Test
	void whatIsRolledBackOrForOthersIsNotEnqueued() {
		run((context, transaction) -> {
			transaction.executeWithoutResult((status) -> {
				context.publishEvent(new OrderPlaced("o-2"));
				status.setRollbackOnly();
			});
			transaction.executeWithoutResult((status) -> context.publishEvent(new ForOthers("x")));
			assertThat(context.getBean(QueueOperations.class).names()).isEmpty();
		});
	}

	@Test
	void anEventThatIsPublishedAgainIsEnqueuedOnce() {
		run((context, transaction) -> {
			for (int i = 0; i < 2; i++) {
				transaction.executeWithoutResult((status) -> context.publishEvent(new OrderPlaced("o-3")));
			}
			assertThat(context.getBean(QueueOperations.class).count("mail")).isOne();
		});
	}

	@Test
	void anEventWithoutAKeyIsEnqueuedAndOneThatIsARequestAsThat() {
		run((context, transaction) -> {
			JobEventTransport transport = context.getBean(JobEventTransport.class);
			RoutingTarget mail = RoutingTarget.forTarget("rq:mail").withoutKey();
			assertThat(transport.externalize(new ForOthers("y"), mail))
				.isCompletedWithValueMatching((job) -> job != null);
			assertThat(transport.externalize(JobRequest.of("tasks.send", 1).queue("other"), mail)).isCompleted();
			JobTemplate jobs = context.getBean(JobTemplate.class);
			QueueOperations queues = context.getBean(QueueOperations.class);
			assertThat(queues.ids("mail", Registry.QUEUED, 0, 10)).hasSize(2)
				.last()
				.satisfies((id) -> assertThat(jobs.call(id).orElseThrow().function()).isEqualTo("tasks.send"));
		});
	}

	@Test
	void aKeyThatGivesNoIdLeavesThePublicationIncomplete() {
		run((context, transaction) -> {
			CompletableFuture<?> result = context.getBean(JobEventTransport.class)
				.externalize(new OrderPlaced("no id!"), RoutingTarget.forTarget("rq:mail").andKey("no id!"));
			assertThatExceptionOfType(CompletionException.class).isThrownBy(result::join)
				.withMessageContaining("'no id!'");
		});
	}

	@Test
	void anApplicationWithoutModulithNeedsNone() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, JacksonAutoConfiguration.class,
					RqAutoConfiguration.class, RqModulithAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader("org.springframework.modulith"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(JobEventTransport.class));
	}

	@Externalized("rq:mail::#{#this.orderId()}")
	record OrderPlaced(String orderId) {

	}

	@Externalized("topic")
	record ForOthers(String text) {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableTransactionManagement(proxyTargetClass = true)
	@AutoConfigurationPackage
	static class Application {

		@Bean
		PlatformTransactionManager transactionManager() {
			return new TestTransactionManager();
		}

	}

}
