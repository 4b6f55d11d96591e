package io.rq.annotation;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.data.domain.Page;
import org.springframework.data.domain.PageImpl;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.util.ReflectionUtils;

import io.rq.autoconfigure.RqAutoConfiguration;
import io.rq.handler.DeferredValue;
import io.rq.handler.ReturnType;
import io.rq.job.DeclaredType;
import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.job.JobResult;
import io.rq.job.JobStatus;
import io.rq.template.JobTemplate;
import io.rq.test.RedisTest;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Methods that return before their work is done.
 */
@RedisTest
class DeferredJobTests {

	private static final Type NUMBERS = new ParameterizedTypeReference<List<Integer>>() {
	}.getType();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, JacksonAutoConfiguration.class,
				RqAutoConfiguration.class))
		.withUserConfiguration(Application.class)
		.withPropertyValues("spring.data.redis.url=" + TestRedis.shared().url());

	@Test
	void theJobIsOverWhenItsValueIsThere() {
		this.runner.run((context) -> {
			JobTemplate jobs = context.getBean(JobTemplate.class);
			for (String function : List.of("future", "stage", "callable", "supplier", "mono", "asynchronous", "open")) {
				Job job = jobs.enqueue(function);
				ended(jobs, job, JobStatus.FINISHED);
				assertThat(jobs.result(job.id(), Integer.class)).as(function).contains(7);
			}
			for (String function : List.of("flux", "publisher", "flow")) {
				Job job = jobs.enqueue(function);
				ended(jobs, job, JobStatus.FINISHED);
				assertThat(jobs.result(job.id(), List.class)).as(function).contains(List.of(1, 2, 3));
			}
			ended(jobs, jobs.enqueue("empty"), JobStatus.FINISHED);
		});
	}

	@Test
	void itsFailureIsTheFailureOfTheJobAndIsTriedAgain() {
		this.runner.run((context) -> {
			JobTemplate jobs = context.getBean(JobTemplate.class);
			Job future = jobs.enqueue("failingFuture");
			ended(jobs, future, JobStatus.FINISHED);
			assertThat(context.getBean(Jobs.class).attempts).isEqualTo(2);
			for (String function : List.of("failingMono", "failingStage", "failingAsynchronous")) {
				Job job = jobs.enqueue(function);
				ended(jobs, job, JobStatus.FAILED);
				JobResult result = jobs.results(job.id()).get(0);
				assertThat(result.exception()).as(function).startsWith("java.io.IOException: gone");
			}
		});
	}

	@Test
	void whatIsWaitedForIsCancelledAtTheTimeout() {
		this.runner.run((context) -> {
			JobTemplate jobs = context.getBean(JobTemplate.class);
			Jobs bean = context.getBean(Jobs.class);
			Job future = jobs.enqueue(JobRequest.of("endlessFuture").timeout(Duration.ofSeconds(1)));
			Job mono = jobs.enqueue(JobRequest.of("endlessMono").timeout(Duration.ofSeconds(1)));
			ended(jobs, future, JobStatus.FAILED);
			ended(jobs, mono, JobStatus.FAILED);
			assertThat(jobs.results(future.id()).get(0).exception()).contains("JobTimeoutException");
			assertThat(bean.endless).isCancelled();
			assertThat(bean.cancelled.await(10, TimeUnit.SECONDS)).isTrue();
		});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "asyncVoid|it is asynchronous|Remove @Async", "asyncValue|it is asynchronous|CompletableFuture",
					"stream|java.util.stream.Stream|collecting a stream", "iterator|java.util.Iterator|list of values",
					"futureOfStream|java.util.stream.Stream|collecting",
					"futures|contains java.util.concurrent.CompletableFuture|allOf",
					"fluxes|contains reactor.core.publisher.Mono|one future", "input|java.io.InputStream|value",
					"web|DeferredResult|value", "runnable|java.lang.Runnable|value" })
	void whatCannotBeWaitedForIsRefusedAtTheStart(String name, String problem, String remedy) {
		RqJobMethod source = source(Refused.class, name);
		assertThatExceptionOfType(RqJobDefinitionException.class)
			.isThrownBy(() -> new AnnotatedJobReader(source, (value) -> value).read())
			.satisfies((ex) -> {
				assertThat(ex.getProblem()).contains(problem);
				assertThat(ex.getRemedy()).contains(remedy);
			});
	}

	@Test
	void aClassThatIsAsyncIsRefusedToo() {
		RqJobMethod source = source(AsyncClass.class, "work");
		assertThatExceptionOfType(RqJobDefinitionException.class)
			.isThrownBy(() -> new AnnotatedJobReader(source, (value) -> value).read());
	}

	@Test
	void theResultHasTheTypeOfWhatIsWaitedFor() {
		assertThat(ReturnType.result(returns("nested")).getTypeName()).isEqualTo(NUMBERS.getTypeName());
		assertThat(ReturnType.result(returns("flux")).getTypeName()).isEqualTo(NUMBERS.getTypeName());
		assertThat(ReturnType.result(returns("flow")).getTypeName()).isEqualTo(NUMBERS.getTypeName());
		assertThat(ReturnType.result(returns("mono"))).isEqualTo(Integer.class);
		assertThat(ReturnType.result(returns("open"))).isEqualTo(Object.class);
	}

	@ParameterizedTest
	@ValueSource(strings = { "greatest", "node", "greatestLater", "wild" })
	void typesWithBoundsOfThemselvesAreJobs(String name) {
		RqJobMethod source = source(Bounded.class, name);
		assertThat(new AnnotatedJobReader(source, (value) -> value).read()).isNotNull();
		assertThat(ReturnType.result(source.returnType())).isNotNull();
	}

	@Test
	void aSupplierThatIsACollectionIsAValue() throws Exception {
		RqJobMethod source = source(Bounded.class, "page");
		assertThat(new AnnotatedJobReader(source, (value) -> value).read()).isNotNull();
		assertThat(ReturnType.result(source.returnType())).isEqualTo(source.returnType());
		Page<Integer> page = new PageImpl<>(List.of(1));
		assertThat(DeferredValue.await(CompletableFuture.completedFuture(page))).isSameAs(page);
	}

	private static Type returns(String name) {
		return DeclaredType.resolve(source(Jobs.class, name).method().getGenericReturnType(), Jobs.class);
	}

	private static RqJobMethod source(Class<?> type, String name) {
		Method method = Arrays.stream(ReflectionUtils.getDeclaredMethods(type))
			.filter((candidate) -> candidate.getName().equals(name))
			.findFirst()
			.orElseThrow();
		RqJob annotation = RqJobMethod.findAnnotation(method);
		assertThat(annotation).isNotNull();
		return new RqJobMethod("jobs", type, method, annotation);
	}

	private static void ended(JobTemplate jobs, Job job, JobStatus status) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(20))
			.untilAsserted(() -> assertThat(jobs.find(job.id()).orElseThrow().status()).isEqualTo(status));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAsync(proxyTargetClass = true)
	static class Application {

		@Bean
		Jobs deferredJobs() {
			return new Jobs();
		}

		@Bean
		AsyncJobs asyncJobs() {
			return new AsyncJobs();
		}

	}

	static class AsyncJobs {

		@RqJob(name = "asynchronous")
		@Async
		public CompletableFuture<Integer> asynchronous() {
			return CompletableFuture.completedFuture(7);
		}

		@RqJob(name = "failingAsynchronous")
		@Async
		public CompletableFuture<Integer> failingAsynchronous() {
			return CompletableFuture.failedFuture(new IOException("gone"));
		}

	}

	static class Jobs {

		final CompletableFuture<Integer> endless = new CompletableFuture<>();

		final CountDownLatch cancelled = new CountDownLatch(1);

		volatile int attempts;

		@RqJob(name = "future")
		Future<Integer> future() {
			return CompletableFuture.supplyAsync(() -> 7, CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS));
		}

		@RqJob(name = "stage")
		CompletionStage<Integer> stage() {
			return CompletableFuture.completedStage(7);
		}

		@RqJob(name = "callable")
		Callable<Integer> callable() {
			return () -> 7;
		}

		@RqJob(name = "supplier")
		Supplier<CompletableFuture<Integer>> supplier() {
			return () -> CompletableFuture.completedFuture(7);
		}

		@RqJob(name = "mono")
		Mono<Integer> mono() {
			return Mono.just(7).delayElement(Duration.ofMillis(50));
		}

		@RqJob(name = "empty")
		Mono<Void> empty() {
			return Mono.empty();
		}

		@RqJob(name = "open")
		Object open() {
			return CompletableFuture.completedFuture(7);
		}

		@RqJob(name = "flux")
		Flux<Integer> flux() {
			return Flux.just(1, 2, 3);
		}

		@RqJob(name = "publisher")
		Publisher<Integer> publisher() {
			return Flux.just(1, 2, 3);
		}

		@RqJob(name = "flow")
		Flow.Publisher<Integer> flow() {
			return reactor.adapter.JdkFlowAdapter.publisherToFlowPublisher(Flux.just(1, 2, 3));
		}

		@RqJob(name = "nested")
		CompletableFuture<Callable<List<Integer>>> nested() {
			return CompletableFuture.completedFuture(() -> List.of(7));
		}

		@RqJob(name = "failingFuture", retries = 1)
		CompletableFuture<Integer> failingFuture() {
			this.attempts++;
			return (this.attempts == 1) ? CompletableFuture.failedFuture(new IOException("gone"))
					: CompletableFuture.completedFuture(7);
		}

		@RqJob(name = "failingMono")
		Mono<Integer> failingMono() {
			return Mono.error(new IOException("gone"));
		}

		@RqJob(name = "failingStage")
		CompletionStage<Integer> failingStage() {
			return CompletableFuture.<Integer>failedFuture(new IOException("gone")).thenApply((value) -> value + 1);
		}

		@RqJob(name = "endlessFuture")
		CompletableFuture<Integer> endlessFuture() {
			return this.endless;
		}

		@RqJob(name = "endlessMono")
		Mono<Integer> endlessMono() {
			return Mono.<Integer>never().doOnCancel(this.cancelled::countDown);
		}

	}

	static class Refused {

		@RqJob
		@Async
		void asyncVoid() {
		}

		@RqJob
		@Async
		int asyncValue() {
			return 1;
		}

		@RqJob
		Stream<Integer> stream() {
			return Stream.of(1);
		}

		@RqJob
		Iterator<Integer> iterator() {
			return List.of(1).iterator();
		}

		@RqJob
		CompletableFuture<Stream<Integer>> futureOfStream() {
			return new CompletableFuture<>();
		}

		@RqJob
		List<CompletableFuture<Integer>> futures() {
			return List.of();
		}

		@RqJob
		List<Mono<Integer>> fluxes() {
			return List.of();
		}

		@RqJob
		java.io.InputStream input() {
			return java.io.InputStream.nullInputStream();
		}

		@RqJob
		org.springframework.web.context.request.async.DeferredResult<Integer> web() {
			return new org.springframework.web.context.request.async.DeferredResult<>();
		}

		@RqJob
		Runnable runnable() {
			return () -> {
			};
		}

	}

	static class Node<T extends Node<T>> {

	}

	@SuppressWarnings("rawtypes")
	static class Bounded {

		@RqJob
		<T extends Comparable<T>> T greatest(List<String> names) {
			throw new UnsupportedOperationException();
		}

		@RqJob
		Node node() {
			return new Node();
		}

		@RqJob
		<T extends Comparable<T>> CompletableFuture<T> greatestLater() {
			return new CompletableFuture<>();
		}

		@RqJob
		<N extends List<? extends Comparable<? extends N>>> List<N> wild() {
			return List.of();
		}

		@RqJob
		Page<Integer> page() {
			return Page.empty();
		}

	}

	@Async
	static class AsyncClass {

		@RqJob
		void work() {
		}

	}

}
