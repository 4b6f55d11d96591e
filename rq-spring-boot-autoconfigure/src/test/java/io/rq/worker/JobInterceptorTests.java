package io.rq.worker;

import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.data.redis.connection.RedisConnectionFactory;

import io.rq.handler.JobContext;
import io.rq.interceptor.JobInterceptor;
import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.job.JobStatus;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link JobInterceptor} around enqueueing and running.
 */
class JobInterceptorTests extends AbstractWorkerTests {

	private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

	JobInterceptorTests(RedisConnectionFactory connections) {
		super(connections);
		this.bench.handle("tenant", (context, args) -> {
			this.seen.add("method");
			return context.meta().get("tenant");
		});
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void theyStandAroundEachOtherOnBothSides(boolean virtualThreads) {
		if (virtualThreads && Runtime.version().feature() >= 21) {
			this.bench.onVirtualThreads();
		}
		this.bench.intercept(new Noting("outer")).intercept(new Noting("inner"));
		Job job = this.bench.jobs().enqueue(JobRequest.of("tenant"));
		assertThat(this.seen).containsExactly("outer enqueues tenant on default", "inner enqueues tenant on default",
				"inner has enqueued " + job.id(), "outer has enqueued " + job.id());
		this.seen.clear();
		this.bench.worker();
		awaitStatus(job, JobStatus.FINISHED);
		assertThat(this.seen).containsExactly("outer runs tenant", "inner runs tenant", "method", "inner has run blue",
				"outer has run blue!");
		assertThat(this.bench.jobs().result(job.id(), String.class)).contains("blue!!");
	}

	@Test
	void whatAMethodPromisesIsWaitedForInside() {
		this.bench.handle("promise", (context, args) -> CompletableFuture.completedFuture("kept"));
		this.bench.intercept(new Noting("it"));
		Job job = this.bench.jobs().enqueue("promise");
		this.bench.worker();
		awaitStatus(job, JobStatus.FINISHED);
		assertThat(this.seen).endsWith("it has run kept");
	}

	@Test
	void whatOneThrowsIsTheFailureOfTheRun() {
		this.bench.intercept(new JobInterceptor() {
			@Override
			public @Nullable Object aroundRun(JobContext context, RunInvocation invocation) {
				throw new IllegalStateException("no tenant");
			}
		});
		Job job = this.bench.jobs().enqueue("tenant");
		this.bench.worker();
		awaitStatus(job, JobStatus.FAILED);
		assertThat(this.bench.jobs().results(job.id()).get(0).exception()).contains("no tenant");
		assertThat(this.seen).isEmpty();
	}

	@Test
	void aJobThatNobodyKnowsIsNotRunAndHasNothingAroundIt() {
		Job job = this.bench.jobs().enqueue("nobody.knows");
		this.bench.intercept(new Noting("it"));
		this.bench.worker();
		awaitStatus(job, JobStatus.FAILED);
		assertThat(this.seen).isEmpty();
	}

	private final class Noting implements JobInterceptor {

		private final String name;

		private Noting(String name) {
			this.name = name;
		}

		@Override
		public List<Job> aroundEnqueue(List<JobRequest> requests, EnqueueInvocation invocation) {
			JobRequest request = requests.get(0);
			note("enqueues " + request.call().function() + " on " + request.target().queue());
			List<Job> jobs = invocation
				.proceed(requests.stream().map((each) -> each.addMeta(Map.of("tenant", "blue"))).toList());
			note("has enqueued " + jobs.get(0).id());
			return jobs;
		}

		@Override
		public @Nullable Object aroundRun(JobContext context, RunInvocation invocation) throws Exception {
			note("runs " + context.function());
			Object result = invocation.proceed();
			note("has run " + result);
			return result + "!";
		}

		private void note(String what) {
			JobInterceptorTests.this.seen.add(this.name + " " + what);
		}

	}

}
