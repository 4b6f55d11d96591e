package io.rq.autoconfigure;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.EventListener;

import io.rq.annotation.RqJob;
import io.rq.event.JobEnqueuedEvent;
import io.rq.event.JobFailedEvent;
import io.rq.event.JobFinishedEvent;
import io.rq.event.JobRetriedEvent;
import io.rq.event.JobStartedEvent;
import io.rq.event.JobStoppedEvent;
import io.rq.event.RqEvent;
import io.rq.event.SchedulerLeadershipEvent;
import io.rq.handler.JobContext;
import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.job.Retry;
import io.rq.template.JobOperations;
import io.rq.test.RedisTest;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the events of jobs and schedulers in an application.
 */
@RedisTest
@ExtendWith(OutputCaptureExtension.class)
class RqEventTests {

	private final ApplicationContextRunner runner;

	RqEventTests(TestRedis redis) {
		this.runner = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, JacksonAutoConfiguration.class,
					RqAutoConfiguration.class))
			.withBean(Jobs.class)
			.withPropertyValues("spring.data.redis.url=" + redis.url(), "rq.worker.queues=default");
	}

	@Test
	void eachStepOfARunIsToldInItsOrder() {
		this.runner.withBean(Everything.class).run((context) -> {
			JobOperations jobs = context.getBean(JobOperations.class);
			Everything told = context.getBean(Everything.class);
			Job job = jobs.enqueue(JobRequest.of("fails.once").retry(Retry.max(1)));
			List<RqEvent> events = List.of(told.nextOf(job), told.nextOf(job), told.nextOf(job), told.nextOf(job));
			assertThat(of(events, 1)).satisfiesExactly((event) -> assertThat(event).isInstanceOf(JobStartedEvent.class),
					(event) -> assertThat(event).isInstanceOfSatisfying(JobRetriedEvent.class,
							(retried) -> assertThat(retried.failure()).hasMessage("once")));
			assertThat(of(events, 2)).satisfiesExactly((event) -> assertThat(event).isInstanceOf(JobStartedEvent.class),
					(event) -> assertThat(event).isInstanceOfSatisfying(JobFinishedEvent.class,
							(finished) -> assertThat(finished.run().function()).isEqualTo("fails.once")));
			Awaitility.await().until(() -> told.enqueued.contains(job.id()));
			Awaitility.await().until(() -> told.leading.contains("default"));
		});
	}

	/** The end of an attempt is told beside the start of the next. */
	private static List<RqEvent> of(List<RqEvent> events, int attempt) {
		return events.stream().filter((event) -> event.toString().contains("attempt=" + attempt)).toList();
	}

	@Test
	void theLastFailureAndAStopAreTold() {
		this.runner.withBean(Everything.class).run((context) -> {
			JobOperations jobs = context.getBean(JobOperations.class);
			Everything told = context.getBean(Everything.class);
			Job failing = jobs.enqueue("fails");
			assertThat(told.nextOf(failing)).isInstanceOf(JobStartedEvent.class);
			assertThat(told.nextOf(failing)).isInstanceOf(JobFailedEvent.class);
			Job endless = jobs.enqueue("endless");
			assertThat(told.nextOf(endless)).isInstanceOf(JobStartedEvent.class);
			assertThat(jobs.stop(endless.id())).isTrue();
			assertThat(told.nextOf(endless)).isInstanceOf(JobStoppedEvent.class);
		});
	}

	@Test
	void aListenerMayCloseTheApplication() {
		this.runner.withBean(Closing.class).run((context) -> {
			context.getBean(JobOperations.class).enqueue("endless.not");
			Closing closing = context.getBean(Closing.class);
			assertThat(closing.closed.get(30, TimeUnit.SECONDS)).as("interrupted").isFalse();
		});
	}

	@Test
	void aListenerThatThrowsHindersNoJobAndNoOtherEvent(CapturedOutput output) {
		this.runner.withBean(Throwing.class).withBean(Everything.class).run((context) -> {
			Job job = context.getBean(JobOperations.class).enqueue("endless.not");
			Everything told = context.getBean(Everything.class);
			assertThat(told.nextOf(job)).isInstanceOf(JobStartedEvent.class);
			assertThat(told.nextOf(job)).isInstanceOf(JobFinishedEvent.class);
			Awaitility.await()
				.untilAsserted(() -> assertThat(output).contains("A listener to JobEnqueuedEvent has failed"));
		});
	}

	@Test
	void whereOnlyListenersToAnythingAreThereNothingIsPublished() {
		this.runner.withBean(Anything.class).run((context) -> {
			JobOperations jobs = context.getBean(JobOperations.class);
			Job job = jobs.enqueue("endless.not");
			Awaitility.await().until(() -> jobs.latestResult(job.id()).isPresent());
			assertThat(context.getBean(Anything.class).heard).noneMatch(RqEvent.class::isInstance).isNotEmpty();
			assertThat(Thread.getAllStackTraces().keySet())
				.noneMatch((thread) -> thread.getName().startsWith("rq-events"));
		});
	}

	static class Jobs {

		private final Map<String, Boolean> failed = new ConcurrentHashMap<>();

		@RqJob(name = "fails.once")
		void failsOnce(JobContext context) {
			if (this.failed.put(context.job().id(), true) == null) {
				throw new IllegalStateException("once");
			}
		}

		@RqJob(name = "fails")
		void fails() {
			throw new IllegalStateException("always");
		}

		@RqJob(name = "endless")
		void endless() throws InterruptedException {
			new CountDownLatch(1).await();
		}

		@RqJob(name = "endless.not")
		void ends() {
		}

	}

	static class Everything {

		private final BlockingQueue<RqEvent> events = new LinkedBlockingQueue<>();

		private final List<String> enqueued = new CopyOnWriteArrayList<>();

		private final List<String> leading = new CopyOnWriteArrayList<>();

		@EventListener
		void told(RqEvent event) {
			if (event instanceof SchedulerLeadershipEvent leadership) {
				this.leading.add(leadership.queue());
			}
			else if (event instanceof JobEnqueuedEvent enqueued) {
				this.enqueued.add(enqueued.job().id());
			}
			else {
				this.events.add(event);
			}
		}

		RqEvent nextOf(Job job) throws InterruptedException {
			RqEvent event = Objects.requireNonNull(this.events.poll(30, TimeUnit.SECONDS), "no event");
			assertThat(event.toString()).contains(job.id());
			return event;
		}

	}

	static class Throwing {

		@EventListener
		void told(JobEnqueuedEvent event) {
			throw new IllegalStateException("of no use");
		}

	}

	static class Anything {

		private final List<Object> heard = new CopyOnWriteArrayList<>();

		@EventListener
		void told(Object event) {
			this.heard.add(event);
		}

	}

	static class Closing {

		private final CompletableFuture<Boolean> closed = new CompletableFuture<>();

		private final ConfigurableApplicationContext context;

		Closing(ConfigurableApplicationContext context) {
			this.context = context;
		}

		@EventListener
		void finished(JobFinishedEvent event) {
			this.context.close();
			this.closed.complete(Thread.currentThread().isInterrupted());
		}

	}

}
