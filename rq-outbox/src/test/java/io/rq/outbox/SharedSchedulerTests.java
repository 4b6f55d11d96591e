package io.rq.outbox;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.boot.autoconfigure.Jackson3Serializer;
import com.github.kagkarlsson.scheduler.boot.config.DbSchedulerCustomizer;
import com.github.kagkarlsson.scheduler.serializer.Serializer;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.support.TransactionTemplate;

import io.rq.template.JobOperations;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The outbox of an application that uses db-scheduler itself.
 */
class SharedSchedulerTests {

	private static final TaskDescriptor<String> GREET = TaskDescriptor.of("greet", String.class);

	@ParameterizedTest
	@ValueSource(classes = { OwnTask.class, OwnSerializer.class })
	void aTaskOfTheApplicationMayEnqueueJobs(Class<?> configuration) {
		try (TestRedis redis = TestRedis.start();
				OutboxApplication application = OutboxApplication.start(redis.url(),
						List.of("spring.datasource.generate-unique-name=true"),
						"spring.main.sources=" + configuration.getName() + "," + OwnTask.class.getName())) {
			Scheduler scheduler = application.bean(Scheduler.class);
			application.inTransaction((jobs) -> {
				scheduler.scheduleBatch(List.of(GREET.instance("1").data("Ada").build()), Instant.now());
				return jobs.enqueue(OutboxApplication.note("a").id("first"));
			});
			await().until(() -> application.rows() == 0);
			assertThat(application.queue()).containsExactlyInAnyOrder("first", "Ada");
		}
	}

	/** A task that needs what needs the scheduler. */
	@Configuration(proxyBeanMethods = false)
	static class OwnTask {

		@Bean
		Task<String> greet(JobOperations jobs, TransactionTemplate transaction) {
			return Tasks.oneTime(GREET)
				.execute((task, context) -> transaction.executeWithoutResult(
						(status) -> jobs.enqueue(OutboxApplication.note("hello").id(task.getData()))));
		}

	}

	/** Another way to write data. */
	@Configuration(proxyBeanMethods = false)
	static class OwnSerializer {

		@Bean
		DbSchedulerCustomizer customizer() {
			return new DbSchedulerCustomizer() {

				@Override
				public Optional<Serializer> serializer() {
					return Optional.of(new Jackson3Serializer());
				}

			};
		}

	}

}
