package io.rq.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.rq.annotation.RqJob;
import io.rq.handler.JobContext;
import io.rq.handler.JobExceptionHandler;
import io.rq.handler.JobListener;
import io.rq.handler.RunInfo;
import io.rq.interceptor.JobInterceptor;
import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.template.JobTemplate;
import io.rq.test.RedisTest;
import io.rq.test.TestRedis;
import io.rq.worker.WorkerContainer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for beans around jobs that have the worker, which has them.
 */
@RedisTest
class PausingBeansTests {

	private final ApplicationContextRunner runner;

	PausingBeansTests(TestRedis redis) {
		this.runner = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, JacksonAutoConfiguration.class,
					RqAutoConfiguration.class))
			.withPropertyValues("spring.data.redis.url=" + redis.url());
	}

	@Test
	void whatIsAroundJobsMayHaveTheWorkerInItsConstructor() {
		this.runner.withBean(Jobs.class).withBean(Pausing.class).run((context) -> {
			JobTemplate jobs = context.getBean(JobTemplate.class);
			Job job = jobs.enqueue(JobRequest.of(Jobs::fail));
			jobs.awaitResult(job.id(), Duration.ofSeconds(30));
			assertThat(context.getBean(Pausing.class).calls).containsExactly("started", "around", "decides");
			assertThat(context.getBean(WorkerContainer.class).isPaused()).isTrue();
		});
	}

	static class Jobs {

		@RqJob(queue = "pausing")
		void fail() {
			throw new IllegalStateException("It is no use");
		}

	}

	static class Pausing implements JobListener, JobExceptionHandler, JobInterceptor {

		private final WorkerContainer worker;

		private final List<String> calls = new CopyOnWriteArrayList<>();

		Pausing(WorkerContainer worker) {
			this.worker = worker;
		}

		@Override
		public void started(RunInfo run, @Nullable Duration waited) {
			this.calls.add("started");
		}

		@Override
		public @Nullable Object aroundRun(JobContext context, RunInvocation invocation) throws Exception {
			this.calls.add("around");
			return invocation.proceed();
		}

		@Override
		public Decision handle(RunInfo run, Throwable failure) {
			this.calls.add("decides");
			this.worker.pause();
			return Decision.FAIL;
		}

	}

}
