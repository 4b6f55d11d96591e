package io.rq.operations;

import java.util.Set;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.rq.annotation.RqJob;
import io.rq.autoconfigure.RqAutoConfiguration;
import io.rq.job.JobRequest;
import io.rq.job.JobStatus;
import io.rq.template.JobTemplate;
import io.rq.test.RedisTest;
import io.rq.test.TestRedis;
import io.rq.worker.RunStack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link RunStack}.
 */
@RedisTest
class RunStackTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, JacksonAutoConfiguration.class,
				RqAutoConfiguration.class))
		.withPropertyValues("spring.data.redis.url=" + TestRedis.shared().url());

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void adminsSeeWhatAJobOfThisProcessDoes(boolean virtual) {
		this.runner.withPropertyValues("spring.threads.virtual.enabled=" + virtual, "rq.worker.name=ada")
			.withBean(Gate.class)
			.run((here) -> this.runner.run((elsewhere) -> {
				JobTemplate jobs = here.getBean(JobTemplate.class);
				Gate gate = here.getBean(Gate.class);
				String id = jobs.enqueue(JobRequest.of("gate.pass")).id();
				gate.entered.await();
				RqOperations admin = operations(here.getBean(RqOperations.class), "ROLE_RQ_ADMIN");
				await().until(() -> admin.stack(id).orElseThrow().state() == Thread.State.WAITING);
				RunStack stack = admin.stack(id).orElseThrow();
				assertThat(stack.worker()).isEqualTo("ada");
				assertThat(stack.thread()).startsWith("rq-ada-");
				assertThat(stack.state()).isEqualTo(Thread.State.WAITING);
				assertThat(stack.frames()).anyMatch((frame) -> frame.contains(Gate.class.getName() + ".pass"));
				assertThat(here.getBean(RqOperations.class).stack("none")).isEmpty();
				assertThat(elsewhere.getBean(RqOperations.class).stack(id)).isEmpty();
				assertThatExceptionOfType(OperationDeniedException.class)
					.isThrownBy(() -> operations(here.getBean(RqOperations.class), "ROLE_RQ_OPERATOR").stack(id));
				gate.open.countDown();
				await().until(() -> jobs.find(id).orElseThrow().status() == JobStatus.FINISHED);
				await().until(() -> here.getBean(RqOperations.class).stack(id).isEmpty());
			}));
	}

	private static RqOperations operations(RqOperations operations, String authority) {
		return operations.as(new Operator("grace", Set.of(authority), Operator.Face.DASHBOARD));
	}

	static class Gate {

		private final CountDownLatch entered = new CountDownLatch(1);

		private final CountDownLatch open = new CountDownLatch(1);

		@RqJob(name = "gate.pass")
		void pass() throws InterruptedException {
			this.entered.countDown();
			this.open.await();
		}

	}

}
