package io.rq.template;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import org.springframework.core.ParameterizedTypeReference;

import io.rq.RqException;
import io.rq.job.Job;
import io.rq.job.JobFailedException;
import io.rq.job.JobResult;
import io.rq.job.NoJobResultException;
import io.rq.job.ResultTimeoutException;
import io.rq.serializer.JobSerializationException;
import io.rq.test.PythonRq;
import io.rq.test.RequiresPythonRq;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for waiting for the results of jobs that Python carries out.
 */
@RequiresPythonRq
class AwaitResultTests extends AbstractControlTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	AwaitResultTests(TestRedis redis) {
		super(redis);
	}

	private PythonRq python() {
		return new PythonRq(this.redis).module("awaited", """
				def add(a, b):
				    return {'sum': a + b}

				def fail():
				    raise ValueError('it is no use')

				def nothing():
				    pass
				""");
	}

	@Test
	void whatPythonReturnsIsReadAsTheTypeThatIsAskedFor() throws Exception {
		try (PythonRq python = python()) {
			JobHandle<Sum> sum = this.jobs.handle(this.jobs.enqueue("awaited.add", 1, 2), Sum.class);
			CompletableFuture<Sum> future = sum.result();
			JobHandle<Map<String, Integer>> map = this.jobs.handle(sum.id(), new ParameterizedTypeReference<>() {
			});
			Job nothing = this.jobs.enqueue("awaited.nothing");
			Job failing = this.jobs.enqueue("awaited.fail");
			python.startWorker("--burst", "default").join();
			assertThat(future.get(30, TimeUnit.SECONDS)).isEqualTo(new Sum(3));
			assertThat(map.await(PATIENCE)).isEqualTo(Map.of("sum", 3));
			assertThat(this.jobs.awaitResult(nothing.id(), PATIENCE, String.class)).isEmpty();
			assertThat(this.jobs.awaitResult(failing.id(), PATIENCE).type()).isEqualTo(JobResult.Type.FAILED);
			assertThatExceptionOfType(JobFailedException.class)
				.isThrownBy(() -> this.jobs.awaitResult(failing.id(), PATIENCE, String.class))
				.withMessage("Job '%s' has failed: ValueError: it is no use", failing.id())
				.satisfies((ex) -> assertThat(ex.getJobStackTrace()).startsWith("Traceback "));
			assertThatExceptionOfType(JobSerializationException.class).isThrownBy(
					() -> this.jobs.awaitResult(sum.id(), PATIENCE, new ParameterizedTypeReference<List<Sum>>() {
					}));
			assertThatExceptionOfType(ExecutionException.class)
				.isThrownBy(() -> this.jobs.handle(failing, Sum.class).result().get(30, TimeUnit.SECONDS))
				.withCauseInstanceOf(JobFailedException.class);
		}
	}

	@Test
	void waitEndsAfterTheTimeAndSaysHowTheJobStands() {
		Job job = this.jobs.enqueue("awaited.add", 1, 2);
		assertThatExceptionOfType(ResultTimeoutException.class)
			.isThrownBy(() -> this.jobs.awaitResult(job.id(), Duration.ofMillis(50)))
			.withMessageContainingAll(job.id(), "queued");
		assertThatExceptionOfType(NoJobResultException.class)
			.isThrownBy(() -> this.jobs.awaitResult("no such job", Duration.ofMillis(50)));
	}

	@Test
	void interruptEndsTheWait() {
		Job job = this.jobs.enqueue("awaited.add", 1, 2);
		Thread.currentThread().interrupt();
		assertThatExceptionOfType(RqException.class).isThrownBy(() -> this.jobs.awaitResult(job.id(), PATIENCE))
			.withCauseInstanceOf(InterruptedException.class);
		assertThat(Thread.interrupted()).isTrue();
	}

	record Sum(int sum) {

	}

}
